"""Checks by many trees."""

import json
import unittest

from command import CP, CP_SHAPES, CommandTest


class Check(CommandTest):
    def check(self, *words):
        return json.loads(self.succeed("check", *words, "--json"))

    def test_counts_of_trees(self):
        for operands, trees in ((1, 1), (2, 1), (3, 3), (4, 15), (5, 105)):
            network = [",".join("ab" for _ in range(operands)) + "->a", *["3x2"] * operands]
            for option, expected in (([], trees), (["--trees=all"], trees), (["--trees=2"], min(2, trees))):
                result = self.check(*network, *option)
                self.assertEqual((result["passed"], result["trees"]), (True, expected))

    def test_every_tree_is_printed(self):
        lines = self.succeed("check", CP, *CP_SHAPES).splitlines()
        self.assertEqual(len(lines), 4)
        self.assertTrue(lines[-1].startswith("passed: 3 trees"))
        self.assertEqual(sum(line.startswith("ok") for line in lines), 3)

    def test_fills(self):
        every = ["mixed signs", "one sign", "ascending", "descending", "largest", "smallest"]
        for dtype in ("f32", "f64", "f16", "bf16", "complex<f32>", "complex<f64>"):
            result = self.check(CP, *CP_SHAPES, "--dtype=" + dtype)
            self.assertEqual((result["passed"], result["fills"]), (True, every))
            self.assertIn(result["worst_fill"], every)
        self.assertEqual(self.check(CP, *CP_SHAPES, "--dtype=i32")["fills"], every[:1])
        # Products of twelve numbers that are sorted, or near an end, leave the range of f16.
        many = [",".join(["i"] * 12) + "->i", *["3"] * 12, "--trees=2"]
        self.assertEqual(self.check(*many)["fills"], every)
        self.assertEqual(self.check(*many, "--dtype=f16")["fills"], ["mixed signs", "one sign", "largest", "smallest"])
        # Of magnitudes from 0.5 to 1, products of eighty would vanish.
        eighty = [",".join(["i"] * 80) + "->i", *["3"] * 80, "--trees=2"]
        self.assertEqual(self.check(*eighty, "--dtype=f16")["passed"], True)
        # No fill is begun after 1e9 products of the definition.
        self.assertEqual(self.check("ij,jk->ik", "1000x600", "600x1000")["fills"], every[:2])
        for line in self.succeed("check", CP, *CP_SHAPES).splitlines():
            self.assertTrue(any(fill in line for fill in every), line)

    def test_long_sums_of_every_fill(self):
        for dtype in ("f32", "f64", "f16", "bf16", "complex<f32>", "complex<f64>"):
            for equation, shapes in (("nc,nc->c", ["1048576x2"] * 2), ("nc,c->", ["300000x3", "3"]),
                                     ("ik,jk->ij", ["3x70001", "2x70001"])):
                with self.subTest(dtype=dtype, equation=equation):
                    self.assertTrue(self.check(equation, *shapes, "--dtype=" + dtype)["passed"])

    def test_bounds(self):
        for dtype, low, high in (("f64", 1e-16, 1e-13), ("f32", 1e-8, 1e-5), ("bf16", 1e-3, 1e-1), ("i32", -1, 0)):
            result = self.check(CP, *CP_SHAPES, "--dtype=" + dtype)
            self.assertTrue(result["passed"])
            self.assertLessEqual(result["max_error"], result["bound"])
            self.assertTrue(low < result["bound"] <= high, result)

    def test_empty_results_pass(self):
        result = self.check("ij,jk->ik", "0x3", "3x2")
        self.assertEqual((result["passed"], result["max_error"], result["bound"]), (True, 0, 0))

    def test_too_much_work_is_refused(self):
        self.assertIn("too large", self.refuse("check", "ij,jk->ik", "5000x5000", "5000x5000"))

    def test_kernels_that_run_backwards_along_lanes(self):
        case = {"expr": "yz,y,cabx,xfz,xy->fzbcyxa|xyz", "shapes": [[7, 6], [1], [3, 2, 3, 7], [2, 2, 3], [3, 2]],
                "conv_modes": {"y": {"stride": 3, "padding": [1, 2]}, "x": {"padding": "full", "flip": True}}}
        self.assertTrue(self.batch("check", [case], "--trees=10")[0]["passed"])


if __name__ == "__main__":
    unittest.main()
