"""Commands, options and exit codes."""

import os
import unittest

from command import CP, CP_SHAPES, CommandTest, call, data


class Usage(CommandTest):
    def test_unknown_words_are_usage_errors(self):
        self.refuse(code=2)
        for words in (["plna"], ["bench"], ["grad"], ["--frobnicate"], ["plan", "--frobnicate", CP],
                      ["plan", CP, *CP_SHAPES, "--check"], ["check", CP, *CP_SHAPES, "--planner=left"],
                      ["plan", "-x", CP], ["plan", CP, *CP_SHAPES, "--json=1"]):
            self.refuse(*words, code=2)

    def test_missing_arguments_are_usage_errors(self):
        for words in (["plan"], ["pareto"], ["run"], ["check", "--json"], ["compile"], ["run", CP, "x.npy"],
                      ["compile", CP, *CP_SHAPES, "--emit=linalg"], ["compile", CP, *CP_SHAPES, "-o", "-"],
                      ["plan", CP, *CP_SHAPES, "--tree"], ["plan", CP, *CP_SHAPES, "--conv"],
                      ["run", CP, "x.npy", "-o"]):
            self.refuse(*words, code=2)

    def test_missing_output_of_a_case(self):
        case = '{"expr": "ij->ji", "inputs": ["x.npy"]}'
        self.refuse("run", "--case=-", stdin=case, code=2)

    def test_wrong_values_are_refusals(self):
        network = [CP, *CP_SHAPES]
        for words in ([CP], [CP, "2x4x8", "3x4"], [CP, "2x4x8", "3x4", "3xq"], [CP, "2x4x8", "3x4", "3x-3"],
                      [CP, "2x4x8", "3x4", "3x5"[::-1]], [*network, "--planner=best"], [*network, "--tree=((0,1)"],
                      [*network, "--tree=((0,1),1)"], [*network, "--path=(0,3),(0,1)"], [*network, "--ssa-path=(0,1)"],
                      [*network, "--minimize=speed"], [*network, "--count=some"],
                      [*network, "--minimize="], [*network, "--minimize=combo"], [*network, "--minimize=roof--1"],
                      [*network, "--budget=soon"], [*network, "--budget="], [*network, "--budget=0moves"],
                      [*network, "--gradients=3"], [*network, "--gradients=1,1"], [*network, "--gradients="],
                      [*network, "--gradients=-1"], [*network, "--gradients=one"], [*network, "--constants=all"],
                      [*network, "--constants=99999999999"], [*network, "--gradients=all", "--constants=1"],
                      [*network, "--target=tpu"], [*network, "--target=/"], [*network, "--against=((0,1)"],
                      [*network, "--against=((0,1),4)"], [*network, "--against=(0,1)"],
                      [*network, "--target=" + __file__], [*network, "--dtype=f8"],
                      [*network, "--dtype=f32", "--result-dtype=f16"], [*network, "--conv=h"],
                      [*network, "--conv=h:stride=0"], [*network, "--conv=q:stride=2"], [*network, "--conv=h:step=2"],
                      [*network, "--planner=left", "--tree=((0,1),2)"], [*network, "--json", "--dot"],
                      [*network, "--json", "--json"], ["--case=missing.json"], ["--batch=missing.jsonl"],
                      ["--case=x", "--batch=y"], ["--batch=-", CP]):
            self.refuse("plan", *words)
        for words in ([*network, "--trees=0"], [*network, "--trees=some"], [*network, "--threads=0"],
                      [*network, "--target-cpu=abacus"], [*network, "--threads=100000"], [*network, "--target-cpu="], [*network, "--memory-limit=much"],
                      ["a,b,c,d,e,f,g,h,i,j,k->", *["1"] * 11, "--trees=all"]):
            self.refuse("check", *words)

    def test_caret_stands_under_the_fault(self):
        err = self.refuse("plan", "βγ%,γ->β", "2x3", "3")
        self.assertEqual(err.splitlines()[1:], ["  βγ%,γ->β", "    ^"])

    def test_fault_without_a_place_underlines_the_equation(self):
        err = self.refuse("plan", CP, *CP_SHAPES, "--planner=best")
        self.assertEqual(err.splitlines()[1:], ["  " + CP, "  ^" + "~" * (len(CP) - 1)])

    def test_equation_may_begin_with_an_arrow(self):
        self.assertIn('"tree":0', self.succeed("plan", "->", "scalar", "--json"))
        self.assertIn('"tree":0', self.succeed("plan", "--json", "--", "->", "scalar"))

    def test_wrong_values_name_the_right_ones(self):
        for option, words in (("--minimize=speed", "flops, size, write, combo-K, roof-F, time or peak, got 'speed'"),
                              ("--planner=best", "auto, exact, anneal, greedy, left or rebuild, got 'best'"),
                              ("--budget=soon", "10ms, 1.5s or 20000moves, got 'soon'"),
                              ("--gradients=x", "operand positions such as 0,2 or all, got 'x'"),
                              ("--constants=x", "operand positions such as 0,2, got 'x'"),
                              ("--gradients=3", "expected an operand below 3 in gradients, got 3"),
                              ("--target=tpu", "expected --target to be cpu, gpu or a JSON file; cannot read 'tpu'")):
            self.assertIn(words, self.refuse("plan", CP, *CP_SHAPES, option))

    def test_mistyped_options_have_a_neighbour(self):
        for option, near in (("--minimise=flops", "--minimize"), ("--gradient=0", "--gradients"),
                             ("--constant=0", "--constants"), ("--targets=cpu", "--target"), ("--bugdet=1s", "--budget"),
                             ("--againts=0", "--against")):
            self.assertIn(f"did you mean '{near}'?", self.refuse("plan", CP, *CP_SHAPES, option, code=2))

    def test_help_and_completion_know_the_planning_options(self):
        completion = self.succeed("--completion=bash")
        for command in ("plan", "run", "compile"):
            page = self.succeed(command, "--help")
            for option in ("planner", "minimize", "count", "gradients", "constants", "target", "budget"):
                self.assertIn(f"--{option}=", page)
                self.assertIn(f"--{option}= ", completion)
        self.assertIn("auto exact anneal greedy left rebuild", completion)
        self.assertIn("flops size write combo-64 roof-20 time peak", completion)
        for option in ("against", "keep", "memory-limit", "parametric", "export", "cache"):
            self.assertIn(f"--{option}=", self.succeed("plan", "--help"))
        self.assertIn("--slice", self.succeed("plan", "--help"))
        for option in ("keep", "gradients", "tree", "cache"):
            self.assertIn(f"--{option}=", self.succeed("pareto", "--help"))
        self.assertIn("plan pareto run compile check", completion)
        for option in ("--slice", "--keep=1", "--parametric=b:1..2", "--export=cotengra"):
            self.refuse("run", CP, "x.npy", "-o", "y.npy", option, code=2)
        self.refuse("run", CP, "x.npy", "-o", "y.npy", "--against=0", code=2)

    def test_help_and_version(self):
        for words in (["--help"], ["plan", "--help"], ["pareto", "--help"], ["run", "-h"], ["compile", "--help"], ["check", "--help"]):
            self.assertIn("conveinsum", self.succeed(*words))
        self.assertRegex(self.succeed("--version"), r"^conveinsum \d+\.\d+")
        self.assertIn("complete -F", self.succeed("--completion=bash"))

    def test_closed_output_is_an_error(self):
        if not os.path.exists("/dev/full"):
            self.skipTest("no /dev/full")
        code = os.system(f"{os.environ['CONVEINSUM']} plan --help > /dev/full 2> /dev/null")
        self.assertEqual(os.waitstatus_to_exitcode(code), 1)


