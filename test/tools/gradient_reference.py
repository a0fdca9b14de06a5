"""The definition of small networks in NumPy, and gradients by central differences of it."""

import itertools
import string

import numpy as np


def golden_fill(operand, shape):
    """The fixed fill of the data files."""
    index = np.arange(int(np.prod(shape)), dtype=np.int64)
    return (((37 * index + 101 * operand + 13) % 97) / 48.5 - 1).reshape(shape)


class Network:
    """A case whose labels are single letters, with every conv mode as a tensor of zeros and ones."""

    def __init__(self, case):
        sides, _, convs = case["expr"].partition("|")
        inputs, self.result = sides.split("->")
        inputs = inputs.split(",")
        fresh = iter(set(string.ascii_letters) - set(case["expr"]))
        self.patterns = []
        for mode in convs:
            holders = [k for k, modes in enumerate(inputs) if mode in modes]
            extents = [case["shapes"][k][inputs[k].index(mode)] for k in holders]
            names = [next(fresh) for _ in holders]
            for k, name in zip(holders, names):
                inputs[k] = inputs[k].replace(mode, name)
            self.patterns.append(("".join(names) + mode, pattern(case["conv_modes"][mode], holders, extents)))
        self.inputs = inputs
        self.batch = next(fresh)

    @staticmethod
    def reads(case):
        """Whether this class understands a case."""
        return "->" in case["expr"] and all(sign in string.ascii_letters + ",->|" for sign in case["expr"])

    def evaluate(self, operands, batched=None):
        """The result, or one result for each entry along the first axis of operand `batched`."""
        inputs = [(self.batch if k == batched else "") + modes for k, modes in enumerate(self.inputs)]
        text = ",".join(inputs + [modes for modes, _ in self.patterns])
        result = ("" if batched is None else self.batch) + self.result
        return np.einsum(text + "->" + result, *operands, *[values for _, values in self.patterns], optimize="greedy")

    def central_differences(self, operands, cotangent, operand):
        """The gradient of the sum of result times cotangent towards one operand."""
        there = operands[operand]
        steps = 0.25 * np.eye(there.size).reshape(there.size, *there.shape)
        moved = [np.tensordot(self.evaluate([*operands[:operand], there + sign * steps, *operands[operand + 1:]], operand), cotangent,
                              cotangent.ndim) for sign in (1, -1)]
        return ((moved[0] - moved[1]) / 0.5).reshape(there.shape)


def pattern(geometry, holders, extents):
    """Where the equation of one conv mode holds: indices of its participants in order, then that of the result."""
    feature = holders.index(geometry["feature_operand"])
    dilation = geometry["dilation"]
    steps = [1 if k == feature else dilation[str(holders[k])] if isinstance(dilation, dict) else dilation for k in range(len(holders))]
    sign = 1 if geometry["flip"] else -1
    shift = geometry["padding"][0]
    if geometry["flip"]:
        shift -= sum(d * (n - 1) for k, (d, n) in enumerate(zip(steps, extents)) if k != feature)
    values = np.zeros((*extents, geometry["out_size"]))
    for index in itertools.product(*map(range, values.shape)):
        total = shift - geometry["stride"] * index[-1]
        total += sum(i if k == feature else sign * steps[k] * i for k, i in enumerate(index[:-1]))
        values[index] = (total % extents[feature] if geometry["kind"] == "circular" else total) == 0
    return values
