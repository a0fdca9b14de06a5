"""Forward and backward functions in objects and libraries: what they say of themselves, and what calls of them give."""

import json
import shutil
import subprocess
import unittest

import numpy as np

from command import CP, CP_SHAPES, data
from training import NETWORK, OPT, LibraryTest, aligned

class Training(LibraryTest):
    def test_info(self):
        _, info = self.library(CP, *CP_SHAPES, "--dtype=f64", "--gradients=0,2", "--tree=((0,1),2)")
        functions = info["functions"]
        self.assertEqual([(f["name"], f["role"], f["macs"]) for f in functions],
                         [("conveinsum_step_forward", "forward", 324), ("conveinsum_step_backward", "backward", 456)])
        operands = [("in0", "operand", 0, [2, 4, 8], 512, True), ("in1", "operand", 1, [3, 4], 96, True), ("in2", "operand", 2, [3, 3], 72, True)]
        workspace = [f["workspace_bytes"] for f in functions]
        described = [[(a["name"], a["role"], a["operand"], a["shape"], a["bytes"], a["const"]) for a in f["arguments"]] for f in functions]
        self.assertEqual(described, [
            operands + [("out", "out", None, [2, 3, 8], 384, False), ("kept", "kept", None, [384], 384, False),
                        ("workspace", "workspace", None, [workspace[0]], workspace[0], False)],
            operands + [("cotangent", "cotangent", None, [2, 3, 8], 384, True), ("kept", "kept", None, [384], 384, True),
                        ("grad0", "gradient", 0, [2, 4, 8], 512, False), ("grad2", "gradient", 2, [3, 3], 72, False),
                        ("workspace", "workspace", None, [workspace[1]], workspace[1], False)]])
        header = (self.folder / "libstep.h").read_text()
        for size, value in (("KEPT", 384), ("FORWARD_WORKSPACE", workspace[0]), ("BACKWARD_WORKSPACE", workspace[1])):
            self.assertIn(f"#define CONVEINSUM_STEP_{size}_BYTES {value}\n", header)
        self.assertNotIn("CONVEINSUM_STEP_WORKSPACE_BYTES", header)
        self.assertIn("const double *cotangent, const void *kept, double *grad0, double *grad2, void *workspace);", header)

    def test_what_is_kept_stands_there_without_bytes_too(self):
        _, info = self.library("ij,jk->ik", "2x3", "3x4", "--gradients=all")
        for function, place in zip(info["functions"], (3, 3)):
            kept = function["arguments"][place]
            self.assertEqual((kept["role"], kept["bytes"]), ("kept", 0))
        self.assertIn("#define CONVEINSUM_STEP_KEPT_BYTES 0\n", (self.folder / "libstep.h").read_text())

    def test_constants_and_gradients(self):
        arrays = [np.random.default_rng(k).standard_normal(shape) for k, shape in enumerate(((2, 20), (20, 20), (20, 20), (20, 3)))]
        library, info = self.library("ai,ij,jk,kl->al", "2x20", "20x20", "20x20", "20x3", "--dtype=f64", "--constants=1,2", "--gradients=0,3",
                                     "--tree=((0,(1,2)),3)")
        self.assertEqual([f["role"] for f in info["functions"]], ["prepare", "forward", "backward"])
        for function in info["functions"][1:]:
            self.assertEqual([a["role"] for a in function["arguments"][-2:]], ["prepared", "workspace"])
            self.assertTrue(function["arguments"][-2]["const"])
        self.assertEqual([a["name"] for a in info["functions"][2]["arguments"]],
                         ["in0", "in3", "cotangent", "kept", "grad0", "grad3", "prepared", "workspace"])
        header = (self.folder / "libstep.h").read_text()
        for size in ("PREPARED", "PREPARE_WORKSPACE", "KEPT", "FORWARD_WORKSPACE", "BACKWARD_WORKSPACE"):
            self.assertEqual(header.count(f"#define CONVEINSUM_STEP_{size}_BYTES "), 1)
        buffers = {"cotangent": aligned(48)}
        buffers["cotangent"].view("f8")[:] = g = np.arange(6.0)
        for function in info["functions"]:
            buffers.pop("workspace", None)
            self.call(library, function, arrays, buffers)
        x, a, b, c = arrays
        g = g.reshape(2, 3)
        np.testing.assert_allclose(buffers["out"].view("f8").reshape(2, 3), x @ a @ b @ c, atol=1e-11)
        np.testing.assert_allclose(buffers["grad0"].view("f8").reshape(2, 20), g @ (a @ b @ c).T, atol=1e-11)
        np.testing.assert_allclose(buffers["grad3"].view("f8").reshape(20, 3), (x @ a @ b).T @ g, atol=1e-11)

    def test_every_stage_shows_the_pair(self):
        for stage, function in (("steps", "func.func"), ("linalg", "func.func"), ("llvm", "llvm.func")):
            text = self.succeed("compile", CP, *CP_SHAPES, "--gradients=all", "--keep=0", "--emit=" + stage, "-o", "-")
            for name in ("forward", "backward"):
                self.assertIn(f"{function} @conveinsum_network_{name}(", text)
            self.assertNotIn("@conveinsum_network(", text)
        for stage in ("imported", "planned"):
            text = self.succeed("compile", CP, *CP_SHAPES, "--gradients=0,1", "--keep=1KiB", "--emit=" + stage, "-o", "-")
            self.assertEqual(text.count("conveinsum.gradient"), 2)
            self.assertIn("@conveinsum_network(", text)
        self.assertIn('conveinsum.keep_limit = "1KiB"', self.succeed(
            "compile", CP, *CP_SHAPES, "--gradients=0", "--keep=1KiB", "--emit=imported", "-o", "-"))

    def test_the_pipeline_gives_the_same_linalg(self):
        for options in (["--gradients=all"], ["--gradients=all", "--keep=0"], ["--gradients=1,2", "--constants=0"]):
            words = (*NETWORK, "--name=layer", "--target-cpu=x86-64", *options)
            # What asks for less stays on the function where it is imported.
            for stage in ("planned",) if "--keep=0" in options else ("imported", "planned"):
                module = self.path(stage + ".mlir")
                self.succeed("compile", *words, "--emit=" + stage, "-o", module)
                pipeline = "--conveinsum-to-linalg=layout-cpu=x86-64 peel-borders"
                text = subprocess.run([OPT, module, pipeline], capture_output=True, text=True, check=True)
                self.assertEqual(text.stdout, self.succeed("compile", *words, "--emit=linalg", "-o", "-"), (stage, options))

    def test_compiled_macs_are_those_of_the_plan(self):
        """For every network of the data file that has a figure for training, with all gradients and without the first."""
        for key, first in (("train_all_grads_macs", 0), ("train_operand0_frozen_macs", 1)):
            networks = [entry for entry in data("networks.json")["networks"] if key in entry.get("optimum", {})]
            self.assertGreater(len(networks), 80)
            for entry in networks:
                case = self.folder / "case.json"
                case.write_text(json.dumps({key: entry[key] for key in ("expr", "shapes", "conv_modes")}
                                           | {"gradients": list(range(first, entry["n"]))}))
                with self.subTest(name=entry["name"], first=first):
                    self.assertEqual(self.counted([f"--case={case}", "--name=layer"]), entry["optimum"][key])

    def test_headers_are_c_and_cpp(self):
        compiler = shutil.which("cc")
        if not compiler:
            self.skipTest("no C compiler")
        for dtype in ("bf16", "c64"):
            self.succeed("compile", CP, *CP_SHAPES, "--emit=library", "--dtype=" + dtype, "--gradients=0,2", "--constants=1", "-o", self.path("lib.so"))
            for language in ("c", "c++"):
                subprocess.run([compiler, "-x", language, "-fsyntax-only", "-Wall", "-Wextra", "-Werror", self.path("lib.h")], check=True)
            self.assertEqual("PyTorch" in (self.folder / "lib.h").read_text(), dtype == "c64")

    def test_refusals(self):
        output = ["--emit=library", "-o", self.path("lib.so")]
        for words, message in ((["--gradients=0", "--dtype=i32"], "expected floating or complex operands to have gradients, got i32"),
                               (["--gradients=4"], "expected an operand below 3 in gradients, got 4"),
                               (["--gradients=0", "--constants=0"], "in both gradients and constants"),
                               (["--keep=1"], "expected operands that need a gradient beside --keep, got none"),
                               (["--keep=1", "--gradients=0", "--memory-limit=1"], "expected one of --keep and --memory-limit, got both"),
                               (["--keep=x", "--gradients=0"], "expected --keep to be a size such as 2GiB, got 'x'")):
            with self.subTest(words=words):
                self.assertIn(message, self.refuse("compile", CP, *CP_SHAPES, *words, *output))
        for stage in ("steps", "linalg"):
            self.assertIn("for gradients", self.refuse("compile", "ij,jk->ik", "?x3", "3x4", "--gradients=1", "--emit=" + stage, "-o", "-"))
        self.succeed("compile", "ij,jk->ik", "?x3", "3x4", "--gradients=1", "--emit=planned", "-o", "-")
        self.assertEqual(self.files(), [])

    def test_names_of_a_batch(self):
        case = {"expr": "ij,jk->ik", "shapes": [[2, 3], [3, 4]]}
        lines = [{**case, "name": "a_backward", "output": self.path("0.o")}, {**case, "name": "a", "gradients": [0], "output": self.path("1.o")},
                 {**case, "name": "b", "gradients": [0], "output": self.path("2.o")}, {**case, "name": "b_forward", "output": self.path("3.o")},
                 {**case, "name": "c", "constants": [1], "output": self.path("4.o")}, {**case, "name": "c_prepare", "output": self.path("5.o")}]
        results = self.batch("compile", lines, "--emit=object", code=1)
        self.assertEqual(["error" in result for result in results], [False, True, False, True, False, True])
        self.assertIn("expected a name of its own, got the functions 'conveinsum_a_backward' again as in line 1", results[1]["error"]["message"])
        self.assertEqual((results[2]["function"], results[2]["functions"]), ("conveinsum_b", ["conveinsum_b_forward", "conveinsum_b_backward"]))


if __name__ == "__main__":
    unittest.main()
