"""Limits on memory, slices, and ranges of sizes."""

import ctypes
import json
import unittest
from random import Random

import numpy as np

from command import CommandTest, call

CHAIN = ["ab,bc,cd->ad", "30x4", "4x50", "50x6"]
# The result is large, and every tree needs an intermediate beside it.
WIDE = ["ab,ac,ad->bcd", "4x40", "4x40", "4x40"]


class MemoryLimit(CommandTest):
    def plan(self, *words):
        return json.loads(self.succeed("plan", *words, "--json"))

    def smallest(self, network):
        err = self.refuse("plan", *network, "--memory-limit=1")
        self.assertIn("the smallest peak of all trees, got 1 bytes; slicing does not help", err)
        return int(err.split("at least ")[1].split(" bytes")[0])

    def test_a_plan_that_fits(self):
        free = self.plan(*CHAIN)
        plan = self.plan(*CHAIN, "--memory-limit=1GiB")
        self.assertEqual((plan["tree"], plan["proof"], plan["value"]), (free["tree"], "optimal", free["value"]))
        self.assertEqual(plan["memory"], {"limit": 1 << 30, "peak": free["peak_bytes"], "depth_first_peak": free["peak_bytes"],
                                          "scope": "all schedules"})
        self.assertNotIn("memory", free)
        self.assertNotIn("slicing", plan)

    def test_the_smallest_limit_is_one(self):
        smallest = self.smallest(CHAIN)
        plan = self.plan(*CHAIN, f"--memory-limit={smallest}")
        self.assertEqual((plan["memory"]["peak"], plan["peak_bytes"]), (smallest, smallest))
        self.refuse("plan", *CHAIN, f"--memory-limit={smallest - 1}")

    def test_another_tree_within_the_limit(self):
        network = ["ab,bc,cd,de->ae", "20x2", "2x9", "9x60", "60x3"]
        free = self.plan(*network)
        least = self.smallest(network)
        self.assertLess(least, free["peak_bytes"])
        plan = self.plan(*network, f"--memory-limit={least}")
        self.assertEqual((plan["memory"]["peak"], plan["memory"]["limit"]), (least, least))
        self.assertGreater(plan["value"], free["value"])
        self.assertEqual(plan["lower_bound"] == plan["value"], plan["memory"]["scope"] == "all schedules")

    def test_table(self):
        table = self.succeed("plan", *CHAIN, "--memory-limit=4KiB")
        self.assertIn("Memory limit:  4.000 KiB, the peak is 3.219 KiB\n", table)
        self.assertIn("Best of:  all schedules within the limit", table)

    def test_a_pinned_order_is_measured(self):
        plan = self.plan(*CHAIN, "--memory-limit=1MiB", "--tree=(0,(1,2))")
        self.assertEqual((plan["proof"], plan["memory"]["scope"]), ("pinned", None))
        self.assertEqual(plan["memory"]["peak"], plan["peak_bytes"])
        err = self.refuse("plan", *CHAIN, "--memory-limit=1000", "--tree=(0,(1,2))")
        self.assertIn(f"at least {plan['peak_bytes']} bytes, the peak of the pinned order, got 1000 bytes", err)

    def test_batch(self):
        case = {"name": "small", "expr": CHAIN[0], "shapes": [[30, 4], [4, 50], [50, 6]]}
        large = {"name": "large", "expr": CHAIN[0], "shapes": [[300, 40], [40, 500], [500, 60]]}
        first, second = self.batch("plan", [case, large], "--memory-limit=4KiB", code=1)
        self.assertEqual(first["memory"]["limit"], 4096)
        self.assertIn("memory limit of at least", second["error"]["message"])

    def test_compile(self):
        words = ["compile", *CHAIN, "--emit=planned", "-o", "-"]
        self.assertIn("plan (", self.succeed(*words, "--memory-limit=4KiB"))
        self.assertIn("memory limit of at least", self.refuse(*words, "--memory-limit=1KiB"))

    def object_bytes(self, name):
        """Bytes that a caller of the library has at once: operands, result, what is prepared, the larger workspace."""
        info = json.loads(ctypes.string_at(ctypes.addressof(
            ctypes.c_char.in_dll(ctypes.CDLL(self.path(f"lib{name}.so")), f"conveinsum_{name}_info"))))
        tensors, prepared, workspace = 0, 0, 0
        for function in info["functions"]:
            for argument in function["arguments"]:
                if argument["role"] in ("operand", "out"):
                    tensors += argument["bytes"]
                elif argument["role"] == "prepared":
                    prepared = argument["bytes"]
                else:
                    workspace = max(workspace, argument["bytes"])
        return tensors + prepared + workspace

    def compile(self, words, name, *options):
        return call("compile", *words, "--emit=library", "-o", self.path(f"lib{name}.so"), *options)

    def test_the_object_keeps_within_the_limit(self):
        """Sweeps of limits: an object never needs more, and the limit that a refusal names is the smallest."""
        random = Random(9)
        for number in range(8):
            operands = random.randint(2, 6)
            labels = "abcdefg"
            sizes = {label: random.choice((1, 2, 3, 8, 17, 40)) for label in labels}
            modes = ["".join(sorted(random.sample(labels, random.randint(1, 3)))) for _ in range(operands)]
            held = sorted(set("".join(modes)))
            equation = ",".join(modes) + "->" + "".join(random.sample(held, random.randint(0, min(3, len(held)))))
            words = [equation, *("x".join(str(sizes[label]) for label in operand) for operand in modes)]
            if number % 2:
                words.append("--constants=" + str(random.randrange(operands)))
            with self.subTest(words=words):
                code, _, err = self.compile(words, f"a{number}", "--memory-limit=1")
                self.assertEqual(code, 1)
                smallest = int(err.split("at least ")[1].split(" bytes")[0])
                self.assertIn("what the code of the smallest plan that was found needs, got 1 bytes", err)
                self.assertEqual(self.compile(words, f"b{number}", f"--memory-limit={smallest}")[0], 0)
                self.assertLessEqual(self.object_bytes(f"b{number}"), smallest)
                code, _, err = self.compile(words, f"c{number}", f"--memory-limit={smallest - 1}")
                self.assertEqual((code, f"at least {smallest} bytes" in err), (1, True), err)
                self.assertEqual(self.compile(words, f"d{number}")[0], 0)
                free = self.object_bytes(f"d{number}")
                self.assertGreaterEqual(free, self.object_bytes(f"b{number}"))
                for step in range(1, 4):
                    limit = smallest + (free - smallest) * step // 3
                    self.assertEqual(self.compile(words, f"e{number}_{step}", f"--memory-limit={limit}")[0], 0)
                    self.assertLessEqual(self.object_bytes(f"e{number}_{step}"), limit)

    def test_a_pinned_order_is_measured_as_code(self):
        words = ["ab,bc,cd,de,ef,fg->ag", "64x64", "64x64", "64x64", "64x4", "4x256", "256x64", "--tree=(((0,1),2),((3,4),5))"]
        code, _, err = self.compile(words, "a", "--memory-limit=1")
        self.assertEqual(code, 1)
        smallest = int(err.split("at least ")[1].split(" bytes, what the code of the pinned order needs")[0])
        self.assertEqual(self.compile(words, "b", f"--memory-limit={smallest}")[0], 0)
        self.assertEqual(self.object_bytes("b"), smallest)
        self.assertEqual(self.compile(words, "c", f"--memory-limit={smallest - 1}")[0], 1)

    def test_run_plans_within_the_limit(self):
        rng = np.random.default_rng(0)
        paths = []
        for position, shape in enumerate(((30, 4), (4, 50), (50, 6))):
            paths.append(self.path(f"{position}.npy"))
            np.save(paths[-1], rng.standard_normal(shape).astype("f4"))
        out = self.path("y.npy")
        self.succeed("run", CHAIN[0], *paths, "-o", out, "--memory-limit=2MiB", "--check")
        for words in ([], ["--tree=((0,1),2)"]):
            self.assertIn("not enough memory",
                          self.refuse("run", CHAIN[0], *paths, "-o", out, "--memory-limit=1KiB", *words))

    def test_refusals(self):
        self.assertIn("expected --memory-limit to be a size such as 2GiB, got 'much'",
                      self.refuse("plan", *CHAIN, "--memory-limit=much"))


