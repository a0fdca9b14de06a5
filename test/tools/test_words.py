"""docs/Words.md: what other libraries call otherwise, every line executed."""

import json
import pathlib
import re
import shlex
import unittest
import warnings

import numpy as np
from scipy import ndimage, signal

import word_references
from command import CommandTest, call
from optional_torch import torch
from word_references import F, keras, lax, tf

PAGE = pathlib.Path(__file__).parents[2] / "docs" / "Words.md"


def operand(n, *shape):
    """The fill that the page gives."""
    i = np.arange(np.prod(shape, dtype=int))
    return ((7 * i + 3 * n + i // 4) % 5 - 2.0).reshape(shape)


def cells(line):
    """The cells of a line of a table; `\\|` is a bar inside one."""
    return [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line.strip())[1:-1]]


def code(cell):
    """The first code span of a cell."""
    found = re.search(r"`([^`]*)`", cell)
    return found.group(1) if found else ""


def tables():
    """Section -> lines of its table, without the head."""
    found, section = {}, None
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            section = line[3:]
        elif line.startswith("|"):
            found.setdefault(section, []).append(cells(line))
    return {section: lines[2:] for section, lines in found.items()}


TABLES = tables()
OTHERS = ("Element types", "Words that mean different things")
LINES = [line for section, lines in TABLES.items() if section not in OTHERS for line in lines]


def example(array):
    """How a result begins, as the page shows it."""
    shape = "x".join(map(str, array.shape)) or "scalar"
    numbers = [f"{number:g}" for number in array.reshape(-1)[:6].round(6) + 0.0]
    return f"{shape}: {', '.join(numbers)}{', ...' if array.size > 6 else ''}"


class Line:
    """One line: the names and the numbers that both sides see."""

    def __init__(self, line):
        self.form, self.here = code(line[0]), code(line[1])
        self.result = code(line[3])
        named, _, handed = code(line[2]).partition(";")
        self.names = {}
        for n, word in enumerate(named.split(",")):
            name, shape = word.split()
            self.names[name] = operand(n, *map(int, shape.split("x")))
        self.scope = {"np": np, "signal": signal, "ndimage": ndimage, "F": F, "lax": lax, "tf": tf, "keras": keras,
                      **self.names}
        self.operands = list(self.names.values())
        if handed:
            self.operands = list(eval(f"({handed},)", self.scope))

    def there(self, **scope):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return np.asarray(eval(self.form, {**self.scope, **scope}))


class Words(CommandTest):
    def run_here(self, line):
        equation, *options = line.here.split(" --")
        options = [word for option in options for word in shlex.split("--" + option)]
        for n, array in enumerate(line.operands):
            np.save(self.path(f"{n}.npy"), np.ascontiguousarray(array, np.float64))
        files = [self.path(f"{n}.npy") for n in range(len(line.operands))]
        self.succeed("run", equation, *files, "-o", self.path("y.npy"), *options)
        return np.load(self.path("y.npy"))

    def test_every_line(self):
        self.assertGreater(len(LINES), 80)
        for number, cells_ in enumerate(LINES):
            line = Line(cells_)
            with self.subTest(form=line.form, here=line.here):
                y, there = self.run_here(line), line.there()
                self.assertEqual(y.size, there.size)
                np.testing.assert_allclose(y.reshape(there.shape), there, atol=1e-9)
                self.assertEqual(line.result, example(y))

    def test_lines_tell_their_words_apart(self):
        """No result is the same for every padding: the numbers can tell."""
        for cells_ in LINES:
            line = Line(cells_)
            there = line.there()
            self.assertTrue(there.size == 1 or len(np.unique(there)) > 1, line.form)

    @unittest.skipIf(torch is None, "no PyTorch")
    def test_formulas_against_pytorch(self):
        functional = {name: lambda *arguments, call=getattr(torch.nn.functional, name), **named: call(
            *(torch.from_numpy(array) for array in arguments), **named).numpy() for name in vars(F)}
        for cells_ in TABLES["PyTorch"]:
            line = Line(cells_)
            with self.subTest(form=line.form):
                there = line.there(F=type(F)(**functional))
                np.testing.assert_allclose(line.there(), there, atol=1e-9)

    def test_element_types(self):
        for name, _, _, here in TABLES["Element types"]:
            name, here = code(name), code(here)
            if not name:
                self.assertEqual(self.plan_type(here), here)
                continue
            with self.subTest(name=name):
                np.save(self.path("x.npy"), np.ones((2, 3), name))
                out = self.succeed("run", "ij->i", self.path("x.npy"), "-o", self.path("y.npy"), "--json")
                self.assertEqual(json.loads(out)["dtype"], here)
                self.assertEqual(np.load(self.path("y.npy")).dtype, np.dtype(name))
                self.assertEqual(self.plan_type(here), here)

    def plan_type(self, word):
        return json.loads(self.succeed("plan", "ij->i", "2x3", "--json", f"--dtype={word}"))["dtype"]


class Refusals(CommandTest):
    """Words of others that have no meaning here say what to do."""

    NETWORK = ("plan", "bh,h->bh|h", "2x7", "3")

    def test_borders(self):
        for word, numpy_word in (("replicate", "edge"), ("nearest", "edge"), ("edge", "edge"), ("reflect", "reflect"),
                                 ("mirror", "reflect"), ("symmetric", "symmetric")):
            err = self.refuse(*self.NETWORK, f"--conv=h:padding={word}")
            self.assertIn(f"unknown padding '{word}' of mode 'h'", err)
            self.assertIn(f"numpy.pad(x, widths, '{numpy_word}')", err)
            self.assertIn("[C40]", err)
        self.assertIn("did you mean 'circular'?", self.refuse(*self.NETWORK, "--conv=h:padding=wrap"))

    def test_capitals_are_for_the_command_line(self):
        """The word of a case is one of lower case, as r48 of invalid.json has it; the refusal says which."""
        for word, meant, extent in (("SAME", "same-upper", 4), ("SAME_UPPER", "same-upper", 4), ("SAME_LOWER", "same-lower", 4),
                                    ("VALID", "valid", 2), ("FULL", "full", 5), ("CAUSAL", "causal", 4), ("CIRCULAR", "circular", 4)):
            case = {"expr": "bh,h->bh|h", "shapes": [[2, 7], [4]], "conv_modes": {"h": {"stride": 2, "padding": word}}}
            error, = self.batch("plan", [case], code=1)
            self.assertIn(f"unknown padding '{word}' of mode 'h'", error["error"]["message"])
            self.assertIn(f"did you mean '{meant}'?", error["error"]["message"])
            self.assertEqual(error["error"]["constraint"], "C40")
            case["conv_modes"]["h"]["padding"] = meant
            self.assertEqual(self.batch("plan", [case])[0]["result_shape"], [2, extent])
            out = self.succeed("plan", "bh,h->bh|h", "2x7", "4", "--json", f"--conv=h:stride=2,padding={word}")
            self.assertEqual(json.loads(out)["result_shape"], [2, extent])

    def test_transposed_in_a_case(self):
        case = {"expr": "bh,h->bh|h", "shapes": [[2, 5], [3]], "conv_modes": {"h": {
            "stride": 2, "padding": 1, "transposed": True, "output_padding": 1, "in_size": 5, "out_size": 10}}}
        self.assertEqual(self.batch("plan", [case])[0]["result_shape"], [2, 10])
        for change, constraint in (({"output_padding": 2}, "C28"), ({"transposed": False}, "C28"),
                                   ({"padding": "causal"}, "C27"), ({"transposed": 1}, "C44"),
                                   ({"padding": 9}, "C29"), ({"out_size": 9}, "C49"), ({"in_size": 4}, "C49")):
            bad = json.loads(json.dumps(case))
            bad["conv_modes"]["h"].update(change)
            error, = self.batch("plan", [bad], code=1)
            self.assertEqual(error["error"]["constraint"], constraint, change)

    def test_both_spellings_of_output_padding(self):
        for key in ("output-padding", "output_padding"):
            self.succeed("plan", "h,h->h|h", "5", "3", f"--conv=h:transposed,stride=2,{key}=1")
        err = self.refuse("plan", "h,h->h|h", "5", "3", "--conv=h:transposed,stride=2,output-padding=1,output_padding=1")
        self.assertIn("is given twice", err)

    def test_signs_of_other_alphabets(self):
        for equation in ("bh，h→bh｜h", "\ufeffbh,h->bh|h", "bh、h⇒bh|h", "bh,h –> bh|h"):
            plan = json.loads(self.succeed("plan", equation, "2x7", "3", "--json"))
            self.assertEqual(plan["equation"].replace(" ", ""), "bh,h->bh|h")
        blank, hidden = "; blanks are space and tab, type one of these or nothing", "; it cannot be seen, delete it"
        for sign, name, advice in (("\u200b", "U+200B ZERO WIDTH SPACE", hidden), ("\u00a0", "U+00A0 NO-BREAK SPACE", blank),
                                   ("\u2003", "U+2003 EM SPACE", blank), ("\u3000", "U+3000 IDEOGRAPHIC SPACE", blank),
                                   ("\n", "U+000A LINE FEED", blank), ("\u2212", "U+2212 MINUS SIGN", ""),
                                   ("\uff48", "U+FF48 FULLWIDTH LATIN SMALL LETTER H", "")):
            err = self.refuse("plan", f"b{sign}h,h->bh|h", "2x7", "3")
            self.assertIn(f"unknown character {name}{advice} [C2]", err)
            self.assertEqual(err.splitlines()[2].rstrip(), "   ^")

    def test_case_files_with_a_byte_order_mark(self):
        case = "\ufeff" + json.dumps({"expr": "ij,jk->ik", "shapes": [[2, 3], [3, 4]]})
        self.assertIn('"result_shape":[2,4]', self.succeed("plan", "--case=-", "--json", stdin=case))

    def test_keys_of_others(self):
        for key, advice in (("groups=2", "groups are a plain mode of their own"), ("strides=2", "did you mean 'stride'?"),
                            ("lhs_dilation=2", "the stride of a transposed mode"),
                            ("padding_mode=reflect", "a border is a word of padding")):
            err = self.refuse(*self.NETWORK, f"--conv=h:{key}")
            self.assertIn(advice, err)
            self.assertIn("[C43]", err)

    def test_help_names_the_words(self):
        page = self.succeed("plan", "--help")
        for word in ("same-upper", "same-lower", "causal", "transposed", "output-padding"):
            self.assertIn(word, page)


if __name__ == "__main__":
    unittest.main()
