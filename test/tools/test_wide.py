"""Networks whose costs leave 128 bits: what is claimed of them, against all trees in unlimited integers.

CONVEINSUM_WIDE_NETWORKS says how many random networks are tried.
"""

import math
import os
import random
import unittest

from command import CommandTest

NETWORKS = int(os.environ.get("CONVEINSUM_WIDE_NETWORKS", "60"))


def network(rng):
    """A random network; modes of one, two or more holders, some of them in the result."""
    operands = rng.choice([3, 4, 5, 6, 7, 8, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])
    low, high = rng.choice([(10, 62), (10, 62), (40, 62), (10, 20), (30, 45)])
    modes = []
    for operand in range(1, operands):  # Mostly connected.
        if rng.random() < 0.9:
            modes.append({operand, rng.randrange(operand)})
    for _ in range(rng.randint(0, operands)):
        modes.append(set(rng.sample(range(operands), rng.choice([1, 2, 2, 2, 3, min(4, operands)]))))
    sizes = [rng.choice([1 << rng.randint(low, high), rng.randint(1 << low, 1 << high)]) for _ in modes]
    result = [mode for mode in range(len(modes)) if rng.random() < 0.25]
    spell = "({})".format
    terms = ["".join(spell(f"m{mode}") for mode, holders in enumerate(modes) if operand in holders)
             for operand in range(operands)]
    shapes = [[sizes[mode] for mode, holders in enumerate(modes) if operand in holders] for operand in range(operands)]
    expr = ",".join(terms) + "->" + "".join(spell(f"m{mode}") for mode in result)
    return {"expr": expr, "shapes": shapes}, modes, sizes, result


class Trees:
    """The costs of all trees, by the definition: what a set of operands keeps depends on the set alone."""

    def __init__(self, operands, modes, sizes, result):
        self.operands, self.sizes = operands, sizes
        self.all = (1 << operands) - 1
        holders = [sum(1 << operand for operand in mode) for mode in modes]
        self.products = {0: 1}
        self.keeps = []
        for subset in range(self.all + 1):
            kept = 0
            for mode, held in enumerate(holders):
                # Summed before the first step if nobody else has it.
                if held & subset and (held & ~subset or mode in result):
                    kept |= 1 << mode
            self.keeps.append(kept)

    def product(self, mask):
        if mask not in self.products:
            low = mask & -mask
            self.products[mask] = self.product(mask ^ low) * self.sizes[low.bit_length() - 1]
        return self.products[mask]

    def cost(self, objective, left, right):
        macs = self.product(self.keeps[left] | self.keeps[right])
        written = self.product(self.keeps[left | right])
        if objective == "flops":
            return macs
        if objective in ("size", "write"):
            return written
        return macs + int(objective.removeprefix("combo-")) * written

    def combine(self, objective, costs):
        return max(costs) if objective == "size" else sum(costs)

    def optimum(self, objective):
        best = [0] * (self.all + 1)
        for subset in range(1, self.all + 1):
            lowest = subset & -subset
            if subset == lowest:
                continue
            rest, right, least = subset ^ lowest, subset ^ lowest, None
            while right:
                left = subset ^ right
                value = self.combine(objective, (best[left], best[right], self.cost(objective, left, right)))
                if least is None or value < least:
                    least = value
                right = (right - 1) & rest
            best[subset] = least
        return best[self.all]

    def of_tree(self, objective, tree):
        costs = []

        def walk(node):
            if isinstance(node, int):
                return 1 << node
            left, right = map(walk, node)
            costs.append(self.cost(objective, left, right))
            return left | right

        walk(tree)
        return self.combine(objective, costs)


class Wide(CommandTest):
    def test_random_networks(self):
        rng = random.Random(2026)
        beyond = 0
        for first in range(0, NETWORKS, 50):
            beyond += self.check_networks(rng, min(50, NETWORKS - first))
        self.assertGreater(beyond, NETWORKS // 3)

    def check_networks(self, rng, count):
        """How many of some networks cost 2^128 or more."""
        cases = [network(rng) for _ in range(count)]
        objectives = [rng.choice(["flops", "flops", "size", "write", "combo-64"]) for _ in cases]
        runs = {objective: [index for index, chosen in enumerate(objectives) if chosen == objective]
                for objective in sorted(set(objectives))}
        beyond = 0
        for objective, chosen in runs.items():
            networks = [cases[index][0] for index in chosen]
            answers = []
            for budget in ("--budget=20moves", "--budget=2000moves", None, "--planner=greedy"):
                options = ["--json", "--minimize=" + objective] + ([budget] if budget else [])
                answers.append(self.batch("plan", networks, *options))
            for number, index in enumerate(chosen):
                case, modes, sizes, result = cases[index]
                trees = Trees(len(case["shapes"]), modes, sizes, result)
                optimum = trees.optimum(objective)
                beyond += optimum >= 1 << 128
                values = []
                for answer in (answer[number] for answer in answers):
                    with self.subTest(case=case, objective=objective):
                        self.check(answer, trees, objective, optimum)
                    values.append(int(answer["value"]))
                with self.subTest(case=case, objective=objective):
                    self.assertGreaterEqual(values[0], values[1])
                    self.assertGreaterEqual(values[1], values[2])
                    self.assertEqual((answers[2][number]["proof"], values[2]), ("optimal", optimum))
        return beyond

    def check(self, answer, trees, objective, optimum):
        """Every figure that the answer gives is right."""
        value = int(answer["value"])
        self.assertEqual(value, trees.of_tree(objective, answer["tree"]))
        self.assertGreaterEqual(value, optimum)
        if answer["proof"] == "optimal":
            self.assertEqual(value, optimum)
        if answer["lower_bound"] is not None:
            bound = int(answer["lower_bound"])
            self.assertLessEqual(bound, optimum)
            if answer["gap"] is not None:
                self.assertAlmostEqual(answer["gap"] / (value / bound), 1, places=12)
        if "value_log2" in answer:
            self.assertAlmostEqual(answer["value_log2"], math.log2(value), places=9)
        self.assertEqual("value_log2" in answer, value >= 1 << 128)


if __name__ == "__main__":
    unittest.main()