class Slices(CommandTest):
    def plan(self, *words):
        return json.loads(self.succeed("plan", *words, "--json"))

    def test_slices_where_nothing_else_fits(self):
        limit = self.limit()
        self.refuse("plan", *WIDE, f"--memory-limit={limit}")
        plan = self.plan(*WIDE, f"--memory-limit={limit}", "--slice")
        slicing = plan["slicing"]
        self.assertLessEqual(slicing["peak"], limit)
        self.assertEqual(plan["memory"]["peak"], slicing["peak"])
        self.assertEqual(plan["proof"], "best-found")
        count = 1
        for mode in slicing["modes"]:
            self.assertEqual(set(mode), {"mode", "chunk", "count", "operand", "halo"})
            count *= mode["count"]
        self.assertEqual(slicing["slices"], count)
        self.assertGreater(count, 1)
        self.assertAlmostEqual(slicing["overhead"], slicing["value"] / slicing["unsliced_value"])
        table = self.succeed("plan", *WIDE, f"--memory-limit={limit}", "--slice")
        self.assertIn(f"Slices:  {count}, {slicing['modes'][0]['mode']} into {slicing['modes'][0]['count']} of", table)
        self.assertIn("x the plan without a limit", table)

    def limit(self):
        """Less than any plan needs, more than operands and result take."""
        smallest = int(self.refuse("plan", *WIDE, "--memory-limit=1").split("at least ")[1].split(" bytes")[0])
        return smallest - 1

    def test_a_plan_that_fits_is_not_sliced(self):
        plan = self.plan(*CHAIN, "--memory-limit=1MiB", "--slice")
        self.assertEqual((plan["proof"], plan["memory"]["scope"]), ("optimal", "all schedules"))
        self.assertNotIn("slicing", plan)

    def test_refusals(self):
        for words, message in ((["--slice"], "expected --memory-limit beside --slice, got none"),
                               (["--slice", "--memory-limit=1MiB", "--tree=((0,1),2)"],
                                "expected no pinned order beside --slice"),
                               (["--slice", "--memory-limit=1KiB"], "what the operands and the result take")):
            self.assertIn(message, self.refuse("plan", *CHAIN, *words))


