"""The definition of small networks in NumPy, and gradients by central differences of it."""

import itertools
import re
import string

import numpy as np


def golden_fill(operand, shape):
    """The fixed fill of the data files."""
    index = np.arange(int(np.prod(shape)), dtype=np.int64)
    return (((37 * index + 101 * operand + 13) % 97) / 48.5 - 1).reshape(shape)


class Network:
    """A case with an explicit result, with every conv mode as a tensor of zeros and ones."""

    def __init__(self, case):
        expr = re.sub(r"\((\w)\)", r"\1", case["expr"])
        fresh = iter(sorted(set(string.ascii_letters) - set(re.sub(r"\(\w+\)", "", expr))))
        labels = {}
        for name in re.findall(r"\(\w+\)", expr):
            if name not in labels:
                labels[name] = next(fresh)
                expr = expr.replace(name, labels[name])
        bare = {letter: name.strip("()") for name, letter in labels.items()}
        sides, _, convs = expr.partition("|")
        inputs, self.result = sides.split("->")
        inputs = inputs.split(",")
        self.patterns = []
        for mode in convs.replace(",", ""):
            holders = [k for k, modes in enumerate(inputs) if mode in modes]
            extents = [case["shapes"][k][inputs[k].index(mode)] for k in holders]
            names = [next(fresh) for _ in holders]
            for k, name in zip(holders, names):
                inputs[k] = inputs[k].replace(mode, name)
            geometry = case.get("conv_modes", {}).get(bare.get(mode, mode), {})
            self.patterns.append(("".join(names) + mode, pattern(geometry, holders, extents)))
        self.inputs = inputs
        self.batch = next(fresh)

    @staticmethod
    def reads(case):
        """Whether this class understands a case."""
        return "->" in case["expr"] and all(sign in string.ascii_letters + ",->|" for sign in re.sub(r"\(\w+\)", "", case["expr"]))

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


def resolved(geometry, holders, extents):
    """Feature, step and sign of every participant, offset, stride, modulus (or none) and extent of the result."""
    feature = holders.index(geometry.get("feature_operand", holders[0]))
    dilation, flip, stride = geometry.get("dilation", 1), geometry.get("flip", False), geometry.get("stride", 1)
    steps = [1 if k == feature else dilation[str(operand)] if isinstance(dilation, dict) else dilation for k, operand in enumerate(holders)]
    span = sum(d * (n - 1) for k, (d, n) in enumerate(zip(steps, extents)) if k != feature)
    padding = geometry.get("padding", "same")
    circular = geometry.get("kind", "circular" if padding == "circular" else "linear") == "circular"
    words = {"same": (span // 2, span - span // 2), "circular": (span // 2, span - span // 2), "valid": (0, 0), "full": (span, span)}
    low, high = words[padding] if isinstance(padding, str) else (padding, padding) if isinstance(padding, int) else padding
    extent = extents[feature]
    result = -(-extent // stride) if circular else (extent + low + high - span - 1) // stride + 1
    signs = [1 if k == feature or flip else -1 for k in range(len(holders))]
    return [sign * step for sign, step in zip(signs, steps)], low - (span if flip else 0), stride, extent if circular else None, result


def pattern(geometry, holders, extents):
    """Where the equation of one conv mode holds: indices of its participants in order, then that of the result."""
    coefficients, offset, stride, modulus, result = resolved(geometry, holders, extents)
    values = np.zeros((*extents, result))
    for index in itertools.product(*map(range, values.shape)):
        total = offset - stride * index[-1] + sum(c * i for c, i in zip(coefficients, index))
        values[index] = (total % modulus if modulus else total) == 0
    return values
