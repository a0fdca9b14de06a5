"""What is written is said, and no file is lost that nobody gave up."""

import json
import os
import pathlib
import subprocess
import unittest

import numpy as np

from command import COMMAND, CP, CP_SHAPES, CommandTest, call, seconds

PLAIN = {"expr": "ij->ji", "shapes": [[2, 3]]}


class Replacing(CommandTest):
    def compile(self, output, *options, emit="library"):
        return ["compile", CP, *CP_SHAPES, f"--emit={emit}", "-o", self.path(output), *options]

    def test_files_of_others_are_kept(self):
        for emit, output, header in (("library", "foo", "foo.h"), ("object", "foo.o", "foo.h"), ("library", "libfoo.so", "libfoo.h")):
            for mine, what in ((header, "a header"), (output, "compiled code")):
                with self.subTest(emit=emit, mine=mine):
                    file = self.folder / mine
                    file.write_text("int mine;\n")
                    err = self.refuse(*self.compile(output, emit=emit))
                    self.assertIn(f"expected {what} of conveinsum or no file at '{file}'", err)
                    self.assertIn("got another file; --force replaces it", err)
                    self.assertEqual((self.files(), file.read_text()), ([mine], "int mine;\n"))
                    self.succeed(*self.compile(output, "--force", emit=emit))
                    self.assertNotIn("mine;", file.read_bytes().decode(errors="replace"))
                    for name in self.files():
                        (self.folder / name).unlink()

    def test_foreign_code_is_kept(self):
        (self.folder / "a.c").write_text("int conveinsum_a, answer = 42; const char x[] = \"conveinsum_\";\n")
        subprocess.run(["cc", "-shared", "-fPIC", self.path("a.c"), "-o", self.path("a.so")], check=True)
        self.assertIn("expected compiled code of conveinsum", self.refuse(*self.compile("a.so")))

    def test_our_own_files_are_replaced(self):
        for output, emit in (("libfoo.so", "library"), ("foo.o", "object"), ("x.mlir", "linalg")):
            for _ in range(2):
                self.succeed(*self.compile(output, emit=emit))
            subprocess.run(["strip", "-g", self.path(output)], stderr=subprocess.DEVNULL, check=False)
            self.succeed(*self.compile(output, emit=emit))
        # Nobody loses an empty file.
        (self.folder / "empty.so").touch()
        self.succeed(*self.compile("empty.so"))

    def test_code_goes_to_files(self):
        for output in ("/dev/null", str(self.folder)):
            for emit in ("object", "library"):
                self.assertIn("got no regular file",
                              self.refuse("compile", CP, *CP_SHAPES, "--emit=" + emit, "-o", output, "--force"))
        self.assertEqual(self.files(), [])

    def test_versions_of_libraries(self):
        for output, header in (("libfoo.so.1", "libfoo.h"), ("libbar.so.1.2.3", "libbar.h"), ("baz.1", "baz.1.h"), ("qux.so", "qux.h")):
            _, _, err = call(*self.compile(output))
            self.assertEqual(err, f"note: wrote {self.path(output)} and {self.path(header)}\n")
        self.assertIn("void conveinsum_foo(", pathlib.Path(self.path("libfoo.h")).read_text())

    def test_drawings_are_said(self):
        for command in ("plan", "pareto"):
            _, out, err = call(command, CP, *CP_SHAPES, "--svg=" + self.path("x.svg"))
            self.assertEqual((out, err), ("", f"note: wrote {self.path('x.svg')}\n"))
        self.assertEqual(call("plan", CP, *CP_SHAPES, "--svg=-")[2], "")


class Inputs(CommandTest):
    def save(self, name):
        np.save(self.path(name), np.arange(6, dtype="f4").reshape(2, 3))
        return self.path(name)

    def test_no_input_is_overwritten(self):
        a = self.save("a.npy")
        os.symlink("a.npy", self.path("link.npy"))
        before = pathlib.Path(a).read_bytes()
        for output in (a, self.path("./a.npy"), self.path("link.npy"), os.path.relpath(a)):
            err = self.refuse("run", "ij->ji", a, "-o", output)
            self.assertIn(f"expected an output that is none of the inputs, got '{output}'", err)
        self.assertIn("none of the inputs", self.refuse("run", "ij->ji", self.path("link.npy"), "-o", a))
        case = self.folder / "case.json"
        case.write_text(json.dumps({**PLAIN, "inputs": [a], "output": str(case)}))
        for words in (["run"], ["compile", "--emit=steps"], ["compile", "--emit=object"], ["plan", f"--svg={case}"]):
            self.assertIn("none of the inputs", self.refuse(words[0], f"--case={case}", *words[1:], *(
                ["-o", str(case)] if words[0] == "compile" else [])))
        case.write_text(json.dumps({**PLAIN, "inputs": [a], "output": a}))
        self.assertIn("none of the inputs", self.refuse("run", f"--case={case}"))
        batch = self.folder / "batch.jsonl"
        batch.write_text(json.dumps({**PLAIN, "inputs": [a], "output": str(batch)}) + "\n")
        code, out, _ = call("run", f"--batch={batch}")
        self.assertEqual(code, 1)
        self.assertIn("none of the inputs", json.loads(out)["error"]["message"])
        self.assertEqual(pathlib.Path(a).read_bytes(), before)
        self.succeed("run", "ij->ji", a, "-o", self.path("b.npy"))
        self.succeed("run", "ij->ji", a, "-o", self.path("b.npy"))