class Parametric(CommandTest):
    network = ["bi,ij,jk->bk", "1x64", "64x256", "256x64"]

    def plan(self, *words):
        return json.loads(self.succeed("plan", *self.network, "--json", *words))

    def test_pieces_agree_with_plans(self):
        plan = self.plan("--parametric=b:1..4096")
        self.assertTrue(plan["exact"])
        pieces = plan["pieces"]
        self.assertGreater(len(pieces), 1)
        self.assertEqual((pieces[0]["from"], pieces[-1]["to"]), (1, 4096))
        for before, after in zip(pieces, pieces[1:]):
            self.assertEqual(before["to"] + 1, after["from"])
        for piece in pieces:
            for end, key in ((piece["from"], "value_from"), (piece["to"], "value_to")):
                network = [self.network[0], f"{end}x64", *self.network[2:]]
                value = json.loads(self.succeed("plan", *network, "--json"))["value"]
                self.assertEqual(piece[key], value)

    def test_conv_modes_and_long_labels(self):
        plan = json.loads(self.succeed("plan", "(t1)a,ab,(t1)b->(t1)|(t1)", "8x3", "3x4", "3x4", "--json",
                                       "--parametric=(t1):4..20"))
        self.assertEqual((plan["mode"], plan["from"], plan["to"]), ("t1", 4, 20))

    def test_table(self):
        table = self.succeed("plan", *self.network, "--parametric=b:1..4096")
        self.assertIn("Sizes:  b from 1 to 4096", table)
        self.assertIn("optimal at every size", table)

    def test_case(self):
        case = {"name": "layer", "expr": self.network[0], "shapes": [[1, 64], [64, 256], [256, 64]]}
        plan = self.batch("plan", [case], "--parametric=b:1..9")[0]
        self.assertEqual((plan["name"], plan["mode"]), ("layer", "b"))

    def test_refusals(self):
        for value in ("b", "b:", "b:1", "b:1..", ":1..2", "b:1.5..2", "b:1..x", ""):
            self.assertIn("expected --parametric to be a mode and its sizes such as b:1..4096, got '" + value,
                          self.refuse("plan", *self.network, "--parametric=" + value))
        for value in ("b:9..1", "q:1..9"):
            self.refuse("plan", *self.network, "--parametric=" + value)
        for option in ("--memory-limit=1", "--against=0", "--dot", "--svg=-", "--export=cotengra"):
            name = option.split("=")[0]
            self.assertIn(f"expected no {name} beside --parametric",
                          self.refuse("plan", *self.network, "--parametric=b:1..9", option))
        self.assertIn("expected no --keep beside --parametric",
                      self.refuse("plan", *self.network, "--parametric=b:1..9", "--keep=1", "--gradients=all"))
        self.assertIn("expected no pinned order beside --parametric",
                      self.refuse("plan", *self.network, "--parametric=b:1..9", "--tree=((0,1),2)"))


if __name__ == "__main__":
    unittest.main()
