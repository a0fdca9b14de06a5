"""IR of every stage, objects, and libraries that C and Python can call."""

import ctypes
import json
import pathlib
import shutil
import subprocess
import unittest

import numpy as np

from command import COMMAND, CP, CP_SHAPES, CommandTest, call

OP = "conveinsum.einsum"


class Compile(CommandTest):
    def emit(self, stage, *options):
        return self.succeed("compile", CP, *CP_SHAPES, "--emit=" + stage, "-o", "-", *options)

    def test_stages(self):
        imported = self.emit("imported")
        self.assertEqual((imported.count(OP), imported.count("func.func")), (1, 1))
        self.assertNotIn("plan", imported)
        self.assertIn("plan ((0,2),1)", self.emit("imported", "--tree=((0,2),1)"))
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
        networks = [(CP, *CP_SHAPES), ("ab,bc,cd,de->ae", *["4x4"] * 4), ("ij->ji", "3x4"), (CP, *CP_SHAPES, "--constants=1,2")]
        for network in networks:
            for stage in ("imported", "planned", "steps"):
                module = self.path(stage + ".mlir")
                self.succeed("compile", *network, "--emit=" + stage, "-o", module, "--name=layer")
                text = subprocess.run([opt, module, "--conveinsum-to-linalg"], capture_output=True, text=True, check=True)
                self.assertEqual(text.stdout, self.succeed("compile", *network, "--emit=linalg", "-o", "-", "--name=layer"))

    def test_one_pipeline_does_what_compile_does(self):
        opt = pathlib.Path(COMMAND).with_name("conveinsum-opt")
        words = (CP, *CP_SHAPES, "--constants=1,2", "--name=layer")
        module = self.path("planned.mlir")
        self.succeed("compile", *words, "--emit=planned", "-o", module)
        pipeline = "builtin.module(conveinsum-to-linalg,linalg-to-llvm-cpu{cpu=x86-64})"
        done = subprocess.run([opt, module, "--pass-pipeline=" + pipeline, "--mlir-timing", "--mlir-print-ir-after=conveinsum-prepare"],
                              capture_output=True, text=True, check=True)
        self.assertEqual(done.stdout, self.succeed("compile", *words, "--emit=llvm", "-o", "-"))
        self.assertIn("Execution time report", done.stderr)
        self.assertIn("IR Dump After PreparePass (conveinsum-prepare)", done.stderr)

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
        self.assertEqual([line.split()[-1] for line in exported.stdout.splitlines()], [function, function + "_info"])
        self.assertEqual(function, "conveinsum_step")

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
        self.assertEqual([line.split()[-1] for line in symbols.stdout.splitlines()], ["conveinsum_step", "conveinsum_step_info"])
        self.assertEqual(self.files(), ["step.h", "step.o"])

    def test_names(self):
        for words, name in ((["-o", self.path("libstep.so")], "step"), (["-o", self.path("lib.so")], "lib"),
                            (["-o", self.path("a-b.1.so")], "a_b"), (["--name=Two", "-o", self.path("x.so")], "Two")):
            self.succeed("compile", CP, *CP_SHAPES, "--emit=library", *words)
            info = self.info(words[-1], name)
            self.assertEqual((info["name"], info["functions"][0]["name"]), (name, "conveinsum_" + name))
        self.assertIn("@conveinsum_network(", self.emit("imported"))
        self.assertIn("@conveinsum_k2(", self.emit("imported", "--name=k2"))
        for name in ("", "a b", "a-b", "ü"):
            self.assertIn("expected --name to be letters, digits and '_', got '" + name + "'",
                          self.refuse("compile", CP, *CP_SHAPES, "--emit=steps", "-o", "-", "--name=" + name))
        self.assertIn("expected 'name' in the lines of a batch, got --name",
                      self.refuse("compile", "--batch=-", "--emit=steps", "--name=a"))

    def test_what_was_written_is_said(self):
        library, ir = self.path("libstep.so"), self.path("a.mlir")
        _, out, err = call("compile", CP, *CP_SHAPES, "--emit=library", "-o", library)
        self.assertEqual((out, err), ("", f"note: wrote {library} and {self.path('libstep.h')}\n"))
        self.assertEqual(call("compile", CP, *CP_SHAPES, "--emit=steps", "-o", ir)[2], f"note: wrote {ir}\n")
        self.assertEqual(call("compile", CP, *CP_SHAPES, "--emit=steps", "-o", "-")[2], "")

    def test_headers_of_others_are_kept(self):
        for emit, output in (("library", "foo"), ("object", "foo.o")):
            header = self.folder / "foo.h"
            header.write_text("int mine;\n")
            err = self.refuse("compile", CP, *CP_SHAPES, "--emit=" + emit, "-o", self.path(output))
            self.assertIn(f"expected a header of conveinsum or no file at '{header}', where the header goes, got another file", err)
            self.assertEqual((self.files(), header.read_text()), (["foo.h"], "int mine;\n"))
            header.unlink()
            header.mkdir()
            self.assertIn("where the header goes", self.refuse("compile", CP, *CP_SHAPES, "--emit=" + emit, "-o", self.path(output)))
            header.rmdir()
        self.succeed("compile", CP, *CP_SHAPES, "--emit=library", "-o", self.path("foo"))
        self.succeed("compile", CP, *CP_SHAPES, "--emit=library", "-o", self.path("foo"))

    def info(self, path, name):
        return json.loads(ctypes.string_at(ctypes.addressof(ctypes.c_char.in_dll(ctypes.CDLL(path), f"conveinsum_{name}_info"))))

    def test_info(self):
        path = self.path("libstep.so")
        self.succeed("compile", CP, *CP_SHAPES, "--emit=library", "--dtype=f64", "--constants=1,2", "--tree=((0,1),2)",
                     "--threads=2", "-o", path)
        info = self.info(path, "step")
        functions = info.pop("functions")
        self.assertEqual(info, {"version": 1, "name": "step", "equation": CP, "dtype": "f64", "result_dtype": "f64",
                                "shapes": [[2, 4, 8], [3, 4], [3, 3]], "result_shape": [2, 3, 8], "tree": [[0, 1], 2],
                                "macs": {"exact": 324, "dense": 336}, "target_cpu": "x86-64", "threads": 2})
        self.assertEqual([(f["name"], f["role"], f["macs"]) for f in functions],
                         [("conveinsum_step_prepare", "prepare", 0), ("conveinsum_step", "run", 324)])
        described = [[(a["name"], a["role"], a["operand"], a["shape"], a["bytes"], a["const"]) for a in f["arguments"]]
                     for f in functions]
        workspace = [f["workspace_bytes"] for f in functions]
        # Both constants are handed on, one behind the other.
        self.assertEqual(described, [
            [("in1", "operand", 1, [3, 4], 96, True), ("in2", "operand", 2, [3, 3], 72, True),
             ("prepared", "prepared", None, [168], 168, False), ("workspace", "workspace", None, [workspace[0]], workspace[0], False)],
            [("in0", "operand", 0, [2, 4, 8], 512, True), ("out", "out", None, [2, 3, 8], 384, False),
             ("prepared", "prepared", None, [168], 168, True), ("workspace", "workspace", None, [workspace[1]], workspace[1], False)]])
        self.assertEqual({a["dtype"] for f in functions for a in f["arguments"] if a["role"] in ("operand", "out")}, {"f64"})

    # Networks, their constants and orders; None: the planner's.
    PREPARED = (("ai,ij,jk->ak", ["3x20", "20x20", "20x20"], "1,2", None),
                ("ai,ij,jk->ak", ["3x20", "20x20", "20x20"], "1", "((0,1),2)"),
                ("ai,ij,jk->ak", ["3x20", "20x20", "20x20"], "0,1,2", None),
                ("bshw,rt,rs,rh,rw->bthw|hw", ["2x4x6x6", "3x5", "3x4", "3x3", "3x3"], "1,2,3,4", None),
                ("bshw,rt,rs,rh,rw->bthw|hw", ["2x4x6x6", "3x5", "3x4", "3x3", "3x3"], "1,2,3,4", "((((1,2),3),4),0)"),
                ("i,ij->j", ["5", "5x0"], "1", None),
                ("ab,bc,cd,de->ae", ["4x4"] * 4, "0,3", "((0,(1,2)),3)"))

    def test_constants_are_prepared_once(self):
        for number, (equation, shapes, constants, tree) in enumerate(self.PREPARED):
            with self.subTest(equation=equation, constants=constants, tree=tree):
                words = [equation, *shapes, "--constants=" + constants, "--dtype=f64"] + (["--tree=" + tree] if tree else [])
                path = self.path(f"lib{number}.so")
                self.succeed("compile", *words, "--emit=library", "-o", path)
                plan = json.loads(self.succeed("plan", *words, "--json"))
                info = self.info(path, f"_{number}")
                prepare, run = info["functions"]
                steps = [step["macs"]["exact"] for step in plan["steps"]]
                self.assertEqual(prepare["macs"], sum(steps[k] for k in plan["prepare"]))
                self.assertEqual(run["macs"], sum(steps) - prepare["macs"])
                self.assertEqual(run["macs"], plan["value"])
                # Once prepared, new data give new results without the constants.
                library, random = ctypes.CDLL(path), np.random.default_rng(number)
                arrays = [random.standard_normal([int(extent) for extent in shape.split("x")]) for shape in shapes]
                buffers = {"prepared": self.aligned(prepare["arguments"][-2]["bytes"])}
                self.call_described(library, prepare, arrays, buffers)
                free = [k for k in range(len(shapes)) if str(k) not in constants.split(",")]
                for _ in range(2):
                    for k in free:
                        arrays[k] = random.standard_normal(arrays[k].shape)
                    given = [array if k in free else None for k, array in enumerate(arrays)]
                    self.call_described(library, run, given, buffers)
                    out = buffers["out"].view("f8").reshape(info["result_shape"])
                    np.testing.assert_allclose(out, self.expected(equation, arrays), rtol=0, atol=1e-11)

    def call_described(self, library, function, operands, buffers):
        """Calls a function with what its description asks for."""
        pointers = []
        for argument in function["arguments"]:
            if argument["role"] == "operand":
                array = operands[argument["operand"]]
            elif argument["role"] == "prepared":
                array = buffers["prepared"]
            else:
                array = buffers[argument["role"]] = self.aligned(argument["bytes"])
                array[:] = 255  # nobody counts on zeros
            pointers.append(ctypes.c_void_p(array.ctypes.data))
        getattr(library, function["name"])(*pointers)

    @staticmethod
    def expected(equation, arrays):
        if "|" not in equation:
            return np.einsum(equation, *arrays)
        x, t, s, h, w = arrays
        kernel = np.einsum("rt,rs,rh,rw->tshw", t, s, h, w)
        padded = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)))
        windows = np.lib.stride_tricks.sliding_window_view(padded, (3, 3), (2, 3))
        return np.einsum("bsxyhw,tshw->btxy", windows, kernel)

    def test_two_layers_in_one_program(self):
        compiler = shutil.which("cc") or shutil.which("clang-22")
        if not compiler:
            self.skipTest("no C compiler")
        self.succeed("compile", "i,ij->j", "2", "2x3", "--emit=object", "--constants=1", "-o", self.path("first.o"))
        self.succeed("compile", "i,i->", "3", "3", "--emit=library", "--name=second", "-o", self.path("liblayer.so"))
        self.assertIn("Link with: cc program.c first.o -lm\n", (self.folder / "first.h").read_text())
        self.assertIn("Link with: cc program.c liblayer.so\n", (self.folder / "liblayer.h").read_text())
        (self.folder / "program.c").write_text(r"""
#include "first.h"
#include "liblayer.h"
#include <stdio.h>
static _Alignas(64) unsigned char prepared[CONVEINSUM_FIRST_PREPARED_BYTES + 1];
static _Alignas(64) unsigned char workspace[CONVEINSUM_FIRST_WORKSPACE_BYTES + CONVEINSUM_FIRST_PREPARE_WORKSPACE_BYTES +
                                            CONVEINSUM_SECOND_WORKSPACE_BYTES + 1];
int main(void) {
  static _Alignas(64) float out[3], sum[1];
  const float matrix[] = {1, 2, 3, 4, 5, 6}, ones[] = {1, 1, 1};
  conveinsum_first_prepare(matrix, prepared, workspace);
  for (int i = 1; i <= 2; ++i) {
    const float x[] = {(float)i, 10};
    conveinsum_first(x, out, prepared, workspace);
    conveinsum_second(out, ones, sum, workspace);
    printf("%g %g %g %g\n", out[0], out[1], out[2], sum[0]);
  }
  printf("%d %d\n", conveinsum_first_info[0], conveinsum_second_info[0]);
  return 0;
}
""")
        subprocess.run([compiler, "-Wall", "-Werror", "program.c", "first.o", "liblayer.so", "-lm", "-Wl,-rpath,$ORIGIN", "-o", "program"],
                       cwd=self.folder, check=True)
        done = subprocess.run([self.path("program")], capture_output=True, text=True, check=True)
        self.assertEqual(done.stdout, "41 52 63 156\n42 54 66 162\n123 123\n")

    def test_threads_are_linked(self):
        self.succeed("compile", "i,ij->j", "2", "2x3", "--emit=object", "--threads=2", "-o", self.path("a.o"))
        self.assertIn("Link with: cc program.c a.o -lomp -lm\n", (self.folder / "a.h").read_text())

    def test_constants_in_every_stage(self):
        options = ("--constants=1,2", "--tree=(0,(1,2))")
        for stage in ("imported", "planned"):
            self.assertEqual(self.emit(stage, *options).count("{conveinsum.constant}"), 2)
        for stage in ("steps", "linalg", "llvm"):
            text = self.emit(stage, *options)
            self.assertIn("@conveinsum_network_prepare(", text)
            self.assertNotIn("conveinsum.constant", text)

    def test_no_compiler_driver(self):
        done = subprocess.run([COMMAND, "compile", CP, *CP_SHAPES, "--emit=library", "-o", self.path("lib.so")],
                              env={"PATH": "/nonexistent"}, capture_output=True, text=True)
        self.assertEqual(done.returncode, 1)
        self.assertIn("compiler driver", done.stderr)
        self.assertEqual(self.files(), [])

    def test_sizes_beyond_addresses(self):
        side = str(1 << 32)
        for network in (["ab,bc->ac", side + "x" + side, side + "x" + side],
                        ["a,b,c->abc", side, side, "4", "--constants=0,1", "--tree=((0,1),2)"]):
            for limit in ([], ["--memory-limit=1MiB", "--planner=left"] if len(network) == 3 else []):
                said = self.refuse("compile", *network, *limit, "--emit=library", "-o", self.path("x.so"))
                self.assertIn("expected tensors of at most 2^62 bytes in all, got ", said)
        self.assertEqual(self.files(), [])

    def test_open_sizes(self):
        text = self.succeed("compile", "bsh,rs,rh->brh|h", "?x4x8", "3x4", "3x3", "--emit=linalg", "-o", "-")
        self.assertIn("tensor<?x3x8xf32>", text)
        self.assertNotIn(OP, text)
        planned = self.succeed("compile", "ij,jk,kl->il", "?x9", "9x9", "9x2", "--emit=planned", "-o", "-")
        self.assertIn("plan (0,(1,2))", planned)

    def test_open_sizes_that_are_summed_over(self):
        for network in (["b->|b", "?"], ["a,a,->|a", "?", "3", "scalar", "--conv=a:stride=2,padding=9223372036854775806/-5"],
                        ["ab,ba,a->b|ba", "?x3", "3x2", "2", "--conv=a:stride=2,flip"]):
            for stage in ("imported", "planned", "linalg"):
                self.assertIn("expected a static extent, as the result does not hold the mode, got a dynamic one",
                              self.refuse("compile", *network, "--emit=" + stage, "-o", "-"))

    def test_open_sizes_have_no_code(self):
        for emit in ("llvm", "object", "library"):
            said = self.refuse("compile", "bs,rs->br", "?x4", "3x4", "--emit=" + emit, "-o", self.path("x.o"))
            self.assertIn(f"expected static extents for --emit={emit}, got a dynamic extent of mode b in operand 0", said)
        said = self.refuse("compile", "bs,rs,rt->bt", "?x4", "3x4", "3x2", "--memory-limit=1GiB", "--emit=linalg", "-o", "-")
        self.assertIn("expected static extents to count bytes, got a dynamic extent of mode b in operand 0", said)
        for planner in ("auto", "left"):
            said = self.refuse("compile", "h,h,h->h|h", "?", "3", "3", "--planner=" + planner, "--emit=planned", "-o", "-")
            self.assertIn("expected a static extent of conv mode h in operand 0, as 3 operands hold it, got a dynamic one", said)
        said = self.refuse("plan", "bs,rs->br", "?x4", "3x4")
        self.assertIn("expected a shape such as 32x64x56x56, or scalar, got '?x4'", said)

    def test_batch(self):
        lines = [{"name": "a", "expr": "ij->ji", "shapes": [[2, 3]], "output": self.path("a.mlir")},
                 {"name": "b", "expr": "ij->ji", "shapes": [[2, 3]]}]
        results = self.batch("compile", lines, "--emit=steps", code=1)
        self.assertEqual(results[0]["output"], self.path("a.mlir"))
        self.assertIn("error", results[1])


if __name__ == "__main__":
    unittest.main()
