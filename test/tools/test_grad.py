"""Gradients of files: central differences agree, files are complete or absent, refusals cost nothing."""

import json
import os
import subprocess
import unittest

import numpy as np

from command import COMMAND, CP, call, data
from gradient_reference import Network, golden_fill
from training import GradTest, drawn

GOLDEN = [case for case in data("golden.json")["cases"] if Network.reads(case)]


class Values(GradTest):
    def test_golden_cases_against_central_differences(self):
        self.assertGreater(len(GOLDEN), 55)
        lines = []
        for number, case in enumerate(GOLDEN):
            operands = [golden_fill(k, shape) for k, shape in enumerate(case["shapes"])]
            files = [self.save(f"c{number}.x{k}.npy", array) for k, array in enumerate(operands)]
            cotangent = self.save(f"c{number}.g.npy", drawn(case.get("out_shape", np.shape(Network(case).evaluate(operands))), number))
            lines.append({key: case[key] for key in ("name", "expr", "conv_modes") if key in case}
                         | {"inputs": files, "cotangent": cotangent, "output": self.path(f"c{number}")})
        results = self.batch("grad", lines, "--check")
        for number, (case, result) in enumerate(zip(GOLDEN, results)):
            operands = [golden_fill(k, shape) for k, shape in enumerate(case["shapes"])]
            cotangent = np.load(self.path(f"c{number}.g.npy"))
            self.assertTrue(result["passed"], result)
            for k, operand in enumerate(operands):
                with self.subTest(name=case["name"], operand=k):
                    expected = Network(case).central_differences(operands, cotangent, k)
                    gradient = self.load(k, f"c{number}")
                    self.assertEqual(gradient.shape, operand.shape)
                    np.testing.assert_allclose(gradient, expected, rtol=1e-6, atol=1e-9)

    def test_the_reference_is_that_of_the_golden_file(self):
        for case in GOLDEN:
            with self.subTest(name=case["name"]):
                result = Network(case).evaluate([golden_fill(k, shape) for k, shape in enumerate(case["shapes"])])
                np.testing.assert_allclose(np.ravel(result), case["out"], atol=1e-9)

    def test_without_a_cotangent_it_is_ones(self):
        a, b = drawn((3, 4)), drawn((4, 5), 1)
        out = self.grad("ij,jk->ik", [self.save("a.npy", a), self.save("b.npy", b)])
        ones = np.ones((3, 5))
        np.testing.assert_allclose(self.load(0), ones @ b.T, atol=1e-13)
        np.testing.assert_allclose(self.load(1), a.T @ ones, atol=1e-13)
        self.assertEqual(out["macs"], {"forward": 60, "backward": 120})

    def test_the_convention_for_complex_numbers_is_that_of_pytorch(self):
        for code, exact in (("c16", 1e-12), ("c8", 1e-5)):
            a, b, g = drawn((3, 4), 0, code), drawn((4, 5), 1, code), drawn((3, 5), 2, code)
            files = [self.save("a.npy", a), self.save("b.npy", b)]
            out = self.grad("ij,jk->ik", files, "--cotangent=" + self.save("dy.npy", g), "--check")
            self.assertTrue(out["passed"], out)
            # Of the real loss L = re(sum of conj(g) y): dL/d(re) + i dL/d(im).
            np.testing.assert_allclose(self.load(0), g @ b.conj().T, atol=exact)
            np.testing.assert_allclose(self.load(1), a.conj().T @ g, atol=exact)
            self.assertEqual(self.load(0).dtype, np.dtype(code))

            def loss(x):
                return np.real(np.sum(g.conj() * (x @ b)))
            for unit in (1, 1j):
                step = np.zeros_like(a)
                step[1, 2] = unit
                slope = (loss(a + step) - loss(a - step)) / 2
                self.assertAlmostEqual(slope, np.real(self.load(0)[1, 2] * np.conj(unit)), delta=exact * 10)

    def test_every_floating_type(self):
        for dtype, code in (("f64", "f8"), ("f32", "f4"), ("f16", "f2"), ("bf16", "f4"), ("c64", "c8"), ("c128", "c16")):
            with self.subTest(dtype=dtype):
                arrays, files = self.save_cp()
                out = self.grad(CP, files, "--dtype=" + dtype, "--check", "--conv=h:stride=2,dilation=2")
                self.assertTrue(out["passed"], out)
                self.assertEqual(out["dtype"], {"c64": "complex<f32>", "c128": "complex<f64>"}.get(dtype, dtype))
                for k, array in enumerate(arrays):
                    self.assertEqual((self.load(k).dtype, self.load(k).shape), (np.dtype(code), array.shape))

    def test_wider_results(self):
        _, files = self.save_cp("f2")
        cotangent = self.save("dy.npy", drawn((2, 3, 8), 5, "f4"))
        out = self.grad(CP, files, "--result-dtype=f32", "--cotangent=" + cotangent, "--result=" + self.path("y.npy"), "--check")
        self.assertTrue(out["passed"], out)
        self.assertEqual((np.load(self.path("y.npy")).dtype, self.load(0).dtype), (np.dtype("f4"), np.dtype("f2")))

    def test_repeated_operands_and_diagonals(self):
        a = drawn((4, 4))
        self.grad("ii,ij->j", [self.save("a.npy", a)] * 2)
        np.testing.assert_allclose(self.load(0), np.diag(a.sum(1)), atol=1e-13)
        np.testing.assert_allclose(self.load(1), np.outer(np.diag(a), np.ones(4)), atol=1e-13)
        self.grad("ijk->j", [self.save("b.npy", drawn((2, 3, 2)))])
        np.testing.assert_array_equal(self.load(0), 1)

    def test_scalars_and_empty_tensors(self):
        self.grad(",->", [self.save("a.npy", np.float32(3)), self.save("b.npy", np.float32(4))])
        self.assertEqual((self.load(0).shape, self.load(0).item(), self.load(1).item()), ((), 4, 3))
        self.grad("ij,jk->ik", [self.save("a.npy", drawn((2, 0))), self.save("b.npy", drawn((0, 3)))])
        self.assertEqual((self.load(0).shape, self.load(1).shape), ((2, 0), (0, 3)))
        self.grad("ij,jk->ik", [self.save("a.npy", drawn((0, 2))), self.save("b.npy", drawn((2, 3)))])
        np.testing.assert_array_equal(self.load(1), np.zeros((2, 3)))

    def test_only_what_is_asked_for(self):
        _, files = self.save_cp()
        out = self.grad(CP, files, "--gradients=2,0")
        self.assertEqual(out["outputs"], {"0": self.path("g.0.npy"), "2": self.path("g.2.npy")})
        self.assertEqual(out["shapes"], {"0": [2, 4, 8], "2": [3, 3]})
        self.assertEqual([name for name in self.files() if name[0] == "g"], ["g.0.npy", "g.2.npy"])

    def test_constants_are_prepared(self):
        arrays = [drawn((1, 20)), drawn((20, 20), 1), drawn((20, 20), 2)]
        files = [self.save(f"{k}.npy", array) for k, array in enumerate(arrays)]
        out = self.grad("ai,ij,jk->ak", files, "--constants=1,2", "--check")
        self.assertTrue(out["passed"] and out["prepare_seconds"] >= 0)
        self.assertEqual(list(out["outputs"]), ["0"])
        self.assertEqual(out["macs"], {"forward": 400, "backward": 400})
        np.testing.assert_allclose(self.load(0), np.ones((1, 20)) @ (arrays[1] @ arrays[2]).T, atol=1e-11)

    def test_threads(self):
        a, b = drawn((96, 128)), drawn((128, 256), 1)
        files = [self.save("a.npy", a), self.save("b.npy", b)]
        for threads in ("1", "2"):
            out = self.grad("ij,jk->ik", files, "--threads=" + threads, "--check")
            self.assertTrue(out["passed"], out)

    def test_the_result_of_the_forward_pass(self):
        _, files = self.save_cp()
        self.succeed("run", CP, *files, "-o", self.path("run.npy"))
        out = self.grad(CP, files, "--result=" + self.path("y.npy"))
        self.assertEqual(out["result"], self.path("y.npy"))
        np.testing.assert_allclose(np.load(self.path("y.npy")), np.load(self.path("run.npy")), atol=1e-13)


