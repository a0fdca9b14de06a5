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
