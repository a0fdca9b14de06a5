"""Holds fronts of choices against an integer linear program, solved by HiGHS.

For every budget at which the front of a random problem changes, and for one byte
less, the fewest MACs within it are what the front says; and where the front has
no point, the program has no solution.

usage: choices_milp.py PRINT_CHOICES SEED COUNT
"""

import json
import subprocess
import sys

from program import Program

tool, seed, count = sys.argv[1:]
lines = subprocess.run([tool, seed, count], capture_output=True, text=True, check=True).stdout.splitlines()
solved = several = infeasible = 0
for number, line in enumerate(lines):
    case = json.loads(line)
    program = Program(case["values"])
    several += any(value["ways"] for value in case["values"])
    front = case["front"]
    if not case["exact"]:
        sys.exit(f"problem {number} of seed {seed}: the front is not exact")
    # Some of the points of long fronts, and both ends.
    budgets = {front[index][0] - less for index in {*range(0, len(front), max(1, len(front) // 4)), len(front) - 1}
               for less in (0, 1)}
    for budget in sorted(budgets):
        if budget < 0:
            continue
        within = [macs for size, macs in front if size <= budget]
        expected = within[-1] if within else None
        got = program.best(budget)
        solved += 1
        infeasible += got is None
        if got != expected:
            sys.exit(f"problem {number} of seed {seed}, {budget} bytes: expected {expected} MACs, got {got}")
print(f"{len(lines)} problems, {several} of several ways, {solved} programs, {infeasible} infeasible")
assert several > len(lines) // 4 and solved > 2 * len(lines)