class Said(GradTest):
    def test_fields(self):
        _, files = self.save_cp("f4")
        out = self.grad(CP, files, "--gradients=0,2")
        seconds = out.pop("forward_seconds"), out.pop("backward_seconds")
        self.assertTrue(all(0 <= second < 10 for second in seconds))
        self.assertEqual(out, {"name": None, "outputs": {"0": self.path("g.0.npy"), "2": self.path("g.2.npy")},
                               "shapes": {"0": [2, 4, 8], "2": [3, 3]}, "dtype": "f32", "macs": {"forward": 324, "backward": 456},
                               "kept_bytes": 192, "forward_peak": 192, "backward_peak": 192})

    def test_for_a_person(self):
        _, files = self.save_cp()
        code, out, err = call("grad", CP, *files, "-o", self.path("g"), "--gradients=2", "--check", "--dtype=f32",
                              "--result=" + self.path("y.npy"))
        self.assertEqual(code, 0)
        self.assertRegex(out, r"^passed: error \d\.\d\de-\d+, bound \d\.\d\de-\d+, relative to the definition on absolute values\n$")
        self.assertIn("note: operands were converted from f64 to f32\n", err)
        self.assertIn(f"note: wrote {self.path('g.2.npy')}: 3x3 f32, {self.path('y.npy')}: 2x3x8 f32\n", err)
        self.assertRegex(err, r"note: \d+\.\d{6} s forward, \d+\.\d{6} s backward; 192 bytes were kept\n")

    def test_standard_streams(self):
        arrays, files = self.save_cp()
        text = (self.folder / "x0.npy").read_bytes()
        code, out, err = call("grad", CP, "-", *files[1:], "-o", self.path("g"), "--check", stdin=text)
        self.assertEqual((code, out[:7]), (0, "passed:"), err)
        done = subprocess.run([COMMAND, "grad", CP, *files, "-o", self.path("g"), "--check", "--result=-"], capture_output=True, timeout=120)
        (self.folder / "y.npy").write_bytes(done.stdout)
        self.assertEqual(np.load(self.path("y.npy")).shape, (2, 3, 8))
        self.assertIn(b"passed: error", done.stderr)
        dy = self.save("dy.npy", drawn((2, 3, 8), 9))
        self.succeed("grad", CP, *files, "-o", self.path("g"), "--cotangent=-", "--check", stdin=(self.folder / "dy.npy").read_bytes())
        piped = self.load(0)
        self.grad(CP, files, "--cotangent=" + dy)
        np.testing.assert_array_equal(self.load(0), piped)

    def test_a_failed_check_is_said(self):
        files = [self.save("a.npy", np.full((2, 2), np.nan)), self.save("b.npy", drawn((2, 2)))]
        code, _, err = call("grad", "ij,jk->ik", *files, "-o", self.path("g"), "--check")
        self.assertEqual(code, 1)
        self.assertIn("error: the check failed", err)

    def test_conversions(self):
        _, files = self.save_cp("f4")
        dy = self.save("dy.npy", drawn((2, 3, 8), 9, "f8"))
        code, out, err = call("grad", CP, *files, "-o", self.path("g"), "--dtype=f32", "--cotangent=" + dy, "--json")
        self.assertEqual((code, "converted_from" in json.loads(out)), (0, False))
        self.assertEqual(err, "note: the cotangent was converted from f64 to f32\n")
        ints = [self.save(f"i{k}.npy", np.ones(np.load(file).shape, "u1")) for k, file in enumerate(files)]
        self.assertEqual(self.grad(CP, ints, "--dtype=f32")["converted_from"], "u8")


