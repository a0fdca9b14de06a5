"""Checkpoints a differentiated network within 51 budgets with steady peaks: more
bytes cost neither MACs nor memory beside what is kept. Where the fewest MACs
decide, they do: the test would see it.

usage: steady.py TOOL MODULE
"""

import sys

from pairs import checkpoint

tool, path = sys.argv[1:]
text = open(path).read()
limit = checkpoint(tool, text, "max")[1]["kept-bytes"]


def rows(*options):
    """Kept bytes, MACs, and memory beside what is kept, by budgets."""
    for share in range(51):
        figures = checkpoint(tool, text, f"{2 * share}%", *options)[1]
        kept = figures["kept-bytes"]
        if 50 * kept > share * limit:
            sys.exit(f"{2 * share}%: keeps more than the budget: {figures}")
        yield kept, figures["recomputed-macs"], max(figures["forward-peak"], figures["backward-peak"]) - kept


def inversions(found):
    """How often more is less: bytes kept, MACs, memory."""
    pairs = list(zip(found, found[1:]))
    return [sum(b[0] < a[0] for a, b in pairs), sum(b[1] > a[1] for a, b in pairs), sum(b[2] > a[2] for a, b in pairs)]


fewest, steady = list(rows()), list(rows("steady-peak"))
for share, (one, other) in enumerate(zip(fewest, steady)):
    if other[1] < one[1] or other[0] > one[0]:
        sys.exit(f"{2 * share}%: {other} is better than the best, {one}")
    if share % 5 == 0:
        print(f"{2 * share}%: {other[0]} kept, {other[1]} recomputed, {other[2]} beside; fewest MACs: {one}")
print(f"51 budgets, inversions {inversions(steady)}, where the fewest MACs decide {inversions(fewest)}, "
      f"{len(set(steady))} different choices")
