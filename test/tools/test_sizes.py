"""Extents, strides, pads and bytes at the ends of 64 bits: planned, compiled or refused in words, never wrapped."""

import json
import math
import re
import subprocess
import unittest
from random import Random

from command import COMMAND, IS_ADDRESS_SPACE_LIMITED, CommandTest, call, seconds

MOST = 1 << 62
EXTENTS = (0, 1, 2, 3, 5, 1 << 16, 2**31 - 1, 2**31, 2**31 + 1, 1 << 32, 1 << 40, 1 << 58, 1 << 60, 2**61 - 1, 1 << 61, 2**62 - 1, MOST,
           MOST + 1, 2**63 - 2, 2**63 - 1)
NUMBERS = (1, 2, 3, 1 << 31, 1 << 32, 1 << 40, 1 << 60, 1 << 61, 2**62 - 1, MOST, 2**63 - 2, 2**63 - 1)
BYTES = {"i8": 1, "bf16": 2, "f32": 4, "f64": 8, "complex<f64>": 16}
OPT = COMMAND + "-opt"


def random_case(seed):
    random = Random(seed)
    labels = "abcd"[:random.randint(1, 4)]
    operands = ["".join(random.sample(labels, random.randint(0, min(3, len(labels))))) for _ in range(random.randint(1, 4))]
    held = sorted(set("".join(operands)))
    conv = [label for label in held if random.random() < 0.3]
    result = "".join(label for label in random.sample(held, len(held)) if random.random() < 0.7)
    huge = random.random() < 0.6

    def extent():
        return random.choice(EXTENTS if huge and random.random() < 0.4 else (1, 2, 3, 4, 7))

    def number():
        return random.choice(NUMBERS if random.random() < 0.6 else (1, 2))

    sizes = {label: extent() for label in held}
    feature, shapes, modes = set(), [], {}
    for operand in operands:
        shape = []
        for label in operand:
            isKernel = label in conv and label in feature
            shape.append(random.choice((1, 2, 3, 3, 3, extent())) if isKernel else sizes[label])
            feature.add(label)
        shapes.append(shape)
    for label in conv:
        geometry = modes[label] = {}
        if random.random() < 0.5:
            geometry["stride"] = number()
        if random.random() < 0.5:
            geometry["dilation"] = number()
        if random.random() < 0.7:
            geometry["padding"] = random.choice(("same", "valid", "full", "circular", number(), [random.choice((1, -1)) * number(), number()]))
        if random.random() < 0.2:
            geometry["flip"] = True
    case = {"name": str(seed), "expr": ",".join(operands) + "->" + result + ("|" + "".join(conv) if conv else ""), "shapes": shapes,
            "dtype": random.choice(list(BYTES))}
    if modes:
        case["conv_modes"] = modes
    return case


def bytes_of(shape, dtype):
    """Bytes of a tensor; numbers above 2^53 come as digits."""
    return math.prod(int(extent) for extent in shape) * BYTES[dtype]


def limited(*words, stdin=None):
    """A call with 60 seconds and 4,000 MB. What takes longest, sums of 2^59 numbers in blocks of blocks, takes 9 to be compiled."""
    memory = "ulimit -v 4000000; " if IS_ADDRESS_SPACE_LIMITED else ""
    return subprocess.run(["bash", "-c", f'{memory}exec timeout {seconds(60)} "$@"', "limited", *words], input=stdin, capture_output=True,
                          text=True)


