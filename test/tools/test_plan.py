"""Plans: the documented object, ways to pin an order, pictures, batches."""

import json
import subprocess
import unittest
import xml.dom.minidom

from command import COMMAND, CP, CP_SHAPES, CommandTest


def unordered(tree):
    """A tree in which the two sides of a step have no order."""
    return tree if isinstance(tree, int) else frozenset(map(unordered, tree))


class Plan(CommandTest):
    def plan(self, *words):
        return json.loads(self.succeed("plan", CP, *CP_SHAPES, "--json", *words))

    def test_documented_object(self):
        expected = {
            "name": None, "equation": CP, "shapes": [[2, 4, 8], [3, 4], [3, 3]], "result_shape": [2, 3, 8],
            "path": [[0, 1], [0, 1]], "ssa_path": [[0, 1], [3, 2]], "tree": [[0, 1], 2],
            "macs": {"exact": 324, "dense": 336}, "largest_intermediate": 48, "written": 96, "proof": "optimal",
            "steps": [{"inputs": [0, 1], "result": 3, "equation": "bsh,rs->brh", "kind": "contraction",
                       "macs": {"exact": 192, "dense": 192}, "shape": [2, 3, 8]},
                      {"inputs": [3, 2], "result": 4, "equation": "brh,rh->brh|h", "kind": "depthwise",
                       "macs": {"exact": 132, "dense": 144}, "shape": [2, 3, 8]}]}
        plan = self.plan()
        for key, value in expected.items():
            if key == "path":  # the two positions of a pair have no order
                self.assertEqual([sorted(pair) for pair in plan[key]], value)
            else:
                self.assertEqual(plan[key], value, key)
        self.assertGreaterEqual(plan["planning_seconds"], 0)

    def test_pinned_orders(self):
        tree = [[0, 2], 1]
        for words in (["--tree=((0,2),1)"], ["--path=(0,2),(0,1)"], ["--ssa-path=(0,2),(3,1)"]):
            plan = self.plan(*words)
            self.assertEqual(unordered(plan["tree"]), unordered(tree), words)
            self.assertEqual(plan["proof"], "pinned")
        for pin in ({"tree": tree}, {"path": [[0, 2], [0, 1]]}):
            case = {"name": "pinned", "expr": CP, "shapes": [[2, 4, 8], [3, 4], [3, 3]], **pin}
            plan = self.batch("plan", [case])[0]
            self.assertEqual(unordered(plan["tree"]), unordered(tree))
            self.assertEqual((plan["name"], plan["proof"]), ("pinned", "pinned"))
        self.assertEqual(self.plan("--planner=left")["tree"], [[0, 1], 2])
        self.assertEqual(self.plan("--planner=rebuild")["tree"], [0, [1, 2]])

    def test_an_order_is_given_once(self):
        case = json.dumps({"expr": CP, "shapes": [[2, 4, 8], [3, 4], [3, 3]], "tree": [[0, 1], 2]})
        self.refuse("plan", "--case=-", "--planner=left", stdin=case)
        self.succeed("plan", "--case=-", "--json", stdin=case)

    def test_geometry(self):
        plan = self.plan("--conv=h:stride=2,padding=valid")
        self.assertEqual(plan["result_shape"], [2, 3, 3])
        case = {"expr": CP, "shapes": [[2, 4, 8], [3, 4], [3, 3]], "conv_modes": {"h": {"stride": 2, "padding": "valid"}}}
        self.assertEqual(self.batch("plan", [case])[0]["steps"], plan["steps"])
        self.refuse("plan", "--case=-", "--conv=h:stride=2", stdin=json.dumps(case))

    def test_one_operand(self):
        plan = json.loads(self.succeed("plan", "iij->ji", "3x3x4", "--json"))
        for key, value in {"path": [], "ssa_path": [], "steps": [], "tree": 0, "macs": {"exact": 0, "dense": 0}}.items():
            self.assertEqual(plan[key], value)

    def test_large_counts_are_digits(self):
        plan = json.loads(self.succeed("plan", "i,j,k->ijk", *["1000000000"] * 3, "--json"))
        self.assertEqual(plan["macs"]["exact"], str(10**27 + 10**18))

    def test_table_and_pictures(self):
        table = self.succeed("plan", CP, *CP_SHAPES)
        for word in ("depthwise", "contraction", CP):
            self.assertIn(word, table)
        self.assertNotIn("\x1b", table)
        self.assertTrue(self.succeed("plan", CP, *CP_SHAPES, "--dot").startswith("digraph"))
        self.assertEqual(self.succeed("plan", CP, *CP_SHAPES, "--svg=" + self.path("plan.svg")), "")
        xml.dom.minidom.parse(self.path("plan.svg"))
        self.refuse("plan", CP, *CP_SHAPES, "--svg=" + self.path("no/plan.svg"))

    def test_batch_answers_line_by_line(self):
        with subprocess.Popen([COMMAND, "plan", "--batch=-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
            for name in ("first", "second"):
                case = {"name": name, "expr": "ij,jk->ik", "shapes": [[2, 3], [3, 4]]}
                process.stdin.write(json.dumps(case).encode() + b"\n")
                process.stdin.flush()
                self.assertEqual(json.loads(process.stdout.readline())["name"], name)
            process.stdin.close()
            self.assertEqual(process.wait(timeout=60), 0)

    def test_more_operands_than_the_exact_search_takes(self):
        network = [",".join("ab" for _ in range(40)) + "->a", *["2x3"] * 40]
        self.assertIn("--planner=left", self.refuse("plan", *network))
        self.succeed("plan", *network, "--planner=left")


if __name__ == "__main__":
    unittest.main()
