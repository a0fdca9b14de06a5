"""Runs on files: NumPy agrees, files are complete or absent, refusals cost nothing."""

import json
import pathlib
import random
import re
import signal
import subprocess
import time
import unittest

import numpy as np

from command import COMMAND, CommandTest, call, data

TYPES = {"f64": "f8", "f32": "f4", "f16": "f2", "complex<f32>": "c8", "complex<f64>": "c16",
         "i8": "i1", "i16": "i2", "i32": "i4", "i64": "i8"}


def values(code, shape, seed=0):
    """Small numbers that every type holds exactly."""
    drawn = np.random.default_rng(seed).integers(-4, 5, shape)
    if code[0] == "c":
        drawn = drawn + 1j * drawn[::-1]
    return np.asarray(drawn, code)


def golden_fill(operand, shape):
    index = np.arange(int(np.prod(shape)), dtype=np.int64)
    return (((37 * index + 101 * operand + 13) % 97) / 48.5 - 1).reshape(shape)


class Run(CommandTest):
    def save(self, name, array):
        np.save(self.path(name), array)
        return self.path(name)

    def run_matmul(self, a, b, *options):
        out = self.path("c.npy")
        self.succeed("run", "ij,jk->ik", self.save("a.npy", a), self.save("b.npy", b), "-o", out, *options)
        return np.load(out)

    def test_every_type(self):
        for name, code in TYPES.items():
            with self.subTest(type=name):
                a, b = values(code, (3, 4)), values(code, (4, 5), 1)
                c = self.run_matmul(a, b, "--check")
                self.assertEqual(c.dtype, np.dtype(code))
                np.testing.assert_array_equal(c, (a @ b).astype(code))

    def test_wider_results(self):
        a, b = np.full((2, 300), 100, "i1"), np.full((300, 2), 100, "i1")
        np.testing.assert_array_equal(self.run_matmul(a, b), np.full((2, 2), np.int64(3000000).astype("i1")))
        wide = self.run_matmul(a, b, "--result-dtype=i32", "--check")
        self.assertEqual(wide.dtype, np.int32)
        np.testing.assert_array_equal(wide, 3000000)

    def test_bf16_from_f32(self):
        a, b = values("f4", (3, 4)), values("f4", (4, 5), 1)
        for options in (["--dtype=bf16"], ["--dtype=bf16", "--result-dtype=f32"]):
            c = self.run_matmul(a, b, "--check", *options)
            self.assertEqual(c.dtype, np.float32)
            np.testing.assert_array_equal(c, a @ b)

    def test_conversions_are_said(self):
        a, b = self.save("a.npy", values("f4", (2, 2))), self.save("b.npy", values("f8", (2, 2)))
        self.refuse("run", "ij,jk->ik", a, b, "-o", self.path("c.npy"))
        out = json.loads(self.succeed("run", "ij,jk->ik", a, b, "-o", self.path("c.npy"), "--dtype=f32", "--json"))
        self.assertEqual((out["dtype"], out["converted_from"]), ("f32", "f32, f64"))
        self.save("a.npy", np.array([[1.5, 0], [0, 1]]))
        self.refuse("run", "ij,jk->ik", a, b, "-o", self.path("c.npy"), "--dtype=i32")

    def test_differing_types_point_at_the_operand(self):
        a, b = self.save("a.npy", values("f4", (2, 2))), self.save("b.npy", values("f8", (2, 2)))
        err = self.refuse("run", "ij,jk->ik", a, b, "-o", self.path("c.npy"))
        self.assertEqual(err.splitlines()[1:], ["  ij,jk->ik", "     ^"])
        case = {"expr": "ij,jk->ik", "inputs": [a, b], "output": self.path("c.npy")}
        error = self.batch("run", [case], code=1)[0]["error"]
        self.assertEqual((error["position"], error["operand"]), (3, 1))

    def test_failed_check_is_said(self):
        a = self.save("a.npy", np.full((2, 2), np.nan, "f4"))
        for options in ([], ["--json"]):
            code, _, err = call("run", "ij->i", a, "-o", self.path("c.npy"), "--check", *options)
            self.assertEqual(code, 1)
            self.assertIn("error: the check failed", err)
            self.assertIn("  ij->i\n  ^", err)

    def test_orders_and_versions_of_files(self):
        a = np.asfortranarray(values("f8", (3, 4, 5)))
        expected = np.einsum("ijk->kij", a)
        for version in ((1, 0), (2, 0), (3, 0)):
            for array in (a, np.ascontiguousarray(a)):
                with open(self.path("a.npy"), "wb") as file:
                    np.lib.format.write_array(file, array, version=version)
                self.succeed("run", "ijk->kij", self.path("a.npy"), "-o", self.path("b.npy"))
                np.testing.assert_array_equal(np.load(self.path("b.npy")), expected)

    def test_scalars_and_empty_results(self):
        a, b = self.save("a.npy", np.float32(3)), self.save("b.npy", np.float32(4))
        self.succeed("run", ",->", a, b, "-o", self.path("c.npy"))
        c = np.load(self.path("c.npy"))
        self.assertEqual((c.shape, c.item()), ((), 12))
        empty = self.run_matmul(values("f4", (0, 3)), values("f4", (3, 2)))
        self.assertEqual(empty.shape, (0, 2))
        np.testing.assert_array_equal(self.run_matmul(values("f4", (2, 0)), values("f4", (0, 3))), np.zeros((2, 3)))

    def test_refused_files(self):
        good = self.save("good.npy", values("f4", (2, 2)))
        bad = self.path("bad.npy")
        for array in (np.zeros((2, 2), ">f8"), np.zeros((2, 2), "u4"), np.zeros((2, 2), "?"),
                      np.zeros((2, 2), "S3"), np.zeros((2, 2), "f4,i4"), np.zeros(4, "f4"), np.zeros((3, 2), "f4")):
            np.save(bad, array)
            self.refuse("run", "ij,jk->ik", good, bad, "-o", self.path("c.npy"))
        whole = pathlib.Path(good).read_bytes()
        for text in (b"", whole[:5], whole[:60], whole[:-1], whole + b"x", b"hello" * 100):
            with open(bad, "wb") as file:
                file.write(text)
            self.refuse("run", "ij,jk->ik", good, bad, "-o", self.path("c.npy"))
        self.refuse("run", "ij,jk->ik", good, self.path("absent.npy"), "-o", self.path("c.npy"))
        self.refuse("run", "ij,jk->ik", good, self.path(""), "-o", self.path("c.npy"))
        self.assertEqual(self.files(), ["bad.npy", "good.npy"])

    def test_refused_outputs(self):
        good = self.save("good.npy", values("f4", (2, 2)))
        for output in (self.path("no/c.npy"), self.path("")):
            self.refuse("run", "ij->ji", good, "-o", output)
        self.assertEqual(self.files(), ["good.npy"])

    def test_memory_is_refused_before_it_is_allocated(self):
        a = self.save("a.npy", np.zeros(100000, "f4"))
        for options in ([], ["--memory-limit=1GiB"]):
            err = self.refuse("run", "i,j->ij", a, a, "-o", self.path("c.npy"), "--dtype=f64", *options)
            self.assertIn("memory", err)
        self.refuse("run", "i,i->i", a, a, "-o", self.path("c.npy"), "--memory-limit=1000")
        self.succeed("run", "i,i->i", a, a, "-o", self.path("c.npy"), "--memory-limit=2M")

    def test_a_limit_names_what_is_beside_the_code(self):
        a = self.save("a.npy", values("f4", (3, 4)))
        words = ["run", "ij,jk->ik", a, self.save("b.npy", values("f4", (4, 5))), "-o", self.path("c.npy")]
        for options, parts in (([], None), (["--check"], ["check"]), (["--check", "--dtype=f64"], ["check"])):
            err = self.refuse(*words, *options, "--memory-limit=1")
            found = re.search(r"of at least (\d+) bytes, what the code of .* needs( with \d+ bytes[^(]*\((.*)\) beside it)?, got 1 bytes", err)
            self.assertTrue(found, err)
            self.assertEqual(found[3] and [part.split()[0] for part in found[3].split(", ")], parts)
            self.succeed(*words, *options, "--memory-limit=" + found[1])
            self.refuse(*words, *options, f"--memory-limit={int(found[1]) - 1}")

    def test_compiler_without_memory_is_refused(self):
        a = self.save("a.npy", values("f4", (2, 2)))
        done = subprocess.run(["bash", "-c", f"ulimit -v 420000; {COMMAND} run 'ij->ji' {a} -o {self.path('c.npy')}"],
                              capture_output=True, timeout=60)
        if b"shared libraries" in done.stderr:
            self.skipTest("the libraries alone are larger")
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn(b"not enough memory", done.stderr)

    def test_case_and_files(self):
        a = self.save("a.npy", values("f4", (2, 3)))
        case = {"name": "t", "expr": "ij->ji", "inputs": [a], "output": self.path("b.npy"), "shapes": [[2, 3]]}
        self.succeed("run", "--case=-", stdin=json.dumps(case))
        self.succeed("run", "--case=-", a, "-o", self.path("c.npy"), stdin='{"expr": "ij->ji"}')
        np.testing.assert_array_equal(np.load(self.path("b.npy")), np.load(self.path("c.npy")))
        self.refuse("run", "--case=-", stdin=json.dumps({**case, "shapes": [[3, 2]]}))
        self.assertEqual(self.files(), ["a.npy", "b.npy", "c.npy"])

    def test_constants(self):
        random = np.random.default_rng(3)
        x, a, b = (random.standard_normal(shape) for shape in ((3, 20), (20, 30), (30, 4)))
        files = [self.save(f"{k}.npy", array) for k, array in enumerate((x, a, b))]
        for constants in ("", "1", "1,2", "0,1,2"):
            words = ["--constants=" + constants] if constants else []
            out = json.loads(self.succeed("run", "ai,ij,jk->ak", *files, "-o", self.path("y.npy"), "--check", "--json", *words))
            self.assertTrue(out["passed"])
            self.assertEqual("prepare_seconds" in out, bool(constants))
            np.testing.assert_allclose(np.load(self.path("y.npy")), x @ a @ b, rtol=0, atol=1e-12)

    def test_gradients_are_not_run(self):
        a = self.save("a.npy", values("f4", (2, 2)))
        self.assertIn("expected no gradients beside run, which computes results only; conveinsum grad computes both",
                      self.refuse("run", "ij->ji", a, "-o", self.path("b.npy"), "--gradients=0"))
        self.assertEqual(self.files(), ["a.npy"])

    def test_threads(self):
        a, b = values("f4", (256, 256)), values("f4", (256, 256), 1)
        for threads in ("1", "2", "3", "256"):
            np.testing.assert_array_equal(self.run_matmul(a, b, "--threads=" + threads), a @ b)

    def test_interrupt_leaves_no_file(self):
        a = self.save("a.npy", np.zeros((1500, 1500), "f4"))
        # The comparison with the definition takes far longer than the test waits.
        command = [COMMAND, "run", "ij,jk->ik", a, a, "-o", self.path("c.npy"), "--check"]
        process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        time.sleep(1)
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(timeout=60), -signal.SIGINT)
        self.assertEqual(self.files(), ["a.npy"])

    def test_golden_cases(self):
        golden = data("golden.json")
        lines = []
        for number, case in enumerate(golden["cases"]):
            inputs = [self.save(f"{number}-{k}.npy", golden_fill(k, shape)) for k, shape in enumerate(case["shapes"])]
            line = {key: case[key] for key in ("name", "expr", "shapes", "conv_modes", "out_shape") if key in case}
            line.update(inputs=inputs, output=self.path(f"{number}-out.npy"))
            lines.append(line)
            # The same with a prepared part: other operands are constants in other cases, in some all of them.
            constants = [k for k in range(len(inputs)) if (number + 1) >> k & 1] or list(range(len(inputs)))
            lines.append({**line, "constants": constants, "output": self.path(f"{number}-prepared.npy")})
        results = self.batch("run", lines, "--check")
        self.assertTrue(all("prepare_seconds" in result for result in results[1::2]))
        for number, case in enumerate(golden["cases"]):
            for result, kind in zip(results[2 * number:2 * number + 2], ("out", "prepared")):
                with self.subTest(name=case["name"], kind=kind):
                    self.assertTrue(result["passed"], result)
                    self.assertEqual(result["dtype"], "f64")
                    out = np.load(self.path(f"{number}-{kind}.npy"))
                    self.assertEqual(list(out.shape), case["out_shape"])
                    np.testing.assert_allclose(out.ravel(), case["out"], rtol=0, atol=golden["tolerance"])

    def test_random_einsums(self):
        random.seed(7)
        for number in range(12):
            sizes = {label: random.randint(1, 5) for label in "abcdef"}
            operands = ["".join(random.sample("abcdef", random.randint(0, 4))) for _ in range(random.randint(1, 4))]
            held = sorted(set("".join(operands)))
            result = "".join(random.sample(held, random.randint(0, len(held))))
            equation = ",".join(operands) + "->" + result
            arrays = [values("f8", [sizes[label] for label in operand], k) for k, operand in enumerate(operands)]
            files = [self.save(f"{k}.npy", array) for k, array in enumerate(arrays)]
            with self.subTest(equation=equation):
                self.succeed("run", equation, *files, "-o", self.path("out.npy"))
                np.testing.assert_array_equal(np.load(self.path("out.npy")), np.einsum(equation, *arrays))


if __name__ == "__main__":
    unittest.main()
