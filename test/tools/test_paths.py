"""Orders as NumPy, opt_einsum and cotengra write them: positions in a list that shrinks, steps of any number of operands."""

import itertools
import json
import random
import unittest

import numpy as np

from command import CommandTest, call

CHAIN = ["ij,jk,kl,lm->im", "2x3", "3x4", "4x5", "5x6"]


def pairs(items):
    """All unordered binary trees over the items, as nested tuples."""
    if len(items) == 1:
        yield items[0]
        return
    first, rest = items[0], items[1:]
    for size in range(len(rest)):
        for chosen in itertools.combinations(range(len(rest)), size):
            left = [first, *(rest[k] for k in chosen)]
            right = [rest[k] for k in range(len(rest)) if k not in chosen]
            for a, b in itertools.product(pairs(left), pairs(right)):
                yield (a, b)


def leaves(tree):
    return frozenset([tree]) if isinstance(tree, int) else leaves(tree[0]) | leaves(tree[1])


class Model:
    """The costs of trees of a plain network, by the definition."""

    def __init__(self, operands, result, sizes):
        self.operands, self.result, self.sizes = operands, result, sizes

    def kept(self, held):
        outside = set(self.result).union(*(set(modes) for k, modes in enumerate(self.operands) if k not in held))
        return set().union(*(set(self.operands[k]) for k in held)) & outside

    def operand(self, tree):
        """Modes of one side of a step: private ones are summed before."""
        return self.kept(leaves(tree))

    def size(self, modes):
        product = 1
        for mode in modes:
            product *= self.sizes[mode]
        return product

    def flops(self, tree):
        if isinstance(tree, int):
            return 0
        a, b = tree
        return self.flops(a) + self.flops(b) + self.size(self.operand(a) | self.operand(b))

    def write(self, tree):
        if isinstance(tree, int):
            return 0
        return self.write(tree[0]) + self.write(tree[1]) + self.size(self.operand(tree))

    def largest(self, tree):
        if isinstance(tree, int):
            return 0
        return max(self.largest(tree[0]), self.largest(tree[1]), self.size(self.operand(tree)))


def expand(groups):
    """All trees that a nested tuple of any arity stands for."""
    if isinstance(groups, int):
        return [groups]
    parts = [expand(group) for group in groups]
    return [tree for choice in itertools.product(*parts) for tree in pairs(list(choice))]


def follow(path, operands):
    """What a path joins, as NumPy does: positions are removed, the result is appended."""
    items = list(range(operands))
    for step in path:
        taken = tuple(items[k] for k in step)
        for k in sorted(step, reverse=True):
            items.pop(k)
        items.append(taken if len(taken) > 1 else taken[0])
    assert len(items) == 1
    return items[0]


def in_ssa_form(path, operands):
    """The same steps, every one of which numbers its result."""
    items, numbered = list(range(operands)), []
    for step in path:
        numbered.append(tuple(items[k] for k in step))
        for k in sorted(step, reverse=True):
            items.pop(k)
        items.append(operands + len(numbered) - 1)
    return numbered


def random_path(drawn, operands, widest):
    left, path = operands, []
    while left > 1 or (not path and drawn.random() < 0.3):
        width = drawn.choice([1] + [2] * 3 + list(range(2, widest + 1)))
        width = min(width, left)
        if width == operands and operands > 2:
            continue  # the planner's business
        path.append(tuple(drawn.sample(range(left), width)))
        left -= width - 1
    if drawn.random() < 0.3:
        path.append((0,))
    return path


def as_tree(value):
    return value if isinstance(value, int) else tuple(as_tree(side) for side in value)


def canonical(tree):
    return tree if isinstance(tree, int) else frozenset(canonical(side) for side in tree)


