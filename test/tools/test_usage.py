"""Commands, options and exit codes."""

import os
import re
import subprocess
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
                      ["--case=missing.json"], ["--batch=missing.jsonl"],
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

    def test_an_option_given_twice_is_a_fault_of_the_command_line(self):
        for words in (["--json", "--json"], ["--dtype=f32", "--dtype=f32"], ["--budget=1s", "--budget", "2s"]):
            self.assertIn("is given twice", self.refuse("plan", CP, *CP_SHAPES, *words, code=2))

    def test_mistyped_words_have_a_neighbour(self):
        for words, near in ((["plna", CP], "plan"), (["--hlep"], "--help")):
            self.assertIn(f"did you mean '{near}'?", self.refuse(*words, code=2))
        for option, near in (("--minimize=flop", "flops"), ("--planner=gready", "greedy"), ("--count=Dense", "dense"),
                             ("--target=gpus", "gpu"), ("--export=cotengr", "cotengra")):
            self.assertIn(f"did you mean '{near}'?", self.refuse("plan", CP, *CP_SHAPES, option))
        for options, near in ((["--emit=librari"], "library"), (["--emit=steps", "--target-cpu=nativ"], "native")):
            self.assertIn(f"did you mean '{near}'?", self.refuse("compile", CP, *CP_SHAPES, *options, "-o", self.path("x")))
        self.assertNotIn("did you mean", self.refuse("plan", CP, *CP_SHAPES, "--minimize=speed"))

    def test_mistyped_keys_are_refused(self):
        case = {"expr": "bsh,rs,rh->brh|h", "shapes": [[2, 4, 8], [3, 4], [3, 3]]}
        near = {"conv_mode": "conv_modes", "convModes": "conv_modes", "conv-modes": "conv_modes", "CONV_MODES": "conv_modes",
                "gradient": "gradients", "gradeints": "gradients", "dtypes": "dtype", "DType": "dtype", "constant": "constants",
                "shape": "shapes", "resultDtype": "result_dtype", "outShape": "out_shape", "paths": "path", "input": "inputs",
                "outputs": "output", "names": "name", "pahts": "path", "Tree": "tree"}
        for key, known in near.items():
            with self.subTest(key=key):
                error = self.batch("plan", [{**case, key: None}], code=1)[0]["error"]
                self.assertEqual(error["message"], f"unknown key '{key}' in a case; did you mean '{known}'?")
                self.assertEqual(error["constraint"], "C43")
        self.assertIn("did you mean 'expr'?", self.batch("plan", [{"exrp": "i", "shapes": [[2]]}], code=1)[0]["error"]["message"])
        for key in ("stride", "dilation", "padding", "flip", "feature_operand", "kind", "transposed", "output_padding", "in_size", "out_size"):
            error = self.batch("plan", [{**case, key: 1}], code=1)[0]["error"]["message"]
            self.assertEqual(error, f"unknown key '{key}' in a case: expected it in 'conv_modes', with the label of a mode")
        for modes, known in (({"h": {"strides": 2}}, "stride"), ({"h": {"feature_operands": 0}}, "feature_operand"),
                             ({"h": {"in_sizes": 8}}, "in_size")):
            error = self.batch("plan", [{**case, "conv_modes": modes}], code=1)[0]["error"]["message"]
            self.assertIn(f"did you mean '{known}'?", error)
        free = ("notes", "source", "family", "out", "steps", "macs", "rank", "anchors", "comment", "version", "values", "optimum")
        self.batch("plan", [{**case, **{key: 1 for key in free}}])
        network = {"inputs": [["i", "j"], ["j"]], "output": ["i"], "size_dict": {"i": 2, "j": 3}}
        for key in ("ssaPath", "ssa-path"):
            self.assertIn("did you mean 'ssa_path'?", self.batch("plan", [{**case, key: 1}], code=1)[0]["error"]["message"])
        for key, known in (("size_dicts", "size_dict"), ("ssaPath", "ssa_path"), ("paths", "path")):
            self.assertIn(f"did you mean '{known}'?", self.batch("plan", [{**network, key: 1}], code=1)[0]["error"]["message"])

    def test_keys_are_given_once(self):
        case = '{"expr": "bsh,rs,rh->brh|h", "shapes": [[2, 4, 8], [3, 4], [3, 3]], %s}'
        for members in ('"dtype": "f32", "dtype": "f64"', '"conv_modes": {"h": {"stride": 1, "stride": 2}}',
                        '"conv_modes": {"h": {}, "h": {"stride": 2}}', '"conv_modes": {"h": {"dilation": {"2": 1, "2": 1}}}',
                        '"name": "a", "n\\u0061me": "a"', '"notes": {"any": {"x": 1, "x": 1}}', '"notes": [[{"": 1, "": 2}]]'):
            with self.subTest(members=members):
                error = self.batch("plan", [case % members], code=1)[0]["error"]
                self.assertIn("malformed JSON at byte", error["message"])
                self.assertIn("expected every key once, got '", error["message"])
                self.assertEqual(error["constraint"], "C43")

    def test_options_are_no_keys(self):
        case = {"expr": "bsh,rs,rh->brh|h", "shapes": [[2, 4, 8], [3, 4], [3, 3]]}
        near = {"minimize": "minimize", "minimise": "minimize", "Minimize": "minimize", "planner": "planner", "count": "count",
                "target": "target", "budget": "budget", "memory_limit": "memory-limit", "memory-limit": "memory-limit",
                "memoryLimit": "memory-limit", "keep": "keep", "slice": "slice", "cache": "cache", "against": "against",
                "parametric": "parametric", "threads": "threads", "target_cpu": "target-cpu", "check": "check", "emit": "emit"}
        for key, option in near.items():
            with self.subTest(key=key):
                error = self.batch("plan", [{**case, key: "time"}], code=1)[0]["error"]
                self.assertEqual(error["message"], f"unknown key '{key}' in a case: expected it on the command line, as --{option}")
                self.assertEqual(error["constraint"], "C43")
        # What differs from a short word may be a data set's own.
        self.batch("plan", [{**case, **{key: 1 for key in ("kept", "counter", "targeted", "best", "seconds", "layer", "batch")}}])

    def test_mistyped_options_have_a_neighbour(self):
        for option, near in (("--minimise=flops", "--minimize"), ("--gradient=0", "--gradients"),
                             ("--constant=0", "--constants"), ("--targets=cpu", "--target"), ("--bugdet=1s", "--budget"),
                             ("--againts=0", "--against")):
            self.assertIn(f"did you mean '{near}'?", self.refuse("plan", CP, *CP_SHAPES, option, code=2))

    def test_help_and_completion_know_the_planning_options(self):
        completion = self.succeed("--completion=bash")
        for command in ("plan", "run", "grad", "compile"):
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
        self.assertIn("plan pareto run grad compile check", completion)
        for option in ("cotangent", "keep", "result", "check", "json", "threads", "memory-limit"):
            self.assertIn(f"--{option}", self.succeed("grad", "--help"))
        for option in ("--slice", "--keep=1", "--parametric=b:1..2", "--export=cotengra"):
            self.refuse("run", CP, "x.npy", "-o", "y.npy", option, code=2)
        self.refuse("run", CP, "x.npy", "-o", "y.npy", "--against=0", code=2)

    def complete(self, line, breaks="=:"):
        """What bash offers at the end of a line that it cut into words at blanks and at `breaks`."""
        words = []
        for token in line.split(" "):
            words += re.findall(f"[{breaks}]|[^{breaks}]+", token) if breaks and token else [token]
        script = ("compopt() { :; }; source <(\"$CONVEINSUM\" --completion=bash); COMP_LINE=$1; COMP_POINT=${#1}; shift; COMP_WORDS=(\"$@\");"
                  " COMP_CWORD=$(($# - 1)); _conveinsum; printf '%s\\n' \"${COMPREPLY[@]}\"")
        done = subprocess.run(["bash", "-c", script, "bash", line, *words], capture_output=True, text=True, cwd=self.folder)
        self.assertEqual(done.stderr, "")
        return done.stdout.split()

    def test_completion_of_geometry(self):
        keys = ["stride=", "dilation=", "padding=", "flip", "feature=", "kind=", "transposed", "output-padding="]
        paddings = ["same", "same-upper", "same-lower", "valid", "full", "causal", "circular"]
        for option in ("--conv=", "--conv "):
            line = f"conveinsum plan bh,h->bh|h 2x7 3 {option}"
            self.assertEqual(self.complete(line + "h:"), keys)
            self.assertEqual(self.complete(line + "h,w:padd"), ["padding="])
            self.assertEqual(self.complete(line + "h:padding="), paddings)
            self.assertEqual(self.complete(line + "h:padding=same-"), ["same-upper", "same-lower"])
            self.assertEqual(self.complete(line + "h:stride=2,pad"), ["2,padding="])
            self.assertEqual(self.complete(line + "h:stride=2,padding=c"), ["causal", "circular"])
            self.assertEqual(self.complete(line + "h:stride=2,"), ["2," + key for key in keys])
            self.assertEqual(self.complete(line + "(t1):kind="), ["linear", "circular"])
            for nothing in ("", "h", "h:stride=", "h:feature=1", "h:padding=x", "h:no"):
                self.assertEqual(self.complete(line + nothing), [], nothing)
        # Where '=' and ':' are no breaks of words, the whole word is replaced.
        self.assertEqual(self.complete("conveinsum run --conv=h:stride=2,padding=ca", ""), ["--conv=h:stride=2,padding=causal"])
        self.assertEqual(self.complete("conveinsum run --conv=h:stride=2 --minimize=f"), ["flops"])
        self.assertEqual(self.complete("conveinsum run --conv h:stride=2 --dtype=bf"), ["bf16"])

    def test_help_and_version(self):
        for words in (["--help"], ["plan", "--help"], ["pareto", "--help"], ["run", "-h"], ["grad", "--help"], ["compile", "--help"], ["check", "--help"]):
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
