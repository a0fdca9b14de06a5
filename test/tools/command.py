"""Helpers of the command's tests: calling it, and folders that vanish."""

import json
import os
import pathlib
import resource
import subprocess
import tempfile
import unittest

COMMAND = os.environ["CONVEINSUM"]
DATA = pathlib.Path(os.environ["CONVEINSUM_TEST_DATA"])

# How much longer everything takes than in a release build.
SLOWNESS = int(os.environ.get("CONVEINSUM_TEST_SLOWNESS", "1"))
# AddressSanitizer needs terabytes of addresses and limits memory by itself.
IS_ADDRESS_SPACE_LIMITED = "CONVEINSUM_UNLIMITED_ADDRESSES" not in os.environ

# A runaway command must not take the machine down; children inherit the limit.
# One that is lower already stays.
if IS_ADDRESS_SPACE_LIMITED:
    LIMIT = 8 << 30
    for present in resource.getrlimit(resource.RLIMIT_AS):
        if present != resource.RLIM_INFINITY:
            LIMIT = min(LIMIT, present)
    resource.setrlimit(resource.RLIMIT_AS, (LIMIT, LIMIT))
# Tables are as wide as the page says, whoever runs the tests.
os.environ.pop("COLUMNS", None)

CP = "bsh,rs,rh->brh|h"
CP_SHAPES = ["2x4x8", "3x4", "3x3"]


def seconds(limit):
    """A limit of time, which is longer where everything is slower."""
    return limit * SLOWNESS


def data(name):
    """A file of test/data."""
    return json.loads((DATA / name).read_text(encoding="utf-8"))


def call(*arguments, stdin=b""):
    """Runs the command; gives its exit code, standard output and error."""
    if isinstance(stdin, str):
        stdin = stdin.encode()
    done = subprocess.run([COMMAND, *arguments], input=stdin, capture_output=True, timeout=seconds(120))
    return done.returncode, done.stdout.decode(), done.stderr.decode()


class CommandTest(unittest.TestCase):
    """A test in an empty folder of its own."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def path(self, name):
        return str(self.folder / name)

    def files(self):
        return sorted(entry.name for entry in self.folder.iterdir())

    def succeed(self, *arguments, stdin=b""):
        """The standard output of a call that must succeed."""
        code, out, err = call(*arguments, stdin=stdin)
        self.assertEqual(code, 0, err or out)
        return out

    def refuse(self, *arguments, stdin=b"", code=1):
        """The standard error of a call that must be refused."""
        got, out, err = call(*arguments, stdin=stdin)
        self.assertEqual(got, code, err)
        self.assertEqual(out, "")
        self.assertTrue(err.startswith("error: "), err)
        return err

    def batch(self, command, objects, *options, code=0):
        """The objects that a batch prints. Strings and bytes are lines as they stand."""
        lines = []
        for entry in objects:
            if isinstance(entry, dict):
                entry = json.dumps(entry)
            lines.append(entry if isinstance(entry, bytes) else entry.encode())
        got, out, err = call(command, "--batch=-", *options, stdin=b"\n".join(lines) + b"\n")
        self.assertEqual(got, code, err)
        results = [json.loads(line) for line in out.splitlines()]
        self.assertEqual(len(results), len(lines))
        return results