class Batches(CommandTest):
    def messages(self, results):
        return [result.get("error", {}).get("message") for result in results]

    def test_outputs_are_their_own(self):
        np.save(self.path("a.npy"), np.arange(6, dtype="f4").reshape(2, 3))
        line = {**PLAIN, "inputs": [self.path("a.npy")]}
        first, again = self.path("x.npy"), self.path("./x.npy")
        other = {"expr": "ij->i", "inputs": [self.path("a.npy")], "output": again}
        results = self.batch("run", [{**line, "output": first}, other, {**line, "output": self.path("y.npy")}], code=1)
        self.assertEqual(self.messages(results), [None, f"expected an output of its own, got '{again}' again as in line 1", None])
        np.testing.assert_array_equal(np.load(first), np.load(self.path("a.npy")).T)
        # What one line writes, another may read.
        self.batch("run", [{**line, "output": first}, {**line, "inputs": [first], "shapes": [[3, 2]], "output": self.path("z.npy")}])

    def test_headers_are_their_own(self):
        results = self.batch("compile", [{**PLAIN, "name": "a", "output": self.path("x.so")},
                                         {**PLAIN, "name": "b", "output": self.path("x.so.1")}], "--emit=library", code=1)
        self.assertEqual(self.messages(results), [None, f"expected an output of its own, got '{self.path('x.h')}' again as in line 1"])

    def test_names_are_their_own(self):
        names = ["a.b", "a_b", "A-B", "ab"]
        lines = [{**PLAIN, "name": name, "output": self.path(f"{k}.so")} for k, name in enumerate(names)]
        results = self.batch("compile", lines, "--emit=library", code=1)
        self.assertEqual(self.messages(results), [
            None, "expected a name of its own, got the functions 'conveinsum_a_b' again as in line 1",
            "expected a name of its own, got the functions 'conveinsum_A_B' again as in line 1", None])
        self.assertEqual(self.files(), ["0.h", "0.so", "3.h", "3.so"])
        # IR is linked by nobody.
        self.batch("compile", lines, "--emit=steps")

    def test_functions_are_named_after_files(self):
        self.batch("compile", [{**PLAIN, "output": self.path("libstep.so")}], "--emit=library")
        self.assertIn("void conveinsum_step(", pathlib.Path(self.path("libstep.h")).read_text())

    def test_standard_output_is_taken(self):
        self.assertEqual(self.messages(self.batch("compile", [{**PLAIN, "output": "-"}], "--emit=steps", code=1)),
                         ["expected the name of a file in a batch, got standard output"])


class Imported(CommandTest):
    def test_requests_are_carried(self):
        words = ["--minimize=time", "--planner=exact", "--count=dense", "--target=gpu", "--budget=1000moves", "--memory-limit=2MiB",
                 "--gradients=0,2", "--constants=1"]
        out = self.succeed("compile", CP, *CP_SHAPES, "--emit=imported", "-o", "-", *words)
        for attribute in ('conveinsum.minimize = "time"', 'conveinsum.planner = "exact"', 'conveinsum.count = "dense"',
                          'conveinsum.target = "gpu"', 'conveinsum.budget = "1000moves"', 'conveinsum.memory_limit = "2MiB"'):
            self.assertIn(attribute, out)
        self.assertEqual((out.count("conveinsum.gradient"), out.count("conveinsum.constant")), (2, 1))
        case = {"expr": CP, "shapes": [[2, 4, 8], [3, 4], [3, 3]], "gradients": "all"}
        out = self.succeed("compile", "--case=-", "--emit=imported", "-o", "-", stdin=json.dumps(case))
        self.assertEqual(out.count("conveinsum.gradient"), 3)

    def test_what_is_carried_decides(self):
        network = ["ij,jk,kl->il", "6x9", "9x9", "9x7"]
        opt = pathlib.Path(COMMAND).parent / "conveinsum-opt"
        if not opt.exists():
            self.skipTest("no conveinsum-opt")
        for words, tree in ((["--minimize=flops"], "((0, 1), 2)"), (["--constants=1,2"], "(0, (1, 2))"),
                            (["--gradients=0"], "(0, (1, 2))"), (["--planner=left"], "((0, 1), 2)")):
            ir = self.succeed("compile", *network, "--emit=imported", "-o", "-", *words)
            done = subprocess.run([opt, "--conveinsum-plan"], input=ir.encode(), capture_output=True, timeout=seconds(60))
            self.assertIn(tree.replace(" ", ""), done.stdout.decode().replace(" ", ""), (words, done.stderr))


if __name__ == "__main__":
    unittest.main()