class Sizes(CommandTest):
    def test_kinds(self):
        """What was seen to crash or to wrap."""
        most = "at most 2^62 bytes"
        for words, message in (
                (["i,i->", str(2**63 - 2), str(2**63 - 2)], most), (["ij,jk->ik", f"{2**63 - 1}x9", "9x10"], most),
                (["ij->ji", f"{2**63 - 1}x1"], most), (["bh,h->bh|h", f"2x{MOST - 4}", "3"], most),
                (["ij,jk,kl->il", "2000000000x2", "2x2000000000", "2000000000x3", "--tree=((0,1),2)"], most),
                # Each of these tensors is small enough.
                (["a,b->", str((1 << 59) - 1), str((1 << 59) - 1)], None), (["a,b->", str(1 << 60), str(1 << 60)], most),
                (["i->i", str(1 << 57), "--dtype=c128"], None), (["i->i", str((1 << 57) + 1), "--dtype=c128"], most),
                # Nothing is in them.
                (["ij,jk->ik", f"0x{1 << 60}", f"{1 << 60}x2"], most), (["ij->ji", f"0x{1 << 60}"], None),
                (["ij->ji", f"0x{1 << 61}"], "where an extent of 0 counts as 1")):
            with self.subTest(words=words):
                plan = limited(COMMAND, "plan", *words, "--json")
                self.assertEqual(plan.returncode, 0, plan.stderr)
                json.loads(plan.stdout)
                done = limited(COMMAND, "compile", *words, "--emit=library", "-o", self.path("x.so"))
                self.assertEqual(done.returncode, 0 if message is None else 1, done.stderr)
                self.assertIn(message or "wrote", done.stderr)

    def test_operands_are_checked_before_they_are_planned(self):
        network = [",".join("a" * 40) + "->a", *[str(1 << 57)] * 40]
        done = limited(COMMAND, "compile", *network, "--emit=library", "-o", self.path("x.so"))
        self.assertEqual(done.returncode, 1)
        self.assertIn(f"expected tensors of at most 2^62 bytes in all, got {40 << 59} bytes", done.stderr)

    def batch_of(self, command, cases, *options):
        done = limited(COMMAND, command, "--batch=-", *options, stdin="".join(json.dumps(case) + "\n" for case in cases))
        self.assertIn(done.returncode, (0, 1), done.stderr[-2000:])
        outcomes = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual(len(outcomes), len(cases))
        for outcome in outcomes:
            if "error" in outcome:
                self.assertNotIn("failed without", outcome["error"]["message"])
        return outcomes

    def test_random_networks(self):
        cases = [random_case(seed) for seed in range(120)]
        plans = self.batch_of("plan", cases)
        for case in cases:
            case["output"] = self.path("lib" + case["name"] + ".so")
        libraries = self.batch_of("compile", cases, "--emit=library")
        compiled = 0
        for case, plan, library in zip(cases, plans, libraries):
            with self.subTest(case=case):
                if "error" in plan:
                    self.assertEqual(library["error"], plan["error"])
                    continue
                total = sum(bytes_of(shape, case["dtype"]) for shape in case["shapes"] + [plan["result_shape"]])
                if total > MOST:
                    self.assertIn("2^62", library["error"]["message"])
                if "error" in library:
                    continue
                compiled += 1
                header = (self.folder / ("lib" + case["name"] + ".h")).read_text(encoding="utf-8")
                workspace = int(re.search(r"WORKSPACE_BYTES (\d+)", header)[1])
                self.assertLessEqual(workspace, MOST)
                self.assertLessEqual(total, MOST)
        self.assertGreater(compiled, 40)

    def test_random_modules(self):
        cases = [random_case(seed) for seed in range(200, 260)]
        for case in cases:
            case["output"] = self.path(case["name"] + ".mlir")
        self.batch_of("compile", cases, "--emit=imported")
        modules = "\n// -----\n".join((self.folder / name).read_text(encoding="utf-8") for name in self.files())
        self.assertGreater(modules.count("// -----"), 30)
        for pipeline in ("conveinsum-to-linalg,linalg-to-llvm-cpu",
                         "conveinsum-plan,conveinsum-decompose,canonicalize,conveinsum-simplify,convert-conveinsum-to-linalg"):
            with self.subTest(pipeline=pipeline):
                done = limited(OPT, "--split-input-file", "-", f"--pass-pipeline=builtin.module({pipeline})", stdin=modules)
                self.assertIn(done.returncode, (0, 1), done.stderr[-2000:])
                self.assertNotIn("Stack dump", done.stderr)
                for line in done.stderr.splitlines():
                    if " error: " in line:
                        self.assertRegex(line, r"2\^62|period of at most")


if __name__ == "__main__":
    unittest.main()
