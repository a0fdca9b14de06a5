"""Runs the examples of a page: every block of code that is marked

    ```mlir in          is read, verified and round-tripped; and if
    ```mlir out FLAGS   follows, the tool makes the second of the first.

usage: examples.py TOOL PAGE
"""

import re
import subprocess
import sys

tool, page = sys.argv[1:]
with open(page, encoding="utf-8") as file:
    blocks = re.findall(r"^```mlir (in|out)([^\n]*)\n(.*?)^```", file.read(), re.M | re.S)


def run(text, *flags):
    done = subprocess.run([tool, "-", *flags], input=text, capture_output=True, text=True, timeout=60)
    if done.returncode != 0:
        sys.exit(f"exit code {done.returncode} for\n{text}\n{done.stderr}")
    return done.stdout


last, examples = None, 0
for role, flags, text in blocks:
    if role == "in":
        run(text, "--verify-roundtrip")
        last = text
    else:
        got, expected = run(last, *flags.split()), run(text)
        if got != expected:
            sys.exit(f"{flags}: expected\n{expected}\ngot\n{got}")
    examples += 1
print(f"{examples} examples")
sys.exit(0 if examples else "no examples")
