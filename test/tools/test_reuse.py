"""Caches of plans, and the form that other planners read."""

import json
import os
import pathlib
import subprocess
import unittest

import numpy as np

from command import COMMAND, CP, CP_SHAPES, CommandTest

FOREIGN = {"inputs": [["a", "b"], ["b", "c"], ["c", "d"]], "output": ["a", "d"],
           "size_dict": {"a": 2, "b": 3, "c": 4, "d": 5}}


def without_times(plan):
    return {key: value for key, value in plan.items() if key not in ("planning_seconds", "cached")}


class Cache(CommandTest):
    def plan(self, *words, network=(CP, *CP_SHAPES)):
        return json.loads(self.succeed("plan", *network, "--json", *words))

    def test_the_second_plan_is_a_hit(self):
        option = "--cache=" + self.path("plans")
        first, second = self.plan(option), self.plan(option)
        self.assertEqual((first["cached"], second["cached"]), (False, True))
        self.assertEqual(without_times(first), without_times(second))
        self.assertNotIn("cached", self.plan())
        self.assertIn("optimal, from the cache, planned in", self.succeed("plan", CP, *CP_SHAPES, option))
        names = os.listdir(self.path("plans"))
        names.remove("llvmcache.timestamp")
        self.assertTrue(all(name.startswith("llvmcache-") and name.endswith(".cvnplan") for name in names), names)

    def test_isomorphic_networks_are_hits(self):
        option = "--cache=" + self.path("plans")
        first = self.plan(option)
        second = self.plan(option, network=("xz,xm,kzm->kxm|m", "3x4", "3x3", "2x4x8", "--conv=m:feature=2"))
        self.assertEqual((second["cached"], second["value"]), (True, first["value"]))

    def test_environment(self):
        environment = {**os.environ, "CONVEINSUM_CACHE_DIR": self.path("plans")}
        words = [COMMAND, "plan", CP, *CP_SHAPES, "--json"]
        for expected in (False, True):
            plan = json.loads(subprocess.run(words, env=environment, capture_output=True, check=True).stdout)
            self.assertEqual(plan["cached"], expected)
        # The option wins.
        other = [*words, "--cache=" + self.path("others")]
        self.assertFalse(json.loads(subprocess.run(other, env=environment, capture_output=True, check=True).stdout)["cached"])
        self.assertEqual(self.files(), ["others", "plans"])

    def test_run_and_compile(self):
        option = "--cache=" + self.path("plans")
        self.succeed("compile", CP, *CP_SHAPES, "--emit=planned", "-o", self.path("a.mlir"), option)
        self.assertTrue(self.plan(option)["cached"])
        paths = []
        for position, shape in enumerate(((2, 4, 8), (3, 4), (3, 3))):
            paths.append(self.path(f"{position}.npy"))
            np.save(paths[-1], np.ones(shape, "f4"))
        self.succeed("run", CP, *paths, "-o", self.path("y.npy"), option)

    def test_folders_that_are_none(self):
        pathlib.Path(self.path("file")).write_text("", encoding="utf-8")
        for folder in (self.path("file"), self.path("file/below"), ""):
            self.assertIn("expected --cache to be a folder, got '" + folder,
                          self.refuse("plan", CP, *CP_SHAPES, "--cache=" + folder))

    def test_lines_of_a_batch_stand_alone(self):
        cases = [{"expr": CP, "shapes": [[2, 4, 8], [3, 4], [3, 3]]},
                 {"expr": "rh,rs,bsh->brh|h", "shapes": [[3, 3], [3, 4], [2, 4, 8]],
                  "conv_modes": {"h": {"feature_operand": 2}}}]
        alone = [without_times(self.batch("plan", [case])[0]) for case in cases]
        together = [without_times(plan) for plan in self.batch("plan", [*cases, *cases])]
        self.assertEqual(together, [*alone, *alone])


class Interchange(CommandTest):
    def plan(self, network, *words):
        return json.loads(self.succeed("plan", "--case=-", "--json", *words, stdin=json.dumps(network)))

    def test_import(self):
        plan = self.plan(FOREIGN)
        self.assertEqual((plan["equation"], plan["shapes"]), ("ab,bc,cd->ad", [[2, 3], [3, 4], [4, 5]]))
        shapes = {key: FOREIGN[key] for key in ("inputs", "output")} | {"shapes": plan["shapes"]}
        self.assertEqual(without_times(self.plan(shapes)), without_times(plan))

    def test_a_path_pins_the_order(self):
        plan = self.plan({**FOREIGN, "path": [[1, 2], [0, 1]]})
        self.assertEqual((plan["proof"], plan["tree"]), ("pinned", [0, [1, 2]]))
        self.assertIn("the order is given twice", self.refuse("plan", "--case=-", "--tree=((0,1),2)",
                                                               stdin=json.dumps({**FOREIGN, "path": [[1, 2], [0, 1]]})))

    def test_keys_of_cases_beside(self):
        plan = self.plan({**FOREIGN, "name": "ring", "dtype": "f64", "gradients": [0]})
        self.assertEqual((plan["name"], plan["dtype"], plan["gradients"]), ("ring", "f64", [0]))
        plan = self.batch("plan", [{**FOREIGN, "name": "ring"}])[0]
        self.assertEqual(plan["name"], "ring")

    def test_refusals(self):
        for broken in ({**FOREIGN, "size_dict": {"a": 2}}, {**FOREIGN, "frobnicate": 1}, {**FOREIGN, "output": "ad"},
                       {**FOREIGN, "path": [[0, 9]]}, {"inputs": [["a"]]}, {"size_dict": {}}):
            self.refuse("plan", "--case=-", stdin=json.dumps(broken))

    def test_export_is_read_back(self):
        text = self.succeed("plan", "--case=-", "--export=cotengra", stdin=json.dumps(FOREIGN))
        exported = json.loads(text)
        for key, value in FOREIGN.items():
            self.assertEqual(exported[key], value)
        plan = self.plan(FOREIGN)
        self.assertEqual(exported["path"], [sorted(pair) for pair in plan["path"]])
        again = self.plan(exported)
        self.assertEqual((again["tree"], again["value"]), (plan["tree"], plan["value"]))

    def test_export_refusals(self):
        self.assertIn("expected --export to be cotengra, got 'dot'", self.refuse("plan", "ij,jk", "2x3", "3x4", "--export=dot"))
        self.refuse("plan", CP, *CP_SHAPES, "--export=cotengra")
        self.assertIn("expected one output format, got --json and --export",
                      self.refuse("plan", "ij,jk", "2x3", "3x4", "--export=cotengra", "--json"))


if __name__ == "__main__":
    unittest.main()
