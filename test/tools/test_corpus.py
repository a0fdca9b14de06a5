"""Every equation of corpus.json, compiled and run on shapes scaled down."""

import re
import unittest

from command import CommandTest, data


def labels(part):
    return [bare or letter for bare, letter in re.findall(r"\((\w+)\)|(\w)", part)]


def scaled(entry):
    """The entry with plain modes of at most 2 or 3, features of at most 6 and kernels of at most 3."""
    operands = [labels(part) for part in entry["expr"].split("->")[0].split(",")]
    plain = 2 if max(map(len, operands)) > 5 else 3
    convs = {}
    for mode, geometry in entry["conv_modes"].items():
        convs[mode] = {key: value for key, value in geometry.items() if key not in ("in_size", "out_size")}

    def extent(position, mode, size):
        if mode not in convs:
            return min(size, plain)
        return min(size, 6 if position == convs[mode]["feature_operand"] else 3)

    shapes = [[extent(k, mode, size) for mode, size in zip(modes, shape)]
              for k, (modes, shape) in enumerate(zip(operands, entry["shapes"]))]
    return {"name": entry["name"], "expr": entry["expr"], "shapes": shapes, "conv_modes": convs}


class Corpus(CommandTest):
    def test_scaled_down(self):
        cases = [scaled(entry) for entry in data("corpus.json")["entries"]]
        self.assertEqual(len(cases), 233)
        for dtype in ("f64", "f32"):
            results = self.batch("check", cases, "--dtype=" + dtype, "--trees=3")
            for case, result in zip(cases, results):
                with self.subTest(name=case["name"], dtype=dtype):
                    self.assertTrue(result["passed"], result)


if __name__ == "__main__":
    unittest.main()
