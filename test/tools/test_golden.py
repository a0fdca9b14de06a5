"""Every case of golden.json along every tree, in every element type."""

import unittest

from command import CommandTest, data

CASES = [{key: case[key] for key in ("name", "expr", "shapes", "conv_modes", "out_shape") if key in case}
         for case in data("golden.json")["cases"]]


class Golden(CommandTest):
    def check_all_trees(self, dtype):
        results = self.batch("check", CASES, "--dtype=" + dtype, "--trees=all")
        for case, result in zip(CASES, results):
            with self.subTest(name=case["name"], dtype=dtype):
                self.assertEqual(result["name"], case["name"])
                self.assertTrue(result["passed"], result)
                self.assertLessEqual(result["max_error"], result["bound"])
                if dtype == "f64":
                    self.assertLessEqual(result["max_error"], 1e-9)


def add_test(dtype):
    name = "test_" + dtype.replace("<", "_").replace(">", "")
    setattr(Golden, name, lambda self: self.check_all_trees(dtype))


for element_type in ("f64", "f32", "f16", "bf16", "complex<f32>", "complex<f64>", "i8", "i16", "i32", "i64"):
    add_test(element_type)

if __name__ == "__main__":
    unittest.main()
