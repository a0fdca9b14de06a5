#!/usr/bin/env python3
"""What keeping and recomputing cost, layer by layer: MACs, bytes and measured time.

For layers of test/data/networks.json that have a front, every point of it is
compiled (`conveinsum compile --gradients=all --keep=`) and run: forward, then
backward. Beside them stands what wrappers of whole layers do, which keep
nothing, run the forward pass again and then a backward pass that has everything.

  tools/bench-training.py [--tool=build/bin/conveinsum] [--layers=CP_128,...]
      [--batch=8] [--points=4] [--repetitions=7] [--core=N]

All points of a layer are timed in turn, so that ratios come from the same
minute; times are medians, in units of the time with everything kept. Needs
NumPy. The exit code is 1 if bytes or MACs of compiled functions are not those of
the front, if a gradient differs between points, or if a wrapper of the whole
layer has fewer MACs than the point that keeps nothing.
"""

import argparse
import ctypes
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np

ROOT = pathlib.Path(__file__).resolve().parent.parent


def aligned(size):
    buffer = np.zeros(size + 64, "u1")
    begin = -buffer.ctypes.data % 64
    return buffer[begin:begin + size]


class Layer:
    """One equation, its operands, and the functions of the points of its front."""

    def __init__(self, tool, folder, entry, batch):
        self.tool, self.folder, self.name = tool, folder, entry["name"]
        shapes = [list(shape) for shape in entry["shapes"]]
        shapes[0][0] = min(batch, shapes[0][0])
        self.case = folder / "case.json"
        self.case.write_text(json.dumps({"expr": entry["expr"], "shapes": shapes,
                                         "conv_modes": entry["conv_modes"], "gradients": "all"}))
        random = np.random.default_rng(0)
        self.operands = [random.standard_normal(shape, dtype=np.float32) for shape in shapes]

    def command(self, *words):
        run = subprocess.run([self.tool, *words], capture_output=True, text=True)
        if run.returncode:
            sys.exit(f"{self.name}: {run.stderr}")
        return run.stdout

    def front(self):
        return json.loads(self.command("pareto", f"--case={self.case}", "--json"))["front"]

    def compile(self, point, number):
        name = f"p{number}"
        path = self.folder / f"lib{self.name}_{name}.so"
        self.command("compile", f"--case={self.case}", f"--keep={point['kept_bytes']}", f"--name={name}",
                     "--threads=1", "--emit=library", "-o", str(path))
        library = ctypes.CDLL(str(path))
        text = ctypes.string_at(ctypes.addressof(ctypes.c_char.in_dll(library, f"conveinsum_{name}_info")))
        return Pair(library, json.loads(text)["functions"], self.operands)


