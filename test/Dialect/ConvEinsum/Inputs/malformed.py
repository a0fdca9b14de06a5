"""Feeds damaged files to a tool: it refuses them with a diagnostic and exit
code 1, or, where a flipped byte leaves the file valid, takes them. It never
crashes and never refuses in silence.

usage: malformed.py TOOL BYTECODE TEXT
"""

import random
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

tool, bytecode, text = sys.argv[1:]


def run(data):
    return subprocess.run([tool, "-", "-o", "/dev/null"], input=data, capture_output=True, timeout=60)


def check(job):
    what, data, may_pass = job
    done = run(data)
    if done.returncode == 0 and may_pass:
        return None
    if done.returncode == 1 and b"error: " in done.stderr and b"Stack dump" not in done.stderr:
        return None
    return f"{what}: exit code {done.returncode}\n{done.stderr.decode(errors='replace')}"


def truncated(name, data, step):
    # The last bytes of a text are a blank line, those of a prefix may be too.
    for length in range(1, len(data.rstrip()) - 1, step):
        yield f"{name} cut to {length} bytes", data[:length], False


def flipped(name, data, count):
    generator = random.Random(2024)
    for _ in range(count):
        damaged = bytearray(data)
        position = generator.randrange(4, len(damaged))
        damaged[position] ^= 1 << generator.randrange(8)
        yield f"{name} with byte {position} changed", bytes(damaged), True


with open(bytecode, "rb") as file:
    binary = file.read()
with open(text, "rb") as file:
    source = file.read()
jobs = [
    *truncated("bytecode", binary, max(1, len(binary) // 40)),
    *truncated("text", source, max(1, len(source) // 40)),
    *flipped("bytecode", binary, 60),
    *flipped("text", source, 30),
]
with ThreadPoolExecutor(2) as pool:
    failures = [failure for failure in pool.map(check, jobs) if failure]
for failure in failures:
    print(failure)
print(f"{len(jobs)} files, {len(failures)} failures")
sys.exit(1 if failures else 0)
