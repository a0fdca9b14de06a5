"""Every block of README and docs is executed, in order, from an empty folder; or the page says why not.

What stands behind the opening fence of a block says what becomes of it. The folder of a page has links `build` and `tools`, as the
root of the sources has them, and the commands are on the path.

    ```sh                      is run, and must succeed
    ```console                 lines `$ command` are run; what follows is what they print, a line `...` stands for any lines
    ```LANGUAGE file=NAME      is written to a file, for the blocks after it
    ```mlir in                 is read, verified and round-tripped; `mlir out FLAGS` is what the flags make of it
    ```json of: COMMAND        is a part of what the command prints; times and errors may be others, fractions may be rounded
    ```LANGUAGE shown: WHY     is not executed, for one of the reasons below
"""

import fnmatch
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

from command import COMMAND, DATA, seconds

TOP = DATA.parents[1]
BUILD = pathlib.Path(COMMAND).parents[1]
OPT = COMMAND + "-opt"

REASONS = {
    "notation": "no command takes it as it stands",
    "grammar": "no command takes it as it stands",
    "sketch": "a drawing",
    "signature": "a declaration with words for what differs",
    "form": "an object with words for what differs",
    "usage": "a summary of commands with words for what differs",
    "fragment": "lines out of a program",
    "embedded": "stands in a program of test/Embedding, which compiles it",
    "installs": "writes outside of the folder",
    "builds": "builds the project, or runs its tests",
    "minutes": "takes too long for a test",
}
# Differ from run to run.
MEASURED = {"seconds", "forward_seconds", "backward_seconds", "planning_seconds", "prepare_seconds", "max_error", "bound"}


def blocks_of(text):
    """Line, words behind the fence, and text of every block."""
    for match in re.finditer(r"^```([^\n]*)\n(.*?)^```$", text, re.M | re.S):
        yield text.count("\n", 0, match.start()) + 1, match[1].strip(), match[2]


def timeless(text):
    return re.sub(r"planned in [^,\n]*", "planned in some time", text)