class Pair:
    """A forward and a backward function, with their buffers."""

    def __init__(self, library, functions, operands):
        self.calls = []
        self.macs = [function["macs"] for function in functions]
        self.kept = sum(argument["bytes"] for argument in functions[0]["arguments"]
                        if argument["role"] == "kept")
        # Both functions share what has one name.
        sizes = {}
        for argument in functions[0]["arguments"] + functions[1]["arguments"]:
            if argument["role"] != "operand":
                sizes[argument["name"]] = max(sizes.get(argument["name"], 0), argument["bytes"])
        self.buffers = {name: aligned(size) for name, size in sizes.items()}
        for function in functions:
            pointers = []
            for argument in function["arguments"]:
                if argument["role"] == "operand":
                    array = operands[argument["operand"]]
                else:
                    array = self.buffers[argument["name"]]
                    if argument["role"] == "cotangent":
                        array.view("f4")[:] = np.random.default_rng(1).standard_normal(
                            len(array) // 4, dtype=np.float32)
                pointers.append(ctypes.c_void_p(array.ctypes.data))
            self.calls.append((getattr(library, function["name"]), pointers))

    def run(self, *numbers):
        """Seconds of functions, 0 for forward and 1 for backward, in turn."""
        start = time.perf_counter()
        for number in numbers:
            function, pointers = self.calls[number]
            function(*pointers)
        return time.perf_counter() - start

    def gradients(self):
        return {name: buffer.view("f4").copy() for name, buffer in self.buffers.items()
                if name.startswith("grad")}


def thinned(front, most):
    """Both ends and points between them, evenly."""
    if len(front) <= most:
        return front
    return [front[round(k * (len(front) - 1) / (most - 1))] for k in range(most)]


def measure(layer, points, repetitions):
    """Rows of the table, and whether all that must hold does."""
    pairs = [layer.compile(point, number) for number, point in enumerate(points)]
    whole, isFine = pairs[-1], True
    runs = [(point["kept_bytes"], sum(pair.macs), pair, (0, 1)) for point, pair in zip(points, pairs)]
    runs.append((0, 2 * whole.macs[0] + whole.macs[1], whole, (0, 0, 1)))
    seconds = [[] for _ in runs]
    for repetition in range(repetitions + 1):
        for times, (_, _, pair, numbers) in zip(seconds, runs):
            elapsed = pair.run(*numbers)
            if repetition: # the first one warms up
                times.append(elapsed)
    expected = whole.gradients()
    for point, pair in zip(points, pairs):
        isFine &= pair.kept == point["kept_bytes"] and sum(pair.macs) == point["macs"]
        for name, gradient in pair.gradients().items():
            isFine &= bool(np.linalg.norm(gradient - expected[name]) <= 1e-4 * np.linalg.norm(expected[name]))
    isFine &= runs[0][1] <= runs[-1][1]
    unit = statistics.median(seconds[len(points) - 1])
    rows = []
    for number, ((kept, macs, _, _), times) in enumerate(zip(runs, seconds)):
        label = "whole layer again" if number == len(points) else f"{kept / 2**20:.2f}"
        rows.append(f"| {layer.name} | {label} | {macs / sum(whole.macs):.3f} | "
                    f"{statistics.median(times) / unit:.3f} | {1e3 * statistics.median(times):.2f} |")
    return rows, isFine


def atLeast(least):
    """A reader of whole numbers."""

    def read(text):
        number = int(text)
        if number < least:
            raise argparse.ArgumentTypeError(f"expected at least {least}, got {text}")
        return number

    return read


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--tool", default=str(ROOT / "build/bin/conveinsum"))
    parser.add_argument("--layers", default="")
    parser.add_argument("--batch", type=atLeast(1), default=8)
    parser.add_argument("--points", type=atLeast(2), default=4)
    parser.add_argument("--repetitions", type=atLeast(1), default=7)
    parser.add_argument("--core", type=int, default=max(os.sched_getaffinity(0)))
    arguments = parser.parse_args()
    os.sched_setaffinity(0, {arguments.core})
    networks = json.loads((ROOT / "test/data/networks.json").read_text())["networks"]
    chosen = [name for name in arguments.layers.split(",") if name]
    entries = [entry for entry in networks if "train_front" in entry
               and (entry["name"] in chosen if chosen else entry["family"] == "tnn")]
    unknown = set(chosen) - {entry["name"] for entry in entries}
    if unknown:
        sys.exit(f"expected layers that have a front, got {', '.join(sorted(unknown))}")
    print("| layer | MiB kept | MACs | time | ms |\n|---|---|---|---|---|", flush=True)
    allFine = True
    for entry in entries:
        with tempfile.TemporaryDirectory() as folder:
            layer = Layer(arguments.tool, pathlib.Path(folder), entry, arguments.batch)
            rows, isFine = measure(layer, thinned(layer.front(), arguments.points), arguments.repetitions)
        print("\n".join(rows) + ("" if isFine else f"\n{entry['name']}: not as promised"), flush=True)
        allFine &= isFine
    return 0 if allFine else 1


if __name__ == "__main__":
    sys.exit(main())
