"""What training a network costs within budgets, where the trees are chosen first
and where they are chosen together with what is kept. What is said is what the
functions keep and execute.

usage: trees_first.py TOOL MODULE BUDGET...
"""

import re
import sys

from pairs import checkpoint, run

tool, path, budgets = sys.argv[1], sys.argv[2], sys.argv[3:]
text = open(path).read()


def executed(planned, budget):
    """Kept bytes and MACs of both functions."""
    pair = run(tool, planned, "--conveinsum-decompose", "--conveinsum-differentiate")[0]
    module, figures = checkpoint(tool, pair, budget)
    counted = run(tool, module, "--conveinsum-count-macs")[0]
    returned = re.search(r"@\w+_forward\(.*?\) -> (.*) attributes", module)[1]
    kept = 0
    for shape in re.findall(r'tensor<([0-9x]*)f32> \{[^}]*"kept"', returned):
        size = 4
        for extent in filter(None, shape.split("x")):
            size *= int(extent)
        kept += size
    assert kept == figures["kept-bytes"], (kept, figures)
    return kept, sum(int(found) for found in re.findall(r"conveinsum\.macs = (\d+)", counted))


last = None
for budget in budgets:
    planned, remarks = run(tool, text, f"--conveinsum-plan-training=budget={budget}",
                           "--remarks-filter=conveinsum-plan-training")
    said = {key: int(value) for key, value in re.findall(r"([a-z-]+)=(\d+)", remarks)}
    size = said["budget-bytes"]
    # The budget is a part of the function.
    together = executed(planned, "max")
    first = executed(run(tool, text, "--conveinsum-plan")[0], f"{size}B")
    if together != (said["kept-bytes"], said["macs"]) or first[1] != said["macs-of-first-trees"]:
        sys.exit(f"budget {budget}: expected {said}, got {together} and {first}")
    if together[0] > size or first[0] > size:
        sys.exit(f"budget {budget}: keeps more: {together}, {first}")
    if last and (together[0] < last[0] or together[1] > last[1]):
        sys.exit(f"budget {budget}: less kept or more MACs than with fewer bytes: {together}, {last}")
    last = together
    print(f"{size} bytes: trees first {first[0]} kept {first[1]} MACs, together {together[0]} kept {together[1]} MACs")