class Invalid(CommandTest):
    """Every line of the data files that must be refused."""

    def test_invalid_cases(self):
        cases = [case for case in data("invalid.json")["cases"] if case["expr"] is not None and "dtypes" not in case]
        self.assertGreater(len(cases), 50)
        results = self.batch("plan", cases, code=1)
        for case, result in zip(cases, results):
            with self.subTest(name=case["name"], reason=case["reason"]):
                self.assertEqual(result["name"], case["name"])
                error = result.get("error", {})
                self.assertTrue(error.get("message"), result)
                for key in ("position", "operand", "mode"):
                    if key in case and key in error:
                        self.assertEqual(error[key], case[key], error)

    def test_bytes_that_are_not_utf8(self):
        for case in data("invalid.json")["cases"]:
            if case.get("expr_hex"):
                equation = bytes.fromhex(case["expr_hex"])
                shapes = ["x".join(map(str, shape)) for shape in case["shapes"]]
                self.refuse("plan", equation, *shapes)

    def test_lines_that_are_no_cases(self):
        good = {"name": "good", "expr": "ij,jk->ik", "shapes": [[2, 3], [3, 4]]}
        bad = [b"", b"{", b"\xff\xfe", b"[1]", b"null", b"[" * 100000, b'{"a":' * 5000, b'{"expr": "\xc3"}', b"{}\0",
               b'{"expr": 5}', b'{"expr": "ij", "shapes": "2x3"}', b'{"expr": "i", "shapes": [[1e300]]}',
               b'{"expr": "i", "shapes": [[2.5]]}', b'{"expr": "i", "shapes": [[-1]]}', b'{"expr": "i"}',
               b'{"expr": "i", "shapes": [[2]], "dtype": "f8"}', b'{"expr": "i", "shapes": [[2]], "dtype": 8}',
               b'{"expr": "i", "shapes": [[2]], "tree": {}}', b'{"expr": "i", "shapes": [[2]], "tree": 1}',
               b'{"expr": "i", "shapes": [[2]], "constants": [1]}', b'{"expr": "i", "shapes": [[2]], "gradients": [-1]}',
               b'{"expr": "i", "shapes": [[2]], "gradients": [0, 0]}', b'{"expr": "i", "shapes": [[2]], "gradients": 0}',
               b'{"expr": "i", "shapes": [[2]], "gradients": [0.5]}', b'{"expr": "i", "shapes": [[2]], "gradients": ["0"]}',
               b'{"expr": "i", "shapes": [[2]], "gradients": [1e30]}', b'{"expr": "i", "shapes": [[2]], "constants": "all"}',
               b'{"expr": "i", "shapes": [[2]], "gradients": [0], "constants": [0]}',
               b'{"expr": "i", "shapes": [[2]], "conv_modes": 3}',
               b'{"expr": "i|i", "shapes": [[2]], "conv_modes": {"i": {"strides": 2}}}']
        results = self.batch("plan", [good, *bad, good], code=1)
        self.assertNotIn("error", results[0])
        self.assertNotIn("error", results[-1])
        for line, result in zip(bad, results[1:-1]):
            with self.subTest(line=line[:60]):
                self.assertIsNone(result["name"])
                self.assertTrue(result["error"]["message"])

    def test_positions_are_given_once(self):
        for key in ("gradients", "constants"):
            case = '{"expr": "i,i", "shapes": [[2], [2]], "%s": [0]}' % key
            err = self.refuse("plan", "--case=-", f"--{key}=0", stdin=case)
            self.assertIn(f"the {key} are given twice, by '{key}' of the case and by --{key}", err)

    def test_a_case_may_be_broken_in_any_way(self):
        for text in (b"", b"{", b"\xff", b"[]", b"[" * 100000):
            self.refuse("plan", "--case=-", stdin=text)


if __name__ == "__main__":
    unittest.main()
