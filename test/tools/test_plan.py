"""Plans: the documented object, ways to pin an order, pictures, batches."""

import json
import os
import pathlib
import pty
import signal
import subprocess
import time
import unittest
import xml.dom.minidom

from command import COMMAND, CP, CP_SHAPES, CommandTest, data, seconds


def unordered(tree):
    """A tree in which the two sides of a step have no order."""
    return tree if isinstance(tree, int) else frozenset(map(unordered, tree))


def covered(expected, actual):
    """The parts of `actual` that `expected` has; objects may have more keys."""
    if isinstance(expected, dict) and isinstance(actual, dict):
        return {key: covered(value, actual.get(key)) for key, value in expected.items()}
    if isinstance(expected, list) and isinstance(actual, list) and len(expected) == len(actual):
        return [covered(*pair) for pair in zip(expected, actual)]
    return actual


class Plan(CommandTest):
    def plan(self, *words):
        return json.loads(self.succeed("plan", CP, *CP_SHAPES, "--json", *words))

    def test_documented_object(self):
        expected = {
            "name": None, "equation": CP, "shapes": [[2, 4, 8], [3, 4], [3, 3]], "result_shape": [2, 3, 8],
            "path": [[0, 1], [0, 1]], "ssa_path": [[0, 1], [3, 2]], "tree": [[0, 1], 2],
            "macs": {"exact": 324, "dense": 336}, "largest_intermediate": 48, "written": 96, "proof": "optimal",
            "steps": [{"inputs": [0, 1], "result": 3, "equation": "bsh,rs->brh", "kind": "contraction",
                       "macs": {"exact": 192, "dense": 192}, "shape": [2, 3, 8]},
                      {"inputs": [3, 2], "result": 4, "equation": "brh,rh->brh|h", "kind": "depthwise",
                       "macs": {"exact": 132, "dense": 144}, "shape": [2, 3, 8]}]}
        plan = self.plan()
        for key, value in expected.items():
            if key == "path":  # the two positions of a pair have no order
                self.assertEqual([sorted(pair) for pair in plan[key]], value)
            else:
                self.assertEqual(covered(value, plan[key]), value, key)
        self.assertGreaterEqual(plan["planning_seconds"], 0)

    def test_pinned_orders(self):
        tree = [[0, 2], 1]
        for words in (["--tree=((0,2),1)"], ["--path=(0,2),(0,1)"], ["--ssa-path=(0,2),(3,1)"]):
            plan = self.plan(*words)
            self.assertEqual(unordered(plan["tree"]), unordered(tree), words)
            self.assertEqual(plan["proof"], "pinned")
        for pin in ({"tree": tree}, {"path": [[0, 2], [0, 1]]}):
            case = {"name": "pinned", "expr": CP, "shapes": [[2, 4, 8], [3, 4], [3, 3]], **pin}
            plan = self.batch("plan", [case])[0]
            self.assertEqual(unordered(plan["tree"]), unordered(tree))
            self.assertEqual((plan["name"], plan["proof"]), ("pinned", "pinned"))
        self.assertEqual(self.plan("--planner=left")["tree"], [[0, 1], 2])
        self.assertEqual(self.plan("--planner=rebuild")["tree"], [0, [1, 2]])

    def test_an_order_is_given_once(self):
        case = json.dumps({"expr": CP, "shapes": [[2, 4, 8], [3, 4], [3, 3]], "tree": [[0, 1], 2]})
        self.refuse("plan", "--case=-", "--planner=left", stdin=case)
        self.succeed("plan", "--case=-", "--json", stdin=case)

    def test_geometry(self):
        plan = self.plan("--conv=h:stride=2,padding=valid")
        self.assertEqual(plan["result_shape"], [2, 3, 3])
        case = {"expr": CP, "shapes": [[2, 4, 8], [3, 4], [3, 3]], "conv_modes": {"h": {"stride": 2, "padding": "valid"}}}
        self.assertEqual(self.batch("plan", [case])[0]["steps"], plan["steps"])
        self.refuse("plan", "--case=-", "--conv=h:stride=2", stdin=json.dumps(case))

    def test_one_operand(self):
        plan = json.loads(self.succeed("plan", "iij->ji", "3x3x4", "--json"))
        for key, value in {"path": [], "ssa_path": [], "steps": [], "tree": 0, "macs": {"exact": 0, "dense": 0}}.items():
            self.assertEqual(plan[key], value)

    def test_large_counts_are_digits(self):
        plan = json.loads(self.succeed("plan", "i,j,k->ijk", *["1000000000"] * 3, "--json"))
        self.assertEqual(plan["macs"]["exact"], str(10**27 + 10**18))

    def test_values_beyond_128_bits(self):
        """Two steps of 2^84 and 2^168 MACs."""
        network = ["i,j,k,l->ijkl", *[str(2**42)] * 4]
        plan = json.loads(self.succeed("plan", *network, "--json"))
        self.assertEqual(plan["value"], str(2**168 + 2**84 + 2**84))
        self.assertAlmostEqual(plan["value_log2"], 168, places=6)
        self.assertIn("about 2^168.00", self.succeed("plan", *network))
        self.assertNotIn("value_log2", self.plan())

    def test_table_and_pictures(self):
        table = self.succeed("plan", CP, *CP_SHAPES)
        for word in ("depthwise", "contraction", CP):
            self.assertIn(word, table)
        self.assertNotIn("\x1b", table)
        self.assertTrue(self.succeed("plan", CP, *CP_SHAPES, "--dot").startswith("digraph"))
        self.assertEqual(self.succeed("plan", CP, *CP_SHAPES, "--svg=" + self.path("plan.svg")), "")
        xml.dom.minidom.parse(self.path("plan.svg"))
        self.refuse("plan", CP, *CP_SHAPES, "--svg=" + self.path("no/plan.svg"))

    def test_batch_answers_line_by_line(self):
        with subprocess.Popen([COMMAND, "plan", "--batch=-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
            for name in ("first", "second"):
                case = {"name": name, "expr": "ij,jk->ik", "shapes": [[2, 3], [3, 4]]}
                process.stdin.write(json.dumps(case).encode() + b"\n")
                process.stdin.flush()
                self.assertEqual(json.loads(process.stdout.readline())["name"], name)
            process.stdin.close()
            self.assertEqual(process.wait(timeout=seconds(60)), 0)

    def test_more_operands_than_the_exact_search_takes(self):
        network = [",".join("ab" for _ in range(80)) + "->a", *["2x3"] * 80]
        self.assertIn("--planner=auto", self.refuse("plan", *network, "--planner=exact"))
        for planner in ("auto", "anneal", "greedy", "left"):
            words = [*network, "--planner=" + planner, "--budget=20000moves", "--json"]
            plan = json.loads(self.succeed("plan", *words))
            # All operands are alike.
            proof = {"auto": "optimal", "anneal": "best-found"}.get(planner, planner)
            self.assertEqual((plan["proof"], len(plan["steps"])), (proof, 79))


class Goals(CommandTest):
    """Objectives, training, constants, targets."""

    case = {"expr": CP, "shapes": [[2, 4, 8], [3, 4], [3, 3]]}

    def plan(self, *words):
        return json.loads(self.succeed("plan", CP, *CP_SHAPES, "--json", *words))

    def test_default(self):
        plan = self.plan()
        expected = {"objective": "flops", "count": "exact", "value": 324, "lower_bound": 324, "gap": 1,
                    "gradients": [], "constants": [], "prepare": [], "warnings": [],
                    "predicted": {"target": "cpu"}, "result_dtype": "f32",
                    # operands and result; both step results at once
                    "peak_bytes": 4 * (64 + 12 + 9 + 48 + 48)}
        self.assertEqual(covered(expected, plan), expected)
        self.assertNotIn("training", plan)
        self.assertNotIn("compare", plan)
        self.assertAlmostEqual(plan["predicted"]["seconds"], sum(step["predicted"]["seconds"] for step in plan["steps"]))
        for step in plan["steps"]:
            self.assertIn(step["predicted"]["bound"], ("compute", "memory", "call"))
            self.assertAlmostEqual(step["intensity"], step["macs"]["exact"] / step["moved_bytes"])

    def test_stored_optima(self):
        """Every objective that networks.json stores, on networks that are small enough."""
        networks = [entry for entry in data("networks.json")["networks"] if entry["n"] <= 10 and "optimum" in entry]
        self.assertGreater(len(networks), 50)
        for objective in ("flops", "size", "write", "combo-64", "roof-20", "roof-300"):
            plans = self.batch("plan", networks, "--minimize=" + objective, "--planner=exact")
            for entry, plan in zip(networks, plans):
                if objective in entry["optimum"]:
                    with self.subTest(name=entry["name"], objective=objective):
                        got = (plan["objective"], int(plan["value"]), plan["proof"])
                        self.assertEqual(got, (objective, entry["optimum"][objective], "optimal"))

    def test_stored_training_optima(self):
        networks = [entry for entry in data("networks.json")["networks"] if entry["n"] <= 10 and "optimum" in entry]
        for key, choose in (("train_all_grads_macs", lambda n: list(range(n))),
                            ("train_operand0_frozen_macs", lambda n: list(range(1, n)))):
            cases = [{**entry, "gradients": choose(entry["n"])} for entry in networks if key in entry["optimum"]]
            self.assertGreater(len(cases), 20)
            for case, plan in zip(cases, self.batch("plan", cases)):
                with self.subTest(name=case["name"], key=key):
                    self.assertEqual(int(plan["training"]["macs"]), case["optimum"][key])
                    self.assertEqual((plan["value"], plan["gradients"]), (plan["training"]["macs"], case["gradients"]))

    def test_keys_and_options_agree(self):
        for key, positions, text in (("gradients", [0, 2], "0,2"), ("gradients", [0, 1, 2], "all"),
                                     ("constants", [1, 2], "2,1")):
            by_option = self.plan(f"--{key}={text}")
            self.assertEqual(by_option[key], positions)
            for value in (positions, text, positions[::-1]):
                by_key = self.batch("plan", [{**self.case, key: value}])[0]
                self.assertEqual(by_key["ssa_path"], by_option["ssa_path"])
                self.assertEqual((by_key[key], by_key["value"]), (positions, by_option["value"]))

    def test_constants_are_prepared(self):
        plan = self.plan("--constants=1,2", "--tree=(0,(1,2))")
        self.assertEqual(plan["prepare"], [0])
        self.assertEqual([step["products"] for step in plan["steps"]], [0, 1])
        self.assertIsNone(plan["steps"][0]["predicted"])
        self.assertEqual(plan["value"], plan["steps"][1]["macs"]["exact"])
        self.assertIn("prepare", self.succeed("plan", CP, *CP_SHAPES, "--constants=1,2", "--tree=(0,(1,2))"))

    def test_a_pinned_order_has_a_value(self):
        plan = self.plan("--tree=((0,2),1)", "--minimize=write", "--gradients=all")
        # The results of both steps, and one gradient for each side of both.
        self.assertEqual(plan["value"], (2 * 4 * 3 * 8 + 64 + 9) + (48 + 192 + 12))
        self.assertEqual((plan["objective"], plan["proof"]), ("write", "pinned"))

    def test_targets(self):
        plans = {target: self.plan("--minimize=time", "--target=" + target) for target in ("cpu", "gpu")}
        for target, plan in plans.items():
            self.assertEqual(plan["predicted"]["target"], target)
            self.assertAlmostEqual(plan["value"] * 1e-12, plan["predicted"]["seconds"])
        self.assertNotEqual(plans["cpu"]["value"], plans["gpu"]["value"])

    def target(self, **figures):
        """A file with a target on which every step takes a second but for what it computes and moves."""
        kinds = ("kernel-merge", "depthwise", "grouped", "convolution", "outer", "elementwise", "contraction")
        types = ("f64", "f32", "f16", "bf16", "complex<f32>", "complex<f64>", "i8", "i16", "i32", "i64")
        model = {"name": "slow", "macs_per_second": {kind: 10**12 for kind in kinds},
                 "type_percent": {dtype: 100 for dtype in types},
                 "levels": [{"bytes": None, "bytes_per_second": 10**12}], "call_picoseconds": 10**12, "fuses": False,
                 **figures}
        pathlib.Path(self.path("target.json")).write_text(json.dumps(model), encoding="utf-8")
        return "--target=" + self.path("target.json")

    def test_target_from_a_file(self):
        plan = self.plan("--minimize=time", self.target())
        self.assertEqual(plan["predicted"]["target"], "slow")
        self.assertEqual([round(step["predicted"]["seconds"], 6) for step in plan["steps"]], [1, 1])
        self.assertEqual(plan["predicted"]["bound"], "call")
        self.assertIn("2.00 s on the target 'slow', bound by call", self.succeed("plan", CP, *CP_SHAPES, self.target()))
        err = self.refuse("plan", CP, *CP_SHAPES, self.target(fuses=1))
        self.assertIn("fuses", err)
        self.assertIn("target.json')", err)

    def test_keys_of_a_target_are_known_and_given_once(self):
        for key, known in (("fuse", "fuses"), ("macsPerSecond", "macs_per_second"), ("level", "levels")):
            self.assertIn(f"got unknown key '{key}'; did you mean '{known}'?", self.refuse("plan", CP, *CP_SHAPES, self.target(**{key: 1})))
        err = self.refuse("plan", CP, *CP_SHAPES, self.target(levels=[{"byte": None, "bytes_per_second": 1}]))
        self.assertIn("levels[0]: expected the keys bytes, bytes_per_second, got unknown key 'byte'; did you mean 'bytes'?", err)
        option = self.target()
        file = pathlib.Path(self.path("target.json"))
        file.write_text(file.read_text().replace('"contraction"', '"outer"'))
        self.assertIn("expected every key once, got 'outer' again", self.refuse("plan", CP, *CP_SHAPES, option))

    def test_budgets(self):
        for budget in ("20000moves", "10ms", "1.5s"):
            self.assertEqual(self.plan("--budget=" + budget)["proof"], "optimal")
        network = [",".join("ab" for _ in range(30)) + "->a", *["2x3"] * 30]
        words = ["plan", *network, "--planner=anneal", "--budget=3000moves", "--json"]
        plans = [json.loads(self.succeed(*words)) for _ in range(2)]
        self.assertEqual(plans[0]["tree"], plans[1]["tree"])
        self.assertGreater(plans[0]["moves"], 0)

    def test_run_and_compile_take_the_options(self):
        words = ["--minimize=peak", "--gradients=1", "--constants=2", "--target=gpu", "--budget=10ms",
                 "--planner=auto", "--count=dense"]
        self.assertIn("plan ", self.succeed("compile", CP, *CP_SHAPES, "--emit=planned", "-o", "-", *words))
        self.assertIn("--minimize", self.refuse("compile", CP, *CP_SHAPES, "--emit=planned", "-o", "-", "--minimize=x"))

    def test_warning_about_time(self):
        layer = next(entry for entry in data("networks.json")["networks"] if entry["name"] == "RTR3D_ucf")
        plan = self.batch("plan", [layer], "--target=gpu")[0]
        self.assertEqual(len(plan["warnings"]), 1)
        fast = self.batch("plan", [layer], "--target=gpu", "--minimize=time")[0]
        self.assertEqual(fast["warnings"], [])
        self.assertIn(json.dumps(fast["tree"], separators=(",", ":")).replace("[", "(").replace("]", ")"),
                      plan["warnings"][0])
        self.assertGreater(plan["predicted"]["seconds"], 1.1 * fast["predicted"]["seconds"])
        self.assertIn("Warning: ", self.succeed("plan", "--case=-", "--target=gpu", stdin=json.dumps(layer)))


class Comparison(CommandTest):
    """Why not this tree?"""

    def plan(self, *words):
        return json.loads(self.succeed("plan", CP, *CP_SHAPES, "--json", *words))

    def test_pinned_order(self):
        for words in (["--tree=((0,2),1)"], ["--path=(0,2),(0,1)"], ["--ssa-path=(0,2),(3,1)"]):
            plan = self.plan(*words)
            compare = plan["compare"]
            self.assertEqual((compare["tree"], compare["proof"], compare["value"]), ([[0, 1], 2], "optimal", 324))
            self.assertAlmostEqual(compare["ratio"], plan["value"] / 324)
            self.assertEqual([difference["operands"] for difference in compare["differences"]], [[0, 2], [0, 1, 2], [0, 1]])
            here, both, there = compare["differences"]
            self.assertEqual((here["there"], there["here"]), (None, None))
            self.assertEqual(here["here"]["value"], plan["steps"][0]["value"])
            self.assertEqual(both["here"]["step"], both["there"]["step"])
            self.assertEqual(compare["costliest"], 0)
        table = self.succeed("plan", CP, *CP_SHAPES, "--tree=((0,2),1)")
        for part in ("Compared with the optimum ((0,1),2)", "this tree", "costliest: bsh,rh->bsrh|h"):
            self.assertIn(part, table)

    def test_against(self):
        plan = self.plan("--against=((0,2),1)", "--minimize=write")
        self.assertEqual((plan["proof"], plan["compare"]["proof"]), ("optimal", "pinned"))
        self.assertLess(plan["compare"]["ratio"], 1)
        self.assertEqual(plan["compare"]["tree"], [[0, 2], 1])
        table = self.succeed("plan", CP, *CP_SHAPES, "--against=((0,2),1)")
        self.assertIn("Compared with the given tree ((0,2),1)", table)

    def test_the_same_tree(self):
        plan = self.plan("--tree=(2,(1,0))")
        self.assertEqual(plan["compare"]["differences"], [])
        self.assertEqual((plan["compare"]["ratio"], plan["compare"]["costliest"]), (1, None))
        self.assertIn("both trees take the same steps", self.succeed("plan", CP, *CP_SHAPES, "--tree=(2,(1,0))"))

    def test_one_operand(self):
        plan = json.loads(self.succeed("plan", "ij->ji", "2x3", "--json", "--tree=0"))
        self.assertEqual((plan["compare"]["differences"], plan["compare"]["ratio"]), ([], None))


class Interrupts(CommandTest):
    """A search that a person watches, and ends."""

    network = [",".join("(m%d)(m%d)(m%d)" % (k, (7 * k + 3) % 60, (k + 1) % 60) for k in range(60)) + "->", *["4x4x4"] * 60]
    words = ["plan", *network, "--planner=anneal", "--budget=60s"]

    def start(self, *words, stderr=subprocess.PIPE):
        return subprocess.Popen([COMMAND, *self.words, *words], stdout=subprocess.PIPE, stderr=stderr)

    def test_the_first_ends_the_search(self):
        with self.start("--json") as process:
            time.sleep(seconds(1.0))
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=seconds(30))
        self.assertEqual(process.returncode, 0, err)
        plan = json.loads(out)
        self.assertEqual((plan["proof"], len(plan["steps"])), ("best-found", 59))
        self.assertEqual(err.decode(), "note: the search was interrupted; the best tree so far is shown\n")

    def test_of_a_batch_it_ends_the_command(self):
        case = {"expr": self.network[0], "shapes": [[4, 4, 4]] * 60}
        pathlib.Path(self.path("cases.jsonl")).write_text(json.dumps(case) + "\n", encoding="utf-8")
        command = [COMMAND, "plan", "--batch=" + self.path("cases.jsonl"), "--planner=anneal", "--budget=60s"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            time.sleep(seconds(1.0))
            process.send_signal(signal.SIGINT)
            out, _ = process.communicate(timeout=seconds(30))
        self.assertEqual((process.returncode, out), (-signal.SIGINT, b""))

    def watch(self, *words):
        """What a terminal shows of a search of two seconds."""
        terminal, stderr = pty.openpty()
        with self.start(*words, stderr=stderr) as process:
            os.close(stderr)
            time.sleep(2.0)
            process.send_signal(signal.SIGINT)
            out, _ = process.communicate(timeout=seconds(30))
        self.assertEqual(process.returncode, 0)
        shown = b""
        try:
            while piece := os.read(terminal, 4096):
                shown += piece
        except OSError:  # the other side is closed
            pass
        os.close(terminal)
        return out.decode(), shown.decode()

    def test_progress_is_one_line_that_vanishes(self):
        out, shown = self.watch()
        self.assertRegex(shown, r"\r[a-z, ]+: \d+\.\d s, best flops = ")
        progress, note = shown.split("\r\x1b[K")
        self.assertNotIn("\n", progress)
        self.assertIn("the search was interrupted", note)
        self.assertNotIn("best flops = ", out)

    def test_no_progress_beside_json(self):
        _, shown = self.watch("--json")
        self.assertNotIn("best flops", shown)


if __name__ == "__main__":
    unittest.main()
