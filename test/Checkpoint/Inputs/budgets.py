"""Checkpoints a differentiated network within 51 budgets.

More bytes never cost more MACs, and what the remarks say is what functions do.
Forward and backward function then are inlined into one and cleaned up: no
recomputation is lost. Without the barriers all of it is, and what is left is
the network that keeps everything: the recomputed values were the right ones.

usage: budgets.py TOOL MODULE FUNCTION
"""

import re
import sys

from pairs import CLEAN, checkpoint, operations, run, training_step, without_barriers

tool, path, name = sys.argv[1:]
text = open(path).read()


def macs(module):
    """The MACs of every function."""
    counted, _ = run(tool, module, "--conveinsum-count-macs")
    return {found[1]: int(found[2]) for found in
            re.finditer(r"func\.func (?:private )?@(\w+)\(.*conveinsum\.macs = (\d+)", counted)}


everything, all_figures = checkpoint(tool, text, "max")
all_macs = macs(everything)
all_steps = run(tool, training_step(everything, name), *CLEAN)[0]
limit = all_figures["kept-bytes"]
faults, last, survived = [], None, 0
for share in range(51):
    module, figures = checkpoint(tool, text, f"{2 * share}%")
    expect = lambda holds, what: holds or faults.append(f"{2 * share}%: {what}: {figures}")
    expect(50 * figures["kept-bytes"] <= share * limit, "keeps more than the budget")
    expect("macs-above-optimum-at-most" not in figures, "is not exact")
    if last:
        expect(figures["kept-bytes"] >= last["kept-bytes"], "keeps less than with a smaller budget")
        expect(figures["recomputed-macs"] <= last["recomputed-macs"], "costs more than with a smaller budget")
    last = figures
    counted = macs(module)
    expect(counted[f"{name}_forward"] == all_macs[f"{name}_forward"], "changes the forward pass")
    expect(counted[f"{name}_backward"] - all_macs[f"{name}_backward"] == figures["recomputed-macs"],
           "recomputes other MACs than it says")
    if share % 5:
        continue
    step = training_step(module, name)
    cleaned = run(tool, step, *CLEAN)[0]
    expect(macs(cleaned)["training_step"] == sum(counted.values()), "loses recomputation")
    bare = run(tool, without_barriers(cleaned), "--cse", "--canonicalize", "--cse")[0]
    expect("conveinsum.barrier" not in bare, "has a barrier left")
    expect(macs(bare)["training_step"] == sum(all_macs.values()), "recomputes what the forward pass does not compute")
    expect(operations(bare) == operations(all_steps), "computes something else than with everything kept")
    survived += figures["recomputed"]
if faults:
    sys.exit("\n".join(faults))
print(f"51 budgets, {survived} recomputed values survive")
