"""Checkpoints a differentiated network within 51 budgets.

More bytes never cost more MACs, and what the remarks say is what functions do.
Forward and backward function then are inlined into one and cleaned up: no
recomputation is lost. Without the barriers all of it is, and what is left is
the network that keeps everything: the recomputed values were the right ones.

usage: budgets.py TOOL MODULE FUNCTION
"""

import re
import subprocess
import sys

tool, path, name = sys.argv[1:]
text = open(path).read()


def run(module, *passes):
    done = subprocess.run([tool, "-", *passes], input=module, capture_output=True, text=True, timeout=120)
    if done.returncode != 0:
        sys.exit(f"{passes}: {done.stderr}")
    return done.stdout, done.stderr


def macs(module):
    """The MACs of every function."""
    counted, _ = run(module, "--conveinsum-count-macs")
    return {found[1]: int(found[2]) for found in
            re.finditer(r"func\.func (?:private )?@(\w+)\(.*conveinsum\.macs = (\d+)", counted)}


def checkpoint(budget):
    module, remarks = run(text, f"--conveinsum-checkpoint=budget={budget}",
                          "--remarks-filter=conveinsum-checkpoint")
    figures = dict(re.findall(r"([a-z-]+)=(\d+)", re.search(r"\[Passed\] checkpoint.*", remarks)[0]))
    return module, {key: int(value) for key, value in figures.items()}


def signature(module, function):
    """Types of arguments and results, and which of each are kept."""
    head = re.search(rf"func\.func @{function}\((.*)\) -> (.*) attributes", module)
    take = lambda part: [(found[1], '"kept"' in (found[2] or "")) for found in
                         re.finditer(r"(tensor<[^>]*>)( \{[^}]*\})?", part)]
    return take(head[1]), take(head[2])


def training_step(module):
    """The module with a function that runs both passes, of which nobody else knows."""
    taken, returned = signature(module, f"{name}_forward")
    backward, gradients = signature(module, f"{name}_backward")
    results = [kind for kind, kept in returned if not kept]
    kept = [kind for kind, kept in returned if kept]
    types = lambda kinds: ", ".join(kinds)
    arguments = [f"%a{k}" for k in range(len(taken))]
    cotangents = [f"%c{k}" for k in range(len(results))]
    outputs = [f"%f#{k}" for k in range(len(returned))] if len(returned) > 1 else ["%f"]
    from_backward = [f"%b#{k}" for k in range(len(gradients))] if len(gradients) > 1 else ["%b"]
    taken, gradients = [kind for kind, _ in taken], [kind for kind, _ in gradients]
    step = f"""
  func.func @training_step({', '.join(f'{a}: {t}' for a, t in zip(arguments + cotangents, taken + results))})
      -> ({types(results + gradients)}) {{
    %f{f':{len(returned)}' if len(returned) > 1 else ''} = call @{name}_forward({', '.join(arguments)})
      : ({types(taken)}) -> ({types(results + kept)})
    %b{f':{len(gradients)}' if len(gradients) > 1 else ''} = call @{name}_backward({
      ', '.join(arguments + cotangents + outputs[len(results):])})
      : ({types(taken + results + kept)}) -> ({types(gradients)})
    return {', '.join(outputs[:len(results)] + from_backward)} : {types(results + gradients)}
  }}
}}
"""
    module = re.sub(r"func\.func @(\w+_(?:for|back)ward)\(", r"func.func private @\1(", module)
    return module.rstrip()[:-1] + step


CLEAN = ["--inline", "--symbol-dce", "--canonicalize", "--cse", "--sccp", "--loop-invariant-code-motion",
         "--canonicalize", "--cse"]


def without_barriers(module):
    lines = []
    for line in module.splitlines():
        found = re.match(r"\s*(%\w+)(?::\d+)? = conveinsum\.barrier (.*?) after ", line)
        if not found:
            lines.append(line)
            continue
        inputs = found[2].split(", ")
        names = [found[1]] if len(inputs) == 1 else [f"{found[1]}#{k}" for k in range(len(inputs))]
        replaced = dict(zip(names, inputs))
        rest = module.splitlines()[len(lines) + 1:]
        lines += [re.sub(r"%\w+(?:#\d+)?", lambda value: replaced.get(value[0], value[0]), after) for after in rest]
        return "\n".join(lines)
    return module


def operations(module):
    """Every op with what its operands are computed from, in no order."""
    made, seen = {}, []
    for line in module.splitlines():
        line = line.strip()
        found = re.match(r"(%\w+)(:\d+)? = (.*)", line)
        what = re.sub(r"(%\w+)((?:#\d+)?)", lambda v: f"[{made.get(v[1], v[1])}]{v[2]}", found[3] if found else line)
        if found:
            made[found[1]] = hash(what)
        seen.append(what)
    return sorted(seen)


everything, all_figures = checkpoint("max")
all_macs = macs(everything)
all_steps = run(training_step(everything), *CLEAN)[0]
limit = all_figures["kept-bytes"]
faults, last, survived = [], None, 0
for share in range(51):
    module, figures = checkpoint(f"{2 * share}%")
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
    step = training_step(module)
    cleaned = run(step, *CLEAN)[0]
    expect(macs(cleaned)["training_step"] == sum(counted.values()), "loses recomputation")
    bare = run(without_barriers(cleaned), "--cse", "--canonicalize", "--cse")[0]
    expect("conveinsum.barrier" not in bare, "has a barrier left")
    expect(macs(bare)["training_step"] == sum(all_macs.values()), "recomputes what the forward pass does not compute")
    expect(operations(bare) == operations(all_steps), "computes something else than with everything kept")
    survived += figures["recomputed"]
if faults:
    sys.exit("\n".join(faults))
print(f"51 budgets, {survived} recomputed values survive")
