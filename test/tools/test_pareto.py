"""Fronts of training: what is kept, what it costs, and picking a point."""

import json
import unittest
import xml.dom.minidom

from command import CP, CP_SHAPES, CommandTest, data

TTLINEAR = ["bxyzo,xui,iyvj,jzck,kod->buvcd", "512x4x8x8x4", "4x4x16", "16x8x8x16", "16x8x8x16", "16x4x4"]
CP128 = ["bshw,rt,rs,rh,rw->bthw|hw", "128x128x28x28", "56x128", "56x128", "56x3", "56x3"]


class Pareto(CommandTest):
    def front(self, *words):
        return json.loads(self.succeed("pareto", *words, "--json"))

    def test_documented_fronts(self):
        """The tables of docs/Training.md."""
        front = self.front(*TTLINEAR)
        self.assertEqual((front["scope"], front["exact"], front["gradients"]), ("all trees", True, [0, 1, 2, 3, 4]))
        self.assertEqual([(point["kept"], point["macs"]) for point in front["front"]],
                         [(0, 1679818752), (16384, 1679556608), (32768, 1679294464), (1048576, 1663041536),
                          (1064960, 1662779392), (1081344, 1662517248), (8388608, 1612709888), (8404992, 1612447744),
                          (8421376, 1612185600)])
        front = self.front(*CP128)["front"]
        self.assertEqual([(point["kept"], point["macs"]) for point in front],
                         [(0, 5166923776), (5619712, 4447600640), (11239424, 4431142912), (16859136, 4414685184)])
        point = front[1]
        self.assertEqual((point["kept_bytes"], point["forward_peak"], point["backward_peak"]),
                         (22478848, 67436544, 67436544))
        self.assertEqual(len(point["kept_values"]) + len(point["recomputed_values"]), 3)
        self.assertAlmostEqual(point["ratio"], 4447600640 / 4414685184)

    def test_documented_object(self):
        front = self.front(CP, *CP_SHAPES)
        self.assertEqual((front["name"], front["equation"], front["shapes"]), (None, CP, [[2, 4, 8], [3, 4], [3, 3]]))
        for point in front["front"]:
            self.assertEqual(set(point), {"kept", "kept_bytes", "macs", "written", "forward_peak", "backward_peak",
                                          "kept_values", "recomputed_values", "ratio", "path", "ssa_path", "tree"})
        kept = [point["kept"] for point in front["front"]]
        macs = [point["macs"] for point in front["front"]]
        self.assertEqual((kept, macs), (sorted(set(kept)), sorted(set(macs), reverse=True)))
        self.assertNotIn("picked", front)

    def test_the_end_is_the_stored_optimum(self):
        networks = [entry for entry in data("networks.json")["networks"]
                    if entry["n"] <= 8 and "train_all_grads_macs" in entry.get("optimum", {})]
        self.assertGreater(len(networks), 20)
        for entry, front in zip(networks, self.batch("pareto", networks)):
            with self.subTest(name=entry["name"]):
                self.assertEqual(front["name"], entry["name"])
                self.assertEqual(int(front["front"][-1]["macs"]), entry["optimum"]["train_all_grads_macs"])

    def test_one_tree(self):
        tree = self.front(*TTLINEAR, "--tree=((0,(1,2)),(3,4))")
        self.assertEqual((tree["scope"], tree["front"][0]["macs"]), ("one tree", 1881145344))
        for words in (["--path=(0,1),(0,1)"], ["--ssa-path=(0,1),(3,2)"], ["--planner=left"]):
            front = self.front(CP, *CP_SHAPES, *words)
            self.assertEqual(front["scope"], "one tree")
            self.assertIn(front["front"][0]["tree"], ([[0, 1], 2], [2, [0, 1]]))
        # More operands than the search over all trees takes.
        chain = [",".join(f"(m{k})(m{k + 1})" for k in range(20)) + "->(m0)(m20)", *["4x4"] * 20]
        self.assertEqual(self.front(*chain)["scope"], "one tree")
        self.refuse("pareto", *chain, "--planner=exact")

    def test_gradients_and_constants(self):
        self.assertEqual(self.front(CP, *CP_SHAPES, "--gradients=2,1")["gradients"], [1, 2])
        front = self.front(CP, *CP_SHAPES, "--constants=2")
        self.assertEqual((front["gradients"], front["constants"]), ([0, 1], [2]))
        case = {"expr": CP, "shapes": [[2, 4, 8], [3, 4], [3, 3]], "gradients": []}
        front = self.batch("pareto", [case])[0]
        self.assertEqual((front["gradients"], len(front["front"])), ([], 1))
        self.refuse("pareto", CP, *CP_SHAPES, "--gradients=5")
        self.assertIn("expected floating or complex operands to have gradients, got i32",
                      self.refuse("pareto", CP, *CP_SHAPES, "--dtype=i32"))

    def test_counts_and_types(self):
        exact, dense = (self.front(CP, *CP_SHAPES, "--count=" + count) for count in ("exact", "dense"))
        self.assertLess(exact["front"][-1]["macs"], dense["front"][-1]["macs"])
        wide = self.front(CP, *CP_SHAPES, "--dtype=f64")["front"][-1]
        self.assertEqual(wide["kept_bytes"], 8 * wide["kept"])

    def test_picking(self):
        for limit, picked in (("0", 0), ("22478847", 0), ("22478848", 1), ("24MiB", 1), ("1GiB", 3)):
            front = self.front(*CP128, "--keep=" + limit)
            self.assertEqual(front["picked"], picked, limit)
        self.assertEqual(front["limit"], 1 << 30)
        table = self.succeed("pareto", *CP128, "--keep=24MiB")
        self.assertIn("point 1, the cheapest that keeps at most 24.00 MiB", table)
        self.assertIn("> 1", table)
        self.assertIn("expected --keep to be a size such as 2GiB, got 'much'",
                      self.refuse("pareto", *CP128, "--keep=much"))

    def test_table(self):
        table = self.succeed("pareto", *CP128, "--width=120")
        for part in ("4 points of all trees, exact", "4447600640", "1.007", "((((0,2),3),4),1)", "{0,2} {0,2,3,4}", "none"):
            self.assertIn(part, table)
        self.assertNotIn("\x1b", table)

    def test_drawing(self):
        self.assertEqual(self.succeed("pareto", *CP128, "--keep=24MiB", "--svg=" + self.path("front.svg")), "")
        xml.dom.minidom.parse(self.path("front.svg"))
        self.assertIn("<svg", self.succeed("pareto", "ij->ji", "2x3", "--svg=-"))
        self.refuse("pareto", *CP128, "--svg=" + self.path("no/front.svg"))
        self.assertIn("expected one output format, got --json and --svg",
                      self.refuse("pareto", *CP128, "--json", "--svg=-"))

    def test_small_networks(self):
        for network in (["ij->ji", "2x3"], ["ij,jk->ik", "2x3", "3x4"]):
            front = self.front(*network)
            self.assertEqual([point["kept"] for point in front["front"]], [0])
        self.succeed("pareto", "ij->ji", "2x3")

    def test_options_of_other_commands(self):
        for option in ("--minimize=time", "--target=gpu", "--dot", "--against=0", "--memory-limit=1"):
            self.refuse("pareto", CP, *CP_SHAPES, option, code=2)


