"""The CMake and C++ blocks of docs/Embedding.md stand in the programs of this folder."""

import os
import pathlib
import re
import unittest

PAGE = pathlib.Path(os.environ["CONVEINSUM_DOCS"], "Embedding.md")


class Blocks(unittest.TestCase):
    def test_blocks_are_compiled(self):
        folder = pathlib.Path(__file__).parent
        sources = [path.read_text() for pattern in ("*/CMakeLists.txt", "*/*.cpp")
                   for path in sorted(folder.glob(pattern))]
        blocks = re.findall(r"^```(?:cmake|c\+\+) shown: embedded\n(.*?)^```$", PAGE.read_text(),
                            re.MULTILINE | re.DOTALL)
        self.assertGreaterEqual(len(blocks), 5)
        for block in blocks:
            with self.subTest(block=block):
                self.assertTrue(any(block in source for source in sources),
                                "no program of test/Embedding has these lines")


if __name__ == "__main__":
    unittest.main()
