"""Files that are endless or none, and streams that are closed or full: a word and a code, or the result."""

import json
import os
import pathlib
import subprocess
import unittest

import numpy as np

from command import COMMAND, CP, CP_SHAPES, CommandTest, seconds

OPT = pathlib.Path(COMMAND).parent / "conveinsum-opt"
STEPS = pathlib.Path(COMMAND).parent / "conveinsum-bench-steps"
STRESS = pathlib.Path(COMMAND).parent.parent / "test" / "bin" / "conveinsum-stress"
CASE = json.dumps({"expr": "ij->ji", "shapes": [[2, 3]]})


def shell(line, stdin=b""):
    done = subprocess.run(["bash", "-c", line], input=stdin, capture_output=True, timeout=seconds(60))
    return done.returncode, done.stdout.decode(), done.stderr.decode()


class Files(CommandTest):
    def test_endless_files(self):
        err = self.refuse("plan", "--case=/dev/zero")
        self.assertIn("cannot read '/dev/zero': expected a file of at most 64 MiB, got more", err)
        err = self.refuse("plan", "--batch=/dev/zero")
        self.assertIn("expected a line of at most 64 MiB, got one that does not seem to end", err)
        os.symlink("/dev/zero", self.path("target.json"))
        err = self.refuse("plan", CP, *CP_SHAPES, "--target=" + self.path("target.json"))
        self.assertIn("expected a file of at most 64 MiB, got more", err)

    def test_an_endless_pipe(self):
        os.mkfifo(self.path("pipe"))
        for option, word in (("--case", "file"), ("--batch", "line")):
            code, out, err = shell(f"yes x | tr -d '\\n' > {self.path('pipe')} & {COMMAND} plan {option}={self.path('pipe')}")
            self.assertEqual((code, out), (1, ""))
            self.assertIn(f"expected a {word} of at most 64 MiB, got", err)

    def test_a_long_line_does_not_stop_a_batch(self):
        long = b'{"expr": "' + b"i" * (65 << 20) + b'"}'
        first, middle, last = self.batch("plan", [CASE, long, CASE], code=1)
        self.assertEqual(middle, {"name": None, "error": {"message": "expected a line of at most 64 MiB, got more"}})
        self.assertEqual(first["shapes"], last["shapes"])

    def test_files_that_are_none(self):
        for option in ("--case", "--batch"):
            self.assertIn("Is a directory", self.refuse("plan", f"{option}={self.folder}"))
            self.assertIn("No such file", self.refuse("plan", f"{option}={self.path('absent')}"))


class Streams(CommandTest):
    def save(self):
        np.save(self.path("a.npy"), np.arange(6, dtype="f4").reshape(2, 3))
        return f"run 'ij->ji' {self.path('a.npy')} -o {self.path('b.npy')}"

    def test_results_do_not_need_standard_error(self):
        run = self.save()
        for redirection in ("2>&-", "2>/dev/full", "0<&- 2>&-", "0<&- 1>&- 2>&-"):
            with self.subTest(redirection=redirection):
                pathlib.Path(self.path("b.npy")).unlink(missing_ok=True)
                self.assertEqual(shell(f"{COMMAND} {run} {redirection}"), (0, "", ""))
                np.testing.assert_array_equal(np.load(self.path("b.npy")), np.load(self.path("a.npy")).T)
                self.assertEqual(self.files(), ["a.npy", "b.npy"])

    def test_refusals_without_standard_error(self):
        run = self.save().replace("ij->ji", "ij->jii")
        for redirection in ("2>&-", "2>/dev/full"):
            self.assertEqual(shell(f"{COMMAND} {run} {redirection}"), (1, "", ""))
        self.assertEqual(self.files(), ["a.npy"])

    def test_diagnostics_do_not_end_in_files(self):
        # Whatever is opened first would get the number of the closed stream.
        for emit, name in (("imported", "x.mlir"), ("library", "x.so")):
            for closed in ("0<&-", "1>&-", "2>&-", "1>&- 2>&-", "0<&- 1>&- 2>&-"):
                code, _, _ = shell(f"{COMMAND} compile 'ij->ji' 2x3 --emit={emit} -o {self.path(name)} {closed}")
                self.assertEqual(code, 0)
                self.assertNotIn(b"note: ", pathlib.Path(self.path(name)).read_bytes())

    def test_closed_output_is_said(self):
        for words in (f"plan '{CP}' {' '.join(CP_SHAPES)}", "plan --help", "--version", f"compile ij 2x3 --emit=imported -o -"):
            for redirection, reason in ((">&-", "Bad file descriptor"), (">/dev/full", "No space left on device")):
                code, _, err = shell(f"{COMMAND} {words} {redirection}")
                self.assertEqual((code, err), (1, f"error: cannot write standard output: {reason}\n"))
                self.assertEqual(shell(f"{COMMAND} {words} {redirection} 2>&-"), (1, "", ""))

    def test_closed_input_is_said(self):
        for option in ("--case=-", "--batch=-"):
            code, out, err = shell(f"{COMMAND} plan {option} <&-")
            self.assertEqual((code, out, err), (1, "", "error: cannot read '-': Bad file descriptor\n"))

    def test_a_reader_that_goes_away(self):
        lines = (CASE + "\n").encode() * 500
        code, out, err = shell(f"({COMMAND} plan --batch=- 2>{self.path('err')}; echo $? >{self.path('code')}) | head -1", stdin=lines)
        self.assertEqual((code, len(out.splitlines()), err), (0, 1, ""))
        self.assertEqual(pathlib.Path(self.path("code")).read_text(), "1\n")
        self.assertEqual(pathlib.Path(self.path("err")).read_text(), "error: cannot write standard output: Broken pipe\n")

    def test_the_optimizer(self):
        if not OPT.exists():
            self.skipTest("no conveinsum-opt")
        self.succeed("compile", "ij->ji", "2x3", "--emit=imported", "-o", self.path("a.mlir"))
        convert = f"{OPT} {self.path('a.mlir')} -o {self.path('b.mlir')}"
        for redirection in ("2>&-", "2>/dev/full", "0<&- 1>&- 2>&-"):
            self.assertEqual(shell(f"{convert} {redirection}"), (0, "", ""))
            self.assertIn("conveinsum.einsum", pathlib.Path(self.path("b.mlir")).read_text())
        for redirection in (">&-", ">/dev/full"):
            code, _, err = shell(f"{OPT} {self.path('a.mlir')} {redirection}")
            self.assertEqual(code, 1)
            self.assertIn("IO failure on output stream", err)

    def test_the_benchmark_and_the_stress_program(self):
        for tool, words in ((STEPS, "--only=none"), (STRESS, "--equations=1")):
            if not tool.exists():
                continue
            with self.subTest(tool=tool.name):
                for redirection in ("2>&-", "2>/dev/full", "0<&- 2>&-"):
                    code, out, err = shell(f"{tool} {words} {redirection}")
                    self.assertEqual((code, err), (0, ""))
                    self.assertTrue(out)
                for redirection in (">&-", ">/dev/full"):
                    code, _, err = shell(f"{tool} {words} {redirection}")
                    self.assertEqual(code, 1)
                    self.assertRegex(err, "IO failure on output stream|cannot write standard output")


if __name__ == "__main__":
    unittest.main()
