"""IR of every stage, objects, and libraries that C and Python can call."""

import ctypes
import pathlib
import shutil
import subprocess
import unittest

import numpy as np

from command import COMMAND, CP, CP_SHAPES, CommandTest

OP = "conveinsum.einsum"


class Compile(CommandTest):
    def emit(self, stage, *options):
        return self.succeed("compile", CP, *CP_SHAPES, "--emit=" + stage, "-o", "-", *options)

    def test_stages(self):
        imported = self.emit("imported")
        self.assertEqual((imported.count(OP), imported.count("func.func")), (1, 1))
        self.assertNotIn("plan", imported)
        self.assertIn("plan ((0,1),2)", self.emit("planned"))
        self.assertIn("plan ((0,2),1)", self.emit("planned", "--tree=((0,2),1)"))
        self.assertEqual(self.emit("steps").count(OP), 2)
        linalg = self.emit("linalg")
        self.assertNotIn(OP, linalg)
        self.assertIn("linalg.", linalg)
        self.assertIn("llvm.func", self.emit("llvm"))

    def test_equal_steps_are_compiled_once(self):
        text = self.succeed("compile", "ab,bc,cd,de->ae", *["4x4"] * 4, "--tree=((0,1),(2,3))", "--emit=linalg", "-o", "-")
        self.assertEqual(text.count("func.func private"), 1)
        self.assertEqual(text.count("call @"), 3)

    def test_the_pipeline_gives_the_same_linalg(self):
        """The command and conveinsum-opt print the same text from the same module."""
        opt = pathlib.Path(COMMAND).with_name("conveinsum-opt")
        networks = [(CP, *CP_SHAPES), ("ab,bc,cd,de->ae", *["4x4"] * 4), ("ij->ji", "3x4")]
        for network in networks:
            for stage in ("imported", "planned", "steps"):
                module = self.path(stage + ".mlir")
                self.succeed("compile", *network, "--emit=" + stage, "-o", module)
                text = subprocess.run([opt, module, "--conveinsum-to-linalg"], capture_output=True, text=True, check=True)
                self.assertEqual(text.stdout, self.succeed("compile", *network, "--emit=linalg", "-o", "-"))

    def test_wrong_values(self):
        self.refuse("compile", CP, *CP_SHAPES, "--emit=assembly", "-o", "-")
        self.refuse("compile", CP, *CP_SHAPES, "--emit=object", "-o", "-")
        self.refuse("compile", CP, *CP_SHAPES, "--emit=library", "-o", self.path("no/lib.so"))
        self.assertEqual(self.files(), [])

    def test_library(self):
        path = self.path("libstep.so")
        self.succeed("compile", CP, *CP_SHAPES, "--emit=library", "--dtype=f64", "-o", path)
        self.assertEqual(self.files(), ["libstep.h", "libstep.so"])
        header = pathlib.Path(self.path("libstep.h")).read_text(encoding="utf-8")
        function = header.split("void ")[1].split("(")[0]
        workspace = int(header.split("_WORKSPACE_BYTES ")[-1].split()[0])

        exported = subprocess.run(["nm", "-D", "--defined-only", path], capture_output=True, text=True, check=True)
        self.assertEqual([line.split()[-1] for line in exported.stdout.splitlines()], [function])

        random = np.random.default_rng(0)
        x, a, k = (random.standard_normal(shape) for shape in ((2, 4, 8), (3, 4), (3, 3)))
        out = self.aligned(2 * 3 * 8 * 8).view("f8").reshape(2, 3, 8)
        arrays = (x, a, k, out, self.aligned(max(workspace, 1)))
        getattr(ctypes.CDLL(path), function)(*(ctypes.c_void_p(array.ctypes.data) for array in arrays))
        t = np.pad(np.einsum("bsh,rs->brh", x, a), ((0, 0), (0, 0), (1, 1)))
        expected = sum(t[:, :, j:j + 8] * k[:, j, None] for j in range(3))
        np.testing.assert_allclose(out, expected, rtol=0, atol=1e-13)

    @staticmethod
    def aligned(size):
        buffer = np.zeros(size + 64, "u1")
        begin = -buffer.ctypes.data % 64
        return buffer[begin:begin + size]

    def test_header_is_c(self):
        compiler = shutil.which("cc")
        if not compiler:
            self.skipTest("no C compiler")
        self.succeed("compile", CP, *CP_SHAPES, "--emit=library", "--dtype=bf16", "-o", self.path("lib.so"))
        for language in ("c", "c++"):
            subprocess.run([compiler, "-x", language, "-fsyntax-only", "-Wall", "-Werror", self.path("lib.h")], check=True)

    def test_object(self):
        self.succeed("compile", CP, *CP_SHAPES, "--emit=object", "-o", self.path("step.o"))
        symbols = subprocess.run(["nm", "--extern-only", "--defined-only", self.path("step.o")], capture_output=True, text=True,
                                 check=True)
        self.assertEqual(len(symbols.stdout.splitlines()), 1)

    def test_no_compiler_driver(self):
        done = subprocess.run([COMMAND, "compile", CP, *CP_SHAPES, "--emit=library", "-o", self.path("lib.so")],
                              env={"PATH": "/nonexistent"}, capture_output=True, text=True)
        self.assertEqual(done.returncode, 1)
        self.assertIn("compiler driver", done.stderr)
        self.assertEqual(self.files(), [])

    def test_batch(self):
        lines = [{"name": "a", "expr": "ij->ji", "shapes": [[2, 3]], "output": self.path("a.mlir")},
                 {"name": "b", "expr": "ij->ji", "shapes": [[2, 3]]}]
        results = self.batch("compile", lines, "--emit=steps", code=1)
        self.assertEqual(results[0]["output"], self.path("a.mlir"))
        self.assertIn("error", results[1])


if __name__ == "__main__":
    unittest.main()
