"""What scripts about checkpointed pairs share: the pass, and a function that runs
both passes."""

import re
import subprocess
import sys


def run(tool, module, *passes):
    done = subprocess.run([tool, "-", *passes], input=module, capture_output=True, text=True, timeout=120)
    if done.returncode != 0:
        sys.exit(f"{tool} {passes}: {done.stderr}")
    return done.stdout, done.stderr


def checkpoint(tool, module, budget, *options):
    """The checkpointed module, and the figures of its remark."""
    module, remarks = run(tool, module, f"--conveinsum-checkpoint={' '.join([f'budget={budget}', *options])}",
                          "--remarks-filter=conveinsum-checkpoint")
    figures = dict(re.findall(r"([a-z-]+)=(\d+)", re.search(r"\[Passed\] checkpoint.*", remarks)[0]))
    return module, {key: int(value) for key, value in figures.items()}


def signature(module, function):
    """Types of arguments and results, and which of each are kept."""
    head = re.search(rf"func\.func @{function}\((.*)\) -> (.*) attributes", module)
    take = lambda part: [(found[1], '"kept"' in (found[2] or "")) for found in
                         re.finditer(r"(tensor<[^>]*>)( \{[^}]*\})?", part)]
    return take(head[1]), take(head[2])


def training_step(module, name):
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
