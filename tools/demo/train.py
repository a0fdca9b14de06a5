#!/usr/bin/env python3
"""Trains the classifier of digits.mlir with code that conveinsum compiles.

One module has the loss, what counts right answers and the step of the optimizer.
It becomes a shared library in which the loss is a forward and a backward
function; this program draws pictures, calls the library, and computes nothing.
With several budgets for what is kept between the two functions it trains once
for each, and compares every loss and every gradient bit for bit.
"""

import argparse
import ctypes
import dataclasses
import pathlib
import re
import subprocess
import sys
import tempfile
import time

import numpy as np

import digits

MODULE = pathlib.Path(__file__).resolve().parent / "digits.mlir"
BATCH = 64
# How many products each entry of what a weight computes is the sum of. With a variance of 1 by that, pictures and all that is
# computed of them have about the same variance; 2 is what a relu takes.
SUMMANDS = {"across": 5, "down": 5, "mix": 12 / 2, "in": 16, "core": 12 * 3 * 3, "out": 12 / 2, "train0": 24, "train1": 8 * 4, "train2": 8 * 4}


def aligned(count: int, dtype: str = "f4") -> np.ndarray:
    """An array of zeros that begins at a multiple of 64 bytes, as results must."""
    size = count * np.dtype(dtype).itemsize
    memory = np.zeros(size + 64, "u1")
    begin = -memory.ctypes.data % 64
    return memory[begin:begin + size].view(dtype)


