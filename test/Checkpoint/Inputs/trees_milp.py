"""Random functions of networks of matrices: the trees and what is kept, against an
integer linear program over all trees of all networks.

For some budgets, the MACs that conveinsum-plan-training says are the fewest that
the program finds, and what the functions then keep and execute is what it says.

usage: trees_milp.py TOOL SEEDS
"""

import itertools
import math
import random
import re
import sys

from pairs import checkpoint, run
from program import Program

tool, seeds = sys.argv[1], int(sys.argv[2])


def trees(operands):
    """All nested pairs over a tuple of operands; the first stays on the left."""
    if len(operands) == 1:
        yield operands[0]
        return
    first, rest = operands[0], operands[1:]
    for size in range(len(rest)):
        for beside in itertools.combinations(rest, size):
            other = tuple(k for k in rest if k not in beside)
            for left in trees((first, *beside)):
                for right in trees(other):
                    yield left, right


class Way:
    """What a tree of one network costs, as values of a program."""

    def __init__(self, terms, result, extents, trained, tree, values, x):
        self.terms, self.extents, self.trained, self.values, self.x = terms, extents, trained, values, x
        self.result, self.fixed, self.needs = result, 0, []
        self.first = len(values)
        self.macs, self.inputs, _, _ = self.visit(tree, False)
        self.end = len(values)

    def leaves(self, tree):
        return self.leaves(tree[0]) | self.leaves(tree[1]) if isinstance(tree, tuple) else {tree}

    def modes(self, tree):
        mine = self.leaves(tree)
        inside = set().union(*(self.terms[k] for k in mine))
        outside = set(self.result).union(*(self.terms[k] for k in range(len(self.terms)) if k not in mine))
        return inside & outside if isinstance(tree, tuple) else set(self.terms[tree])

    def size(self, modes):
        return math.prod(self.extents[mode] for mode in modes)

    def visit(self, tree, is_read):
        """MACs, inputs, modes and whether it holds a gradient; adds the values below."""
        sides, inputs = [], []
        grads = [any(self.trained[k] for k in self.leaves(side)) for side in tree]
        for side, other in zip(tree, reversed(grads)):
            if isinstance(side, tuple):
                macs, below, modes, _ = self.visit(side, other)
                self.values.append({"bytes": 4 * self.size(modes), "macs": macs, "inputs": below, "needed": other,
                                    "free": False, "keep": False, "recompute": False, "ways": []})
                inputs.append(len(self.values) - 1)
            elif side == 0 and self.x is not None:
                inputs.append(self.x)
                if other:
                    self.needs.append(self.x)
            sides.append(self.modes(side))
        macs = self.size(sides[0] | sides[1])
        self.fixed += macs * (1 + sum(grads))
        return macs, inputs, self.modes(tree), any(grads)

    def json(self):
        return {"first": self.first, "end": self.end, "macs": self.macs, "inputs": self.inputs,
                "needs": self.needs, "fixed": self.fixed}


def network(rng):
    """A function, and its program: layers of 3 or 4 operands, functions between them."""
    batch, width = rng.choice([4, 8, 16, 32]), rng.choice([2, 4, 6, 8])
    arguments, body, values = [f"%x: tensor<{batch}x{width}xf32>"], [], []
    value, x = "%x", None
    layers = rng.choice([2, 2, 3])
    for layer in range(layers):
        inner = [rng.choice([2, 3, 8, 12, 24]) for _ in range(rng.choice([1, 1, 2]))]
        after = rng.choice([2, 4, 6, 8, 16])
        sizes = [width, *inner, after]
        labels = "ijkl"[: len(sizes)]
        terms = ["b" + labels[0]] + [labels[k:k + 2] for k in range(len(sizes) - 1)]
        result = "b" + labels[-1]
        names, types = [value], [f"tensor<{batch}x{width}xf32>"]
        for k in range(len(sizes) - 1):
            names.append(f"%w{layer}{k}")
            types.append(f"tensor<{sizes[k]}x{sizes[k + 1]}xf32>")
            arguments.append(f"{names[-1]}: {types[-1]} {{conveinsum.gradient}}")
        kind = f"tensor<{batch}x{after}xf32>"
        body.append(f'%h{layer} = conveinsum.einsum "{",".join(terms)}->{result}" ins({", ".join(names)} : '
                    f'{", ".join(types)}) : {kind}')
        extents = dict(zip("b" + labels, [batch, *sizes]))
        trained = [layer > 0] + [True] * (len(terms) - 1)
        ways = [Way(terms, result, extents, trained, tree, values, x).json()
                for tree in trees(tuple(range(len(terms))))]
        act = rng.choice(["tanh", "sin"]) if layer + 1 < layers else None
        blank = {"macs": 0, "free": False, "keep": False, "recompute": False, "bytes": 4 * batch * after}
        values.append({**blank, "inputs": [], "needed": act == "sin", "ways": ways})
        value, width = f"%h{layer}", after
        if act:
            body.append(f"%a{layer} = math.{act} {value} : {kind}")
            # The derivative of tanh reads what it gave; so does the next layer.
            values.append({**blank, "inputs": [len(values) - 1], "needed": True, "ways": []})
            value = f"%a{layer}"
            x = len(values) - 1
    kind = f"tensor<{batch}x{width}xf32>"
    text = f"func.func @f({', '.join(arguments)}) -> {kind} {{\n  " + "\n  ".join(body) + f"\n  return {value} : {kind}\n}}\n"
    return text, values


def figures(remarks, category):
    line = re.search(rf".*Category:{category} .*", remarks)[0]
    return {key: value for key, value in re.findall(r"([a-z-]+)=(\w+)", line)}


better = solved = 0
for seed in range(seeds):
    rng = random.Random(seed)
    text, values = network(rng)
    program = Program(values)
    # What a point keeps at most.
    everything = int(figures(run(tool, text, "--conveinsum-plan-training=budget=max",
                                 "--remarks-filter=conveinsum-plan-training")[1], "conveinsum-plan-training")["budget-bytes"])
    for share in (0, 1, 2, 3, 5, 8):
        budget = everything * share // 8
        fail = lambda what: sys.exit(f"seed {seed}, {budget} bytes: {what}\n{text}")
        planned, remarks = run(tool, text, f"--conveinsum-plan-training=budget={budget}B",
                               "--remarks-filter=conveinsum-plan-training")
        said = figures(remarks, "conveinsum-plan-training")
        best = program.best(budget)
        solved += 1
        if said["exact"] != "yes" or "macs-above-optimum-at-most" in said:
            fail(f"expected an exact choice, got {said}")
        if int(said["macs"]) != best or int(said["kept-bytes"]) > budget:
            fail(f"expected {best} MACs, got {said}")
        better += int(said["macs"]) < int(said["macs-of-first-trees"])
        # conveinsum-checkpoint is told by the function.
        pair = run(tool, planned, "--conveinsum-decompose", "--conveinsum-differentiate")[0]
        module, kept = checkpoint(tool, pair, "max")
        counted = run(tool, module, "--conveinsum-count-macs")[0]
        executed = sum(int(found) for found in re.findall(r"conveinsum\.macs = (\d+)", counted))
        if executed != best or kept["kept-bytes"] > budget:
            fail(f"expected {best} MACs to be executed, got {executed}, {kept}")
print(f"{seeds} functions, {solved} programs, {better} choices better than that of the trees first")
