"""Checkpoints random pairs of functions within several budgets. Once barriers are
taken out, what both functions return is computed from the same expressions as
with everything kept.

usage: random_pairs.py TOOL GENERATOR SEEDS
"""

import subprocess
import sys

from pairs import CLEAN, checkpoint, operations, run, training_step, without_barriers

tool, generator, seeds = sys.argv[1], sys.argv[2], int(sys.argv[3])


def returned(module):
    """What the training step returns, as one expression."""
    step = run(tool, training_step(module, "net"), *CLEAN)[0]
    bare = run(tool, without_barriers(step), "--cse", "--canonicalize", "--cse")[0]
    return [line for line in operations(bare) if line.startswith("return ")]


recomputed = 0
for seed in range(seeds):
    text = subprocess.run([sys.executable, generator, str(seed)], capture_output=True, text=True).stdout
    everything, most = checkpoint(tool, text, "max")
    expected = returned(everything)
    least = checkpoint(tool, text, "min")[1]["kept-bytes"]
    last = None
    for part in range(4):
        budget = least + (most["kept-bytes"] - least) * part // 4
        module, figures = checkpoint(tool, text, f"{budget}B")
        recomputed += figures["recomputed"]
        if figures["kept-bytes"] > budget:
            sys.exit(f"seed {seed}, budget {budget}: keeps {figures}")
        if last and figures["recomputed-macs"] > last["recomputed-macs"]:
            sys.exit(f"seed {seed}, budget {budget}: costs more than with fewer bytes: {figures}, {last}")
        if len(expected) != 1 or returned(module) != expected:
            sys.exit(f"seed {seed}, budget {budget}: computes something else than with everything kept")
        last = figures
print(f"{seeds} pairs, {recomputed} recomputed values")