class Refused(GradTest):
    def refused(self, *words, equation=CP, files=None):
        files = files or self.save_cp()[1]
        before = self.files()
        err = self.refuse("grad", equation, *files, "-o", self.path("g"), *words)
        self.assertEqual(self.files(), before)
        return err

    def test_integers(self):
        files = [self.save("a.npy", np.ones((2, 2), "i4"))] * 2
        self.assertIn("expected floating or complex operands to have gradients, got i32", self.refused(equation="ij,jk->ik", files=files))
        self.assertIn("got i8", self.refused("--dtype=i8", "--gradients=0", equation="ij,jk->ik", files=files))

    def test_operands_without_gradients(self):
        self.assertIn("expected operands that need a gradient, got none", self.refused("--constants=0,1,2"))
        self.assertIn("both gradients and constants", self.refused("--constants=0", "--gradients=all"))
        self.assertIn("expected an operand below 3 in gradients, got 3", self.refused("--gradients=3"))
        case = {"expr": CP, "inputs": self.save_cp()[1], "output": self.path("g"), "gradients": []}
        self.assertIn("expected operands that need a gradient, got none", self.batch("grad", [case], code=1)[0]["error"]["message"])

    def test_cotangents(self):
        for array, message in ((drawn((2, 3, 7)), "expected the cotangent to have the shape of the result, 2x3x8, got 2x3x7 in '"),
                               (drawn((2, 3)), "got 2x3 in '"), (np.float64(1), "got scalar in '"),
                               (drawn((2, 3, 8), 0, "f4"), "expected the cotangent to have the type of the result, f64, got f32 in '"),
                               (np.ones((2, 3, 8), "i8"), "f64, got i64 in '"),
                               (np.ones((2, 3, 8), "u1"), "expected --dtype=TYPE, the element type to read entries of u8 as, in '"),
                               (drawn((2, 3, 8), 0, "c16"), "f64, got complex<f64> in '")):
            dy = self.save("dy.npy", array)
            with self.subTest(message=message):
                self.assertIn(message, self.refused("--cotangent=" + dy))
        self.assertIn("expected complex elements to read entries of complex<f64> as, got f64", self.refused("--cotangent=" + dy, "--dtype=f64"))
        self.save("dy.npy", np.full((2, 3, 8), 1e300))
        self.assertIn("the cotangent: ", self.refused("--cotangent=" + dy, "--dtype=f32"))
        self.assertIn("the cotangent: ", self.refused("--cotangent=" + self.path("absent.npy")))
        self.assertIn("expected one reader of standard input, got operand 0 and the cotangent",
                      self.refused("--cotangent=-", files=["-", *self.save_cp()[1][1:]]))

    def test_names(self):
        _, files = self.save_cp()
        for prefix, got in (("", "nothing"), ("-", "standard output"), (f"{self.folder}/", f"'{self.folder}/'")):
            self.assertIn("expected what the names of the output files begin with, such as 'g' for g.0.npy, got " + got,
                          self.refuse("grad", CP, *files, "-o", prefix))
        self.assertIn("expected --result to be the name of a file, got ''", self.refused("--result="))
        self.assertIn("expected one of --json and --result=-, got both", self.refused("--result=-", "--json"))
        self.assertIn("missing argument: -o PREFIX", self.refuse("grad", CP, *files, code=2))
        case = self.folder / "case.json"
        case.write_text(json.dumps({"expr": CP, "inputs": files}))
        self.assertIn("missing argument: -o PREFIX, or 'output' in the case", self.refuse("grad", f"--case={case}", code=2))
        self.assertEqual([name for name in self.files() if name.startswith("g")], [])

    def test_no_file_is_written_over_an_input_or_twice(self):
        files = [self.save("g.0.npy", drawn((2, 2))), self.save("b.npy", drawn((2, 2)))]
        words = {"equation": "ij,jk->ik", "files": files}
        self.assertIn("expected an output that is none of the inputs, got '" + files[0], self.refused(**words))
        self.assertIn("expected an output that is none of the inputs", self.refused("--gradients=1", "--result=" + files[1], **words))
        dy = self.save("g.1.npy", drawn((2, 2)))
        self.assertIn("expected an output that is none of the inputs", self.refused("--gradients=1", "--cotangent=" + dy, **words))
        self.assertIn("expected outputs of their own, got '" + self.path("g.1.npy"),
                      self.refused("--gradients=1", "--result=" + self.path("./g.1.npy"), **words))
        self.succeed("grad", "ij,jk->ik", *files, "-o", self.path("g"), "--gradients=1")

    def test_files_appear_together_or_not_at_all(self):
        _, files = self.save_cp()
        os.mkdir(self.path("g.2.npy"))
        before = self.files()
        self.refuse("grad", CP, *files, "-o", self.path("g"))
        self.refuse("grad", CP, *files, "-o", self.path("h"), "--result=" + self.path("no/y.npy"))
        self.refuse("grad", CP, *files, "-o", self.path("no/g"))
        self.assertEqual(self.files(), before)

    def test_many_files_may_wait_for_their_names(self):
        count = 80
        labels = [f"(m{k})" for k in range(count + 1)]
        equation = ",".join(map("".join, zip(labels, labels[1:]))) + "->" + labels[0] + labels[-1]
        files = [self.save("a.npy", np.array([[1.0, 0.25], [0, 1]]))] * count
        words = [COMMAND, "grad", equation, *files, "-o", self.path("g"), "--planner=greedy"]
        done = subprocess.run(["bash", "-c", 'ulimit -n 40; exec "$@"', "limited", *words], capture_output=True, text=True, timeout=120)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(len(self.files()), count + 1)
        ones = np.ones((2, 2))
        np.testing.assert_allclose(self.load(0), ones @ np.array([[1, 0.25 * (count - 1)], [0, 1]]).T)

    def test_what_does_not_go_together(self):
        self.assertIn("expected one of --keep and --memory-limit, got both", self.refused("--keep=1", "--memory-limit=1"))
        self.assertIn("expected --minimize to be flops beside --keep, got 'time'", self.refused("--keep=1", "--minimize=time"))
        self.refuse("grad", CP, "x.npy", "-o", "g", "--slice", code=2)
        self.refuse("run", CP, "x.npy", "-o", "y.npy", "--cotangent=x.npy", code=2)

    def test_memory_is_refused_before_it_is_allocated(self):
        a = self.save("a.npy", np.zeros(60000, "f4"))
        err = self.refused(equation="i,j->ij", files=[a, a])
        self.assertIn("not enough memory", err)
        for part in ("cotangent", "gradients"):
            self.assertIn(part, err)

    def test_comparisons_that_take_too_long(self):
        a = self.save("a.npy", np.zeros((1200, 1200), "f4"))
        self.assertIn("too large to compare with the definition: expected at most 4000000000 products, got 5184000000",
                      self.refused("--check", equation="ij,jk,kl->il", files=[a, a, self.save("v.npy", np.zeros((1200, 1), "f4"))]))