class Keep(CommandTest):
    """`plan --keep`."""

    def plan(self, *words):
        return json.loads(self.succeed("plan", *words, "--json"))

    def test_the_plan_is_the_picked_point(self):
        front = json.loads(self.succeed("pareto", *TTLINEAR, "--json"))["front"]
        for index in (0, 3, 6, 8):
            point = front[index]
            plan = self.plan(*TTLINEAR, "--gradients=all", f"--keep={point['kept_bytes']}")
            training = plan["training"]
            self.assertEqual(plan["tree"], point["tree"])
            for key in ("kept", "kept_bytes", "macs", "forward_peak", "backward_peak", "kept_values", "recomputed_values"):
                self.assertEqual(training[key], point[key])
            self.assertTrue(training["optimal"])
            self.assertEqual(plan["proof"], "optimal" if plan["value"] == front[-1]["macs"] else "best-found")
            self.assertEqual(plan["lower_bound"], front[-1]["macs"])

    def test_a_pinned_order(self):
        plan = self.plan(*TTLINEAR, "--gradients=all", "--keep=0", "--tree=((0,(1,2)),(3,4))")
        self.assertEqual((plan["proof"], plan["training"]["macs"], plan["training"]["optimal"]),
                         ("pinned", 1881145344, False))

    def test_table(self):
        table = self.succeed("plan", *CP128, "--gradients=all", "--keep=24MiB")
        for part in ("Keep limit:  24.00 MiB, no tree trains with fewer MACs within it", "Kept:  5619712 (5.620 M) elements",
                     "Recomputed:  {0,2,3} {0,2,3,4}", "Training MAC count:  4447600640", "Training peaks:  forward"):
            self.assertIn(part, table)

    def test_refusals(self):
        for words, message in ((["--keep=1"], "expected operands that need a gradient beside --keep, got none"),
                               (["--keep=1", "--gradients=all", "--minimize=time"],
                                "expected --minimize to be flops beside --keep, got 'time'"),
                               (["--keep=1", "--gradients=all", "--memory-limit=1"],
                                "expected one of --keep and --memory-limit, got both"),
                               (["--keep=all", "--gradients=all"], "expected --keep to be a size such as 2GiB")):
            self.assertIn(message, self.refuse("plan", CP, *CP_SHAPES, *words))


if __name__ == "__main__":
    unittest.main()
