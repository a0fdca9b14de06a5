"""Compiles a differentiated network within 51 budgets. The workspace that the
arena has is the one that the remark predicts, to 1 % of all bytes, in both
functions, and so is what is kept.

usage: workspaces.py TOOL MODULE FUNCTION
"""

import re
import sys

from pairs import checkpoint, run

tool, path, name = sys.argv[1:]
text = open(path).read()
COMPILE = "--pass-pipeline=builtin.module(conveinsum-to-linalg,linalg-to-cpu-loops)"


def planned(module, half):
    """The bytes of workspace and of what is kept of a compiled function."""
    head = re.search(rf"func\.func @{name}_{half}\(.*", module)[0]
    return (int(re.search(rf"conveinsum\.{what}_bytes = (\d+)", head)[1]) for what in ("workspace", "kept"))


faults, different = [], set()
for share in range(51):
    module, figures = checkpoint(tool, text, f"{2 * share}%")
    compiled = run(tool, module, COMPILE)[0]
    for half in ("forward", "backward"):
        workspace, kept = planned(compiled, half)
        different.add(workspace)
        predicted = figures[f"{half}-workspace"]
        if kept != figures["kept-bytes"] or 100 * abs(workspace - predicted) > kept + workspace:
            faults.append(f"{2 * share}%: {half} has {workspace} bytes of workspace and {kept} kept: {figures}")
if faults:
    sys.exit("\n".join(faults))
print(f"51 budgets, {len(different)} different workspaces")