class Batches(GradTest):
    def test_lines(self):
        _, files = self.save_cp()
        dy = self.save("dy.npy", drawn((2, 3, 8), 9))
        lines = [{"name": "one", "expr": CP, "inputs": files, "output": self.path("a"), "cotangent": dy, "gradients": [1]},
                 {"expr": CP, "inputs": files, "output": self.path("a"), "gradients": "0,1"},
                 {"expr": CP, "inputs": files, "output": self.path("b"), "constants": [0]},
                 {"expr": CP, "inputs": files, "gradients": [0]},
                 {"expr": CP, "inputs": files, "output": self.path("c"), "cotangent": 3},
                 {"expr": CP, "inputs": files, "output": self.path("c"), "cotangents": "x"}]
        results = self.batch("grad", lines, code=1)
        self.assertEqual((results[0]["name"], results[0]["outputs"]), ("one", {"1": self.path("a.1.npy")}))
        self.assertIn("again as in line 1", results[1]["error"]["message"])
        self.assertEqual(list(results[2]["outputs"]), ["1", "2"])
        self.assertIn("expected what the names of the output files begin with", results[3]["error"]["message"])
        self.assertIn("expected 'cotangent' to be a string", results[4]["error"]["message"])
        self.assertIn("did you mean 'cotangent'?", results[5]["error"]["message"])

    def test_options_that_are_of_lines(self):
        for option, message in (("--cotangent=dy.npy", "expected 'cotangent' in the lines of a batch, got --cotangent"),
                                ("--result=y.npy", "expected no --result beside --batch"),
                                ("--output=g", "expected 'output' in the lines of a batch, got -o")):
            self.assertIn(message, self.refuse("grad", "--batch=-", option))

    def test_a_case_may_leave_files_to_the_command_line(self):
        _, files = self.save_cp()
        case = self.folder / "case.json"
        dy = self.save("dy.npy", drawn((2, 3, 8), 9))
        case.write_text(json.dumps({"expr": CP, "gradients": [2], "cotangent": "absent.npy", "output": self.path("a")}))
        out = json.loads(self.succeed("grad", f"--case={case}", *files, "--cotangent=" + dy, "-o", self.path("b"), "--json", "--check"))
        self.assertEqual((out["outputs"], out["passed"]), ({"2": self.path("b.2.npy")}, True))


if __name__ == "__main__":
    unittest.main()