class Paths(CommandTest):
    def plan(self, *words):
        return json.loads(self.succeed("plan", *words, "--json"))

    def test_random_paths_mean_what_numpy_means(self):
        drawn = random.Random(11)
        lines, expected = [], []
        for number in range(150):
            count = drawn.randint(1, 7)
            sizes = {label: drawn.randint(1, 9) for label in "abcdefg"}
            operands = [drawn.sample("abcdefg", drawn.randint(1, 3)) for _ in range(count)]
            held = sorted(set().union(*operands))
            result = drawn.sample(held, drawn.randint(0, min(3, len(held))))
            path = random_path(drawn, count, min(5, max(2, count - 1)))
            line = {"name": str(number), "expr": ",".join("".join(modes) for modes in operands) + "->" + "".join(result),
                    "shapes": [[sizes[label] for label in modes] for modes in operands]}
            spelt = drawn.choice([path, ["einsum_path", *path], str(path), str(["einsum_path", *path]), str([list(step) for step in path]),
                                  str(tuple(path)).replace("(", "[").replace(")", "]").replace(",", "") if len(path) > 1 else path,
                                  "[" + ", ".join(f"array({list(step)})" for step in path) + "]",
                                  str([tuple(map(np.int64, step)) for step in path])])
            lines.append({**line, "path": spelt} if number % 3 else {**line, "ssa_path": in_ssa_form(path, count)})
            expected.append((Model(operands, result, sizes), path, count))
        for objective, measure in (("flops", Model.flops), ("write", Model.write), ("size", Model.largest)):
            results = self.batch("plan", lines, "--minimize=" + objective)
            for line, result, (model, path, count) in zip(lines, results, expected):
                with self.subTest(line=line):
                    groups = follow(path, count)
                    tree = as_tree(result["tree"])
                    trees = expand(groups)
                    self.assertIn(canonical(tree), [canonical(other) for other in trees])
                    self.assertEqual(result["proof"], "pinned" if count > 1 else result["proof"])
                    wide = sum(len(step) > 2 for step in path)
                    self.assertEqual(sum("of the path joins" in warning for warning in result["warnings"]), wide)
                    self.assertEqual(result["value"], min(measure(model, other) for other in trees))

    def test_forms(self):
        tree = [[[0, 1], 3], 2]
        for path in ("(0,1),(1,2),(0,1)", "[(0, 1), (1, 2), (0, 1)]", "((0,1),(1,2),(0,1))", "['einsum_path', (0, 1), (1, 2), (0, 1)]",
                     '["einsum_path", [0, 1], [1, 2], [0, 1]]', "['einsum_path', (0,1), (1,2), (0,1),]", "[[0 1] [1 2] [0 1]]",
                     "[[0 1]\n [1 2]\n [0 1]]", "[array([0, 1]), array([1, 2]), array([0, 1])]",
                     "[array([0, 1], dtype=int64), array([1, 2]), array([0, 1])]",
                     "[(np.int64(0), np.int64(1)), (np.int64(1), np.int64(2)), (0, 1)]", "'einsum_path', (0,1), (1,2), (0,1)",
                     "(0,1),(1,2),(0,1),", "(0,1,),(1,2),(0,1)", "(3,),(0,1),(1,2),(0,1)", "(0,),(3,0),(1,2),(1,0)"):
            with self.subTest(path=path):
                plan = self.plan(*CHAIN, "--path=" + path)
                if path.startswith("(3,)") or path.startswith("(0,),"):
                    self.assertEqual(plan["proof"], "pinned")
                else:
                    self.assertEqual(canonical(as_tree(plan["tree"])), canonical(as_tree(tree)))
                self.assertEqual(plan["warnings"], [])

    def test_one_operand(self):
        for path in ("(0,)", "['einsum_path', (0,)]", "[(0,)]", "(0,),(0,)", "", "[]", "['einsum_path']"):
            self.assertEqual(self.plan("ij->ji", "2x3", "--path=" + path)["tree"], 0, path)
        self.assertEqual(self.batch("plan", [{"expr": "ij->ji", "shapes": [[2, 3]], "path": ["einsum_path", [0]]}])[0]["tree"], 0)
        self.assertEqual(self.plan("ij->ji", "2x3", "--ssa-path=(0,),(1,)")["tree"], 0)
        network = {"inputs": [["i", "j"]], "output": ["i"], "size_dict": {"i": 2, "j": 3}, "path": [[0]]}
        self.assertEqual(self.batch("plan", [network])[0]["tree"], 0)

    def test_numpy_s_own_paths(self):
        drawn = np.random.default_rng(4)
        arrays = [drawn.standard_normal(shape) for shape in ((4, 9), (9, 5), (5, 8), (8, 3))]
        files = []
        for number, array in enumerate(arrays):
            files.append(self.path(f"{number}.npy"))
            np.save(files[-1], array)
        for optimize in ("optimal", "greedy", False, ["einsum_path", (0, 1, 2), (0, 1)], ["einsum_path", (1,), (0, 2), (0, 1), (0, 1)]):
            path = np.einsum_path(CHAIN[0], *arrays, optimize=optimize)[0]
            self.succeed("run", CHAIN[0], *files, "-o", self.path("out.npy"), "--path=" + str(path), "--check")
            np.testing.assert_allclose(np.load(self.path("out.npy")), np.einsum(CHAIN[0], *arrays), rtol=1e-12)

    def test_wide_steps_are_said(self):
        said = "step 0 of the path joins 3 operands; it is done in pairs, ((0,1),2), the best of 3 ways"
        plan = self.plan(*CHAIN, "--path=(0,1,2),(0,1)")
        self.assertEqual((plan["warnings"], plan["proof"]), ([said], "pinned"))
        self.assertIn(said, self.succeed("plan", *CHAIN, "--path=(0,1,2),(0,1)").replace("\n", " ").replace("  ", ""))
        _, _, err = call("compile", *CHAIN, "--emit=planned", "-o", self.path("x.mlir"), "--ssa-path=(0,1,2),(3,4)")
        self.assertIn("note: " + said, err)
        case = {"expr": CHAIN[0], "shapes": [[2, 3], [3, 4], [4, 5], [5, 6]], "ssa_path": [[0, 1, 2], [4, 3]], "output": self.path("x.so")}
        self.assertEqual(self.batch("compile", [case], "--emit=library")[0]["remarks"], [said])
        everything = "the path joins all operands in one step, so the planner orders them"
        plan = self.plan(*CHAIN, "--path=(0,1,2,3)")
        self.assertEqual((plan["warnings"], plan["proof"]), ([everything], "optimal"))
        self.assertEqual(self.plan(*CHAIN, "--path=['einsum_path', (3, 1, 0, 2)]")["value"], plan["value"])
        network = {"inputs": [["i", "j"], ["j", "k"], ["k", "l"], ["l", "m"]], "output": ["i", "m"],
                   "size_dict": dict(zip("ijklm", range(2, 7))), "path": [[0, 1, 2], [0, 1]]}
        self.assertEqual(self.batch("plan", [network])[0]["warnings"], [said])

    def test_steps_of_up_to_sixteen_operands(self):
        """The best of all ways, by a programme over subsets of its own."""
        drawn = random.Random(5)
        for _ in range(5):
            count = drawn.randint(8, 10)
            sizes = {label: drawn.randint(2, 9) for label in "abcdefghij"}
            operands = [drawn.sample("abcdefghij", drawn.randint(1, 3)) for _ in range(count)]
            result = drawn.sample(sorted(set().union(*operands)), 2)
            model = Model(operands, result, sizes)
            width = count - 2
            path = [drawn.sample(range(count), width), [0, 1, 2]]
            inputs = path[0]
            kept = {held: model.kept([inputs[k] for k in range(width) if held >> k & 1]) for held in range(1, 1 << width)}
            best = {1 << k: 0 for k in range(width)}
            for held in range(1, 1 << width):
                if held not in best:
                    splits = [part for part in range(1, held) if part & held == part]
                    best[held] = min(best[part] + best[held ^ part] + model.size(kept[part] | kept[held ^ part]) for part in splits)
            line = {"expr": ",".join("".join(modes) for modes in operands) + "->" + "".join(result),
                    "shapes": [[sizes[label] for label in modes] for modes in operands], "path": path}
            plan, = self.batch("plan", [line])
            self.assertEqual(sum(step["value"] for step in plan["steps"][:width - 1]), best[(1 << width) - 1])
        everything = [",".join(f"{a}{b}" for a, b in zip("abcdefghijklmnopq", "bcdefghijklmnopqr")) + "->ar", *["2x3", "3x2"] * 8, "2x3"]
        plan = self.plan(*everything, "--path=(" + ",".join(map(str, range(16))) + "),(0,1)")
        self.assertIn("the best of 6190283353629375 ways", plan["warnings"][0])
        plan = self.plan(*everything, "--minimize=time", "--path=(" + ",".join(map(str, range(16))) + "),(0,1)")
        self.assertTrue(plan["warnings"][0].endswith("ways by the times of its own steps"), plan["warnings"])

    def test_convolutions_are_split_too(self):
        network = ["bshw,rt,rs,rh,rw->bthw|hw", "2x4x8x8", "3x5", "3x4", "3x3", "3x3"]
        trees = [tree for tree in pairs([0, 2, 3, 4])]
        values = {}
        for tree in trees:
            text = json.dumps([tree, 1]).replace(" ", "")
            values[canonical(tree)] = self.plan(*network, "--tree=" + text)["value"]
        plan = self.plan(*network, "--path=(0,2,3,4),(0,1)")
        self.assertEqual(plan["value"], min(values.values()))
        for goal in (["--minimize=time"], ["--minimize=peak"], ["--gradients=all"], ["--constants=2,3"]):
            best = min(self.plan(*network, *goal, "--tree=" + json.dumps([tree, 1]).replace(" ", ""))["value"] for tree in trees)
            self.assertEqual(self.plan(*network, *goal, "--path=(0,2,3,4),(0,1)")["value"], best)

    def test_refused_paths(self):
        for path, said in (("(0,1,2)", "expected steps that leave one operand, got 2 left"),
                           ("(0,1,4),(0,1)", "expected a position below 4 in step 0, got 4"),
                           ("(0,1,1),(0,1)", "expected different positions in step 0, got 1"),
                           ("(0,1,2),(0,1),(1,)", "expected a position below 1 in step 2, got 1"),
                           ("(),(0,1)", "expected the end, got ','"), ("((),(0,1,2,3))", "expected a number, got ')'"),
                           ("['einsum', (0,1)]", "expected steps or 'einsum_path', got another word"),
                           ("(-1,0),(0,1),(0,1)", "expected a number, got '-'"), ("foo(0,1)", "expected '(', got a word"),
                           ("(0,1)", "expected 3 steps for 4 operands, got 1"), ("array([0,1)", "expected ']', got ')'"),
                           ("(np.int64(0,1)", "expected ')', got ','")):
            with self.subTest(path=path):
                self.assertIn(said, self.refuse("plan", *CHAIN, "--path=" + path))
        for path, said in (("(0,1,2),(3,3)", "expected every value once in step 1, got 3"), ("(0,1,2)", "got 2 left"),
                           ("(0,1,5),(3,4)", "expected an SSA number below 4 in step 0, got 5")):
            self.assertIn(said, self.refuse("plan", *CHAIN, "--ssa-path=" + path))
        wide = [",".join("a" * 18) + "->a", *["2"] * 18]
        seventeen = "--path=(" + ",".join(map(str, range(17))) + "),(0,1)"
        self.assertIn("expected steps of at most 16 operands, got step 0 of 17", self.refuse("plan", *wide, seventeen))
        self.assertIn("expected steps of at most 6 operands where the peak is minimised, got step 0 of 17",
                      self.refuse("plan", *wide, seventeen, "--minimize=peak"))
        for count, step in ((9000, 3), (200, 16)):
            path, left = [], count
            while left > 1:
                path.append(list(range(min(step, left))))
                left -= len(path[-1]) - 1
            case = {"expr": ",".join(["a"] * count) + "->a", "shapes": [[2]] * count, "path": path}
            error, = self.batch("plan", [case], code=1)
            self.assertIn(f"expected steps of two operands in a network of {count}", error["error"]["message"])
        for keys in ({"path": [[0, 1]], "ssa_path": [[0, 1]]}, {"ssa_path": [[0, 1]], "tree": [0, 1]}, {"path": [[0, 1]], "tree": [0, 1]}):
            error = self.batch("plan", [{"expr": "i,i", "shapes": [[2], [2]], **keys}], code=1)[0]["error"]["message"]
            self.assertEqual(error, "expected at most one of 'path', 'ssa_path' and 'tree', got more")


if __name__ == "__main__":
    unittest.main()