class Weights:
    """Places in one vector for all weights: each begins at a multiple of 16 numbers."""

    def __init__(self, source: str):
        loss = re.search(r"func\.func @loss\((.*?)\) ->", source, re.S)[1]
        self.shapes = {name: tuple(int(extent) for extent in shape.split("x"))
                       for name, shape in re.findall(r"%(\w+): tensor<([\dx]+)xf32> \{conveinsum\.gradient\}", loss)}
        self.places, self.size = {}, 0
        for name, shape in self.shapes.items():
            self.places[name] = slice(self.size, self.size + int(np.prod(shape)))
            self.size += -(-int(np.prod(shape)) // 16) * 16

    @property
    def count(self) -> int:
        return sum(place.stop - place.start for place in self.places.values())

    def views(self, vector: np.ndarray) -> dict[str, np.ndarray]:
        return {name: vector[self.places[name]].reshape(shape) for name, shape in self.shapes.items()}

    def drawn(self, seed: int) -> np.ndarray:
        """A vector to begin with: what is added is 0, what is multiplied is drawn."""
        random = np.random.default_rng(seed)
        vector = aligned(self.size)
        for name, view in self.views(vector).items():
            if name in SUMMANDS:
                view[...] = random.normal(0, SUMMANDS[name] ** -0.5, view.shape)
        return vector


class Library:
    """The compiled module, with so much kept for the backward function as `budget` allows."""

    def __init__(self, folder: pathlib.Path, opt: str, budget: str):
        stem = folder / ("digits-" + re.sub(r"\W", "_", budget))
        lowered, llvm, library = (stem.with_suffix(suffix) for suffix in (".mlir", ".ll", ".so"))
        pipeline = f"builtin.module(inline,conveinsum-to-linalg{{checkpoint={budget}}},linalg-to-llvm-cpu)"
        for words in ([opt, MODULE, f"--pass-pipeline={pipeline}", "--mlir-print-op-on-diagnostic=false", "-o", lowered],
                      ["mlir-translate-22", "--mlir-to-llvmir", lowered, "-o", llvm],
                      ["clang-22", "-O3", "-march=native", "-Wno-override-module", "-shared", "-fPIC", llvm, "-o", library, "-lm"]):
            subprocess.run(words, check=True)
        self.library = ctypes.CDLL(library)
        text = lowered.read_text()
        self.kept_bytes = self.size_of(text, "loss_forward", "kept")
        self.kept = aligned(self.kept_bytes, "u1")
        functions = ("loss_forward", "loss_backward", "right_answers", "update")
        self.workspace = aligned(max(self.size_of(text, function, "workspace") for function in functions), "u1")
        self.seconds = 0.0

    @staticmethod
    def size_of(text: str, function: str, buffer: str) -> int:
        """What an attribute of the function says: the bytes of a buffer."""
        return int(re.search(rf"llvm\.func @{function}\(.*conveinsum\.{buffer}_bytes = (\d+) : i64", text)[1])

    def call(self, function: str, *arrays: np.ndarray):
        pointers = [ctypes.c_void_p(array.ctypes.data) for array in (*arrays, self.workspace)]
        begin = time.perf_counter()
        getattr(self.library, function)(*pointers)
        self.seconds += time.perf_counter() - begin


class Trainer:
    """Weights on their way, and what the optimizer knows. What functions write is not what they read, so there are two of each vector."""

    def __init__(self, library: Library, weights: Weights, seed: int):
        self.library, self.weights = library, weights
        self.state = [weights.drawn(seed), aligned(weights.size), aligned(weights.size)]
        self.next_state = [aligned(weights.size) for _ in self.state]
        self.gradient = aligned(weights.size)
        self.loss, self.right = aligned(1), aligned(1)
        self.cotangent = np.ones(1, "f4")

    def operands(self) -> list[np.ndarray]:
        return list(self.weights.views(self.state[0]).values())

    def differentiate(self, pictures: np.ndarray, labels: np.ndarray) -> float:
        """The loss of a batch; its gradient is in `gradient`."""
        operands = [pictures, labels, *self.operands()]
        kept = self.library.kept
        self.library.call("loss_forward", *operands, self.loss, kept)
        self.library.call("loss_backward", *operands, self.cotangent, kept, *self.weights.views(self.gradient).values())
        return float(self.loss[0])

    def step(self, pictures: np.ndarray, labels: np.ndarray) -> float:
        loss = self.differentiate(pictures, labels)
        self.library.call("update", *self.state, self.gradient, *self.next_state)
        self.state, self.next_state = self.next_state, self.state
        return loss

    def accuracy(self, pictures: np.ndarray, labels: np.ndarray) -> float:
        """The share of right answers, of whole batches."""
        right = 0
        for begin in range(0, len(pictures), BATCH):
            batch = slice(begin, begin + BATCH)
            self.library.call("right_answers", pictures[batch], labels[batch], *self.operands(), self.right)
            right += int(self.right[0])
        return right / len(pictures)


@dataclasses.dataclass
class History:
    """What came out of every step, and at the ends of epochs."""
    losses: list[float] = dataclasses.field(default_factory=list)
    gradients: list[bytes] = dataclasses.field(default_factory=list)
    epochs: list[tuple[float, float]] = dataclasses.field(default_factory=list)


def train(trainer: Trainer, training, testing, epochs: int, seed: int, show=print) -> History:
    history, random = History(), np.random.default_rng(seed)
    pictures, labels = training
    for epoch in range(1, epochs + 1):
        order = random.permutation(len(pictures)).reshape(-1, BATCH)
        for batch in order:
            history.losses.append(trainer.step(pictures[batch], labels[batch]))
            history.gradients.append(trainer.gradient.tobytes())
        loss, accuracy = float(np.mean(history.losses[-len(order):])), trainer.accuracy(*testing)
        history.epochs.append((loss, accuracy))
        show(f"epoch {epoch:2}: mean loss {loss:.4f}, {100 * accuracy:.1f} % of the test set right")
    return history


def positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError
    return number


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--budgets", nargs="+", default=["max", "25%", "min"], metavar="BUDGET",
                        help="what may be kept for the backward pass, as conveinsum-checkpoint takes it [max 25%% min]")
    parser.add_argument("--epochs", type=positive, default=10, help="[10]")
    parser.add_argument("--batches", type=positive, default=128, help="batches of 64 pictures in an epoch [128]")
    parser.add_argument("--seed", type=positive, default=1, help="of pictures, weights and their order [1]")
    parser.add_argument("--opt", default="build/bin/conveinsum-opt", help="the compiler [build/bin/conveinsum-opt]")
    arguments = parser.parse_args()

    training = digits.digits(BATCH * arguments.batches, digits.TRAINING_FONTS, arguments.seed)
    testing = digits.digits(BATCH * 16, digits.TESTING_FONTS, arguments.seed + 1)
    weights = Weights(MODULE.read_text())
    print(f"{len(training[0])} pictures to train with, {len(testing[0])} to test with, {weights.count} weights")
    budgets, histories = list(dict.fromkeys(arguments.budgets)), {}
    with tempfile.TemporaryDirectory() as folder:
        for budget in budgets:
            try:
                library = Library(pathlib.Path(folder), arguments.opt, budget)
            except FileNotFoundError as error:
                sys.exit(f"error: expected the program '{error.filename}', got nothing of this name")
            except subprocess.CalledProcessError:
                sys.exit(1)
            print(f"budget {budget}: {library.kept_bytes} bytes are kept for the backward pass")
            histories[budget] = train(Trainer(library, weights, arguments.seed), training, testing, arguments.epochs, arguments.seed)
            print(f"{library.seconds:.1f} s in compiled code")
    first, *others = histories.values()
    for budget, other in zip(budgets[1:], others):
        same = first.losses == other.losses and first.gradients == other.gradients
        print(f"budget {budget}: losses and gradients of {len(first.losses)} steps are {'' if same else 'NOT '}those of {budgets[0]}")
        if not same:
            sys.exit(1)


if __name__ == "__main__":
    main()
