"""Helpers of the tests of training: calls of grad, and of forward and backward functions."""

import ctypes
import json
import pathlib
import subprocess

import numpy as np

from command import COMMAND, CP_SHAPES, CommandTest

OPT = pathlib.Path(COMMAND).with_name("conveinsum-opt")

# Four operands, and a front of several points.
NETWORK = ("bxyo,xui,iyvj,jod->buvd", "6x4x3x2", "4x3x2", "2x3x4x3", "3x2x5")
NETWORK_SHAPES = [tuple(map(int, shape.split("x"))) for shape in NETWORK[1:]]


def aligned(size):
    buffer = np.full(size + 64, 255, "u1")
    begin = -buffer.ctypes.data % 64
    return buffer[begin:begin + size]


def drawn(shape, seed=0, dtype="f8"):
    random = np.random.default_rng(seed)
    values = random.standard_normal(shape)
    if np.dtype(dtype).kind == "c":
        values = values + 1j * random.standard_normal(shape)
    return np.asarray(values, dtype)


class GradTest(CommandTest):
    def save(self, name, array):
        np.save(self.path(name), array)
        return self.path(name)

    def load(self, operand, prefix="g"):
        return np.load(self.path(f"{prefix}.{operand}.npy"))

    def save_cp(self, dtype="f8"):
        """The operands of the network of the pages, and their files."""
        arrays = [drawn([int(n) for n in shape.split("x")], k, dtype) for k, shape in enumerate(CP_SHAPES)]
        return arrays, [self.save(f"x{k}.npy", array) for k, array in enumerate(arrays)]

    def grad(self, equation, files, *options):
        return json.loads(self.succeed("grad", equation, *files, "-o", self.path("g"), "--json", *options))


class LibraryTest(CommandTest):
    def library(self, *words, name="step"):
        """A library and what it says of itself."""
        path = self.path(f"lib{name}.so")
        self.succeed("compile", *words, "--emit=library", "-o", path)
        library = ctypes.CDLL(path)
        info = ctypes.string_at(ctypes.addressof(ctypes.c_char.in_dll(library, f"conveinsum_{name}_info")))
        return library, json.loads(info)

    def call(self, library, function, operands, buffers):
        """Calls a function with what its description asks for; `buffers` has what others are to find."""
        pointers = []
        for argument in function["arguments"]:
            if argument["role"] == "operand":
                array = operands[argument["operand"]]
            else:
                if argument["name"] not in buffers:
                    buffers[argument["name"]] = aligned(argument["bytes"])
                array = buffers[argument["name"]]
            pointers.append(ctypes.c_void_p(array.ctypes.data))
        getattr(library, function["name"])(*pointers)

    def counted(self, words):
        """The multiply-adds of both functions, counted in their steps."""
        steps = self.succeed("compile", *words, "--emit=steps", "-o", "-")
        text = subprocess.run([OPT, "--conveinsum-count-macs"], input=steps, capture_output=True, text=True, check=True).stdout
        return sum(int(part.split()[0]) for part in text.split("conveinsum.macs = ")[1:])
