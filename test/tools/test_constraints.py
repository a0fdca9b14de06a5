"""The numbered constraints of docs/Semantics.md: the page, the sources and the tests have the same ones, and every
constraint on what a user writes is printed by the command when it is violated."""

import json
import pathlib
import re
import unittest

import numpy as np

from command import CommandTest

ROOT = pathlib.Path(__file__).parents[2]
NUMBERS = re.findall(r"^\| (C\d+) \|", (ROOT / "docs" / "Semantics.md").read_text(encoding="utf-8"), re.MULTILINE)

# What is refused: words of `plan`.
WORDS = {
    "C1": [b"i\xff", "2"],
    "C2": ["i$", "2"],
    "C3": ["(i", "2"],
    "C4": ["(1)", "2"],
    "C5": ["i->i->i", "2"],
    "C6": ["i->i|i|i", "2"],
    "C7": ["i|i->i", "2"],
    "C8": ["i|", "2"],
    "C9": ["...i...", "2"],
    "C10": ["i...|...", "2"],
    "C11": ["i->...", "2"],
    "C12": ["...i->i", "2x3"],
    "C13": ["i->j", "2"],
    "C14": ["i->ii", "2"],
    "C15": ["i->i|j", "2"],
    "C16": ["i->i|ii", "2"],
    "C17": ["ii->i|i", "2x2"],
    "C20": ["i,j->ij", "2"],
    "C21": ["ij->ij", "2"],
    "C22": ["ij->ij", "2x-2"],
    "C23": ["ij,jk->ik", "2x3", "4x5"],
    "C24": ["i,i->i|i", "0", "3"],
    "C30": ["i->i", "2", "--conv=i:stride=2"],
    "C31": ["i,i->i|i", "5", "3", "--conv=i:stride=0"],
    "C32": ["i,i->i|i", "5", "3", "--conv=i:dilation=0"],
    "C33": ["i,i->i|i", "5", "3", "--conv=i:dilation=1/2"],
    "C35": ["i,i,j->ij|i", "5", "3", "2", "--conv=i:feature=2"],
    "C36": ["i,i->i|i", "2", "3", "--conv=i:padding=valid"],
    "C37": ["i,i->i|i", "5", "3", "--conv=i:padding=circular,kind=linear"],
    "C38": ["i,i->i|i", "5", "3", "--conv=i:padding=valid,kind=circular"],
    "C39": ["i,i->i|i", "5", "3", "--conv=i:padding=9223372036854775807"],
    "C27": ["i,i->i|i", "5", "3", "--conv=i:transposed,padding=causal"],
    "C28": ["i,i->i|i", "5", "3", "--conv=i:output-padding=1"],
    "C29": ["i,i->i|i", "2", "3", "--conv=i:transposed,padding=full"],
    "C40": ["i,i->i|i", "5", "3", "--conv=i:padding=reflect"],
    "C41": ["i,i->i|i", "5", "3", "--conv=i:padding=1/2/3"],
    "C42": ["i,i->i|i", "5", "3", "--conv=i:kind=round"],
    "C43": ["i,i->i|i", "5", "3", "--conv=i:strides=2"],
    "C44": ["i,i->i|i", "5", "3", "--conv=i:stride=two"],
    "C45": ["i,i->i|i", "5", "3", "--conv=i:stride=99999999999999999999"],
    "C46": ["i,i->i|i", "5", "3", "--conv=1:stride=2"],
    "C47": ["i->i", "2by3"],
    "C51": ["i->i", "2", "--dtype=f32", "--result-dtype=i32"],
    "C52": ["i->i", "2", "--dtype=f8"],
    "C90": ["ij,jk,kl->il", "2x3", "3x4", "4x5", "--tree=((0,1),1)"],
}

# What is refused in a case, with other keys beside the equation.
CASES = {
    "C34": {"expr": "i,i->i|i", "shapes": [[5], [3]], "conv_modes": {"i": {"dilation": {"0": 2}}}},
    "C48": {"shapes": [[5]]},
    "C49": {"expr": "i->i", "shapes": [[5]], "out_shape": [4]},
}


def text_of(*folders):
    """All sources and tests below folders of the project."""
    return "".join(path.read_text(encoding="utf-8", errors="replace") for folder in folders
                   for path in sorted((ROOT / folder).rglob("*"))
                   if path.suffix in (".cpp", ".h", ".td", ".mlir", ".test", ".py"))


class Constraints(CommandTest):
    def test_page_and_sources_have_the_same(self):
        self.assertEqual(len(NUMBERS), len(set(NUMBERS)))
        self.assertEqual(NUMBERS and min(map(lambda n: int(n[1:]), NUMBERS)), 1)
        cited = set(re.findall(r'(?:"|\[)(C\d+)(?:"|\])', text_of("lib", "include")))
        self.assertEqual(cited, set(NUMBERS))

    def test_every_one_is_tested(self):
        """Unit tests expect `C23: ...`, those of IR `[C23]`."""
        tests = text_of("test/Equation", "test/Dialect", "test/Conversion", "test/Plan")
        tested = set(re.findall(r"\b(C\d+)(?:: |@\d+: )", tests)) | set(re.findall(r"\[(C\d+)\]", tests))
        tested |= set(re.findall(r'(?:constraint, |constraint == )"(C\d+)"', tests))
        self.assertEqual(set(NUMBERS) - tested, set())

    def test_every_one_of_a_user_is_printed(self):
        """C25 and C26 are about extents that are not known, C50 about files."""
        written = {number for number in NUMBERS if int(number[1:]) < 60}
        self.assertEqual(written - set(WORDS) - set(CASES), {"C25", "C26", "C50"})
        for number, words in WORDS.items():
            with self.subTest(number=number):
                self.check(number, self.refuse("plan", *words))
        for number, case in CASES.items():
            with self.subTest(number=number):
                self.check(number, self.refuse("plan", "--case=-", stdin=json.dumps(case)))

    def check(self, number, err):
        message = err.splitlines()[0]
        self.assertTrue(message.endswith(f" [{number}]"), message)

    def test_open_extents(self):
        out = ("--emit=imported", "-o", "-")
        self.check("C25", self.refuse("compile", "i,i->i|i", "5", "?", *out))
        self.check("C25", self.refuse("compile", "ij,j->i|j", "5x?", "3", *out))
        self.check("C26", self.refuse("compile", "i,i->i|i", "?", "3", "--conv=i:stride=2,padding=SAME", *out))
        self.check("C26", self.refuse("compile", "i,i->i|i", "?", "3", "--conv=i:transposed", *out))

    def test_files_of_different_types(self):
        for name, dtype in (("a.npy", np.float32), ("b.npy", np.float64)):
            np.save(self.path(name), np.ones(3, dtype))
        self.check("C50", self.refuse("run", "i,i->i", self.path("a.npy"), self.path("b.npy"), "-o", self.path("y.npy")))

    def test_numbers_in_json_stand_beside_the_message(self):
        case = {"expr": "ij,jk->ik", "shapes": [[2, 3], [4, 5]]}
        error, = self.batch("plan", [case], code=1)
        self.assertEqual(error["error"]["constraint"], "C23")
        self.assertNotIn("[C23]", error["error"]["message"])


if __name__ == "__main__":
    unittest.main()