class Page:
    """A page on its way through its blocks."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        (self.folder / "build").symlink_to(BUILD)
        (self.folder / "tools").symlink_to(TOP / "tools")
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith("CONVEINSUM")}
        path = [str(BUILD / "bin"), os.path.dirname(sys.executable), os.environ["PATH"]]
        self.environment.update(PATH=os.pathsep.join(path), HOME=str(folder))
        self.module = None

    def run(self, words, stdin=""):
        return subprocess.run(words, input=stdin, capture_output=True, text=True, timeout=seconds(120), cwd=self.folder, env=self.environment)

    def shell(self, script):
        done = self.run(["bash", "-euo", "pipefail", "-c", script])
        assert done.returncode == 0, f"exit code {done.returncode}: {done.stderr}"
        return done.stdout

    def console(self, text):
        for part in re.split(r"^\$ ", text, flags=re.M)[1:]:
            command, expected = part.split("\n", 1)
            done = self.run(["bash", "-c", command])
            got = timeless(done.stdout + done.stderr)
            pattern = "".join("*" if line == "...\n" else re.sub(r"[*?[]", "[\\g<0>]", line) for line in timeless(expected).splitlines(True))
            assert fnmatch.fnmatchcase(got, pattern), f"{command}\nexpected\n{expected}\ngot\n{got}"
            assert (done.returncode == 0) == (not got.startswith("error: ")), f"{command}: exit code {done.returncode}"

    def opt(self, text, *flags):
        done = self.run([OPT, "-", *flags], stdin=text)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def mlir(self, role, text, flags):
        if role == "in":
            self.opt(text, "--verify-roundtrip")
            self.module = text
        else:
            got, expected = self.opt(self.module, *flags), self.opt(text)
            assert got == expected, f"expected\n{expected}\ngot\n{got}"

    def execute(self, info, text):
        """Does what the words behind the fence say."""
        language, _, words = info.partition(" ")
        file = re.search(r"(?:^| )file=(\S+)", words)
        if file:
            (self.folder / file[1]).write_text(text, encoding="utf-8")
            words = words.replace(file[0], "").strip()
        reason = re.fullmatch(r"shown: (.*)", words)
        command = re.fullmatch(r"of: (.*)", words)
        role = re.fullmatch(r"(in|out)\b(.*)", words)
        if reason:
            assert reason[1] in REASONS, f"expected one of {', '.join(REASONS)}, got '{reason[1]}'"
        elif language == "json" and command:
            compare(json.loads(text), json.loads(self.shell(command[1])), "")
        elif language == "mlir" and role:
            self.mlir(role[1], text, role[2].split())
        elif language in ("sh", "console") and not words:
            {"sh": self.shell, "console": self.console}[language](text)
        else:
            assert file and not words, f"expected words that say what to do with the block, got '{info}'"


def compare(expected, got, where):
    """Whether all of `expected` is in `got`."""
    if isinstance(expected, dict):
        assert isinstance(got, dict), f"{where}: expected an object, got {got}"
        for key, value in expected.items():
            assert key in got, f"{where}: expected a field '{key}'"
            if key not in MEASURED or isinstance(got[key], (dict, list, str)):
                compare(value, got[key], f"{where}.{key}")
    elif isinstance(expected, list):
        assert isinstance(got, list) and len(got) == len(expected), f"{where}: expected {expected}, got {got}"
        for index, (one, other) in enumerate(zip(expected, got)):
            compare(one, other, f"{where}[{index}]")
    elif isinstance(expected, float) and isinstance(got, float):
        assert abs(expected - got) <= 0.005 * abs(got), f"{where}: expected {expected}, got {got}"
    else:
        assert expected == got and isinstance(expected, bool) == isinstance(got, bool), f"{where}: expected {expected}, got {got}"


class Pages(unittest.TestCase):
    def test_every_block(self):
        pages = [TOP / "README.md", *sorted((TOP / "docs").glob("*.md"))]
        self.assertGreater(len(pages), 10)
        executed, shown = 0, {}
        for path in pages:
            with tempfile.TemporaryDirectory() as folder:
                page = Page(folder)
                text = path.read_text(encoding="utf-8")
                self.assertEqual(len(re.findall(r"^```", text, re.M)), 2 * sum(1 for _ in blocks_of(text)), path)
                for line, info, block in blocks_of(text):
                    # Where the plugin is instrumented, stock tools cannot load it.
                    if "ConvEinsumPlugin" in block and os.environ.get("CONVEINSUM_WITHOUT_PLUGIN"):
                        continue
                    with self.subTest(page=path.name, line=line):
                        page.execute(info, block)
                    place = f"{path.name}:{line}"
                    reason = info.partition(" shown: ")[2]
                    if reason:
                        shown.setdefault(reason, []).append(place)
                    else:
                        executed += 1
        print(f"{executed} blocks executed")
        for reason, places in sorted(shown.items()):
            print(f"shown ({reason}: {REASONS.get(reason)}): {', '.join(places)}")
        self.assertGreater(executed, 40)

    def test_the_words_are_checked(self):
        """What the test of the pages relies on can fail."""
        with tempfile.TemporaryDirectory() as folder:
            page = Page(folder)
            page.execute("text file=a.txt", "one\n")
            page.execute("sh", "grep -q one a.txt")
            page.execute("console", "$ cat a.txt\none\n$ seq 4\n1\n...\n4\n")
            page.execute("json of: echo '{\"a\": [1, 0.123], \"b\": 2, \"seconds\": 5}'", '{"a": [1, 0.1232], "seconds": 7}')
            page.execute("c shown: signature", "int f();\n")
            for info, block in (("sh", "false"), ("sh", "cat nothing | wc"), ("console", "$ cat a.txt\ntwo\n"), ("console", "$ seq 4\n1\n"),
                                ("json of: echo '{\"a\": 1}'", '{"b": 1}'), ("json of: echo '{\"a\": 1}'", '{"a": 2}'),
                                ("json of: echo '[1]'", "[1, 2]"), ("json of: echo 0.5", "0.6"), ("c shown: because", ""), ("", "text"),
                                ("c", "int f();"), ("json", "{}"), ("mlir in", "func.func @f() {"), ("sh run", "true")):
                with self.subTest(info=info, block=block), self.assertRaises(AssertionError):
                    page.execute(info, block)


if __name__ == "__main__":
    unittest.main()
