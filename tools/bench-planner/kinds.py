#!/usr/bin/env python3
"""What planning costs by default, kind by kind and size by size.

Makes networks of every kind on which a planner can do too much work (dense
hyperedges, conv modes of many kernels, trees whose orders all cost the same,
...), runs `conveinsum plan` on each in a process of its own, and prints CPU
seconds, peak memory, the value of the plan and what is proven of it as a table
(docs/PlannerBenchmark.md).

  tools/bench-planner/kinds.py [--sizes=12,17,...] [--kinds=chain,...]
      [--tool=build/bin/conveinsum] [--against=OTHER] [--json=FILE]
      [-- OPTION...]

Options after `--` go to `conveinsum plan`. --against runs another build on the
same networks and prints the difference of the values, in per cent. The exit code
is 1 if a run takes more than --seconds (2) or --mebibytes (512).
"""

import argparse
import json
import math
import os
import random
import resource
import subprocess
import sys
import tempfile

SIZES = [12, 17, 20, 24, 32, 48, 64, 100, 300, 1000]


class Network:
    """Operands as lists of modes, sizes by mode."""

    def __init__(self):
        self.operands, self.sizes = [], {}
        self.result, self.conv = [], []
        self.geometry = {}

    def mode(self, size):
        name = f"m{len(self.sizes)}"
        self.sizes[name] = size
        return name

    def bond(self, operands, size):
        """A mode that the given operands share."""
        name = self.mode(size)
        for operand in operands:
            self.operands[operand].append(name)
        return name

    def case(self, name, extents=None):
        spell = lambda modes: "".join(f"({mode})" for mode in modes)
        text = ",".join(spell(modes) for modes in self.operands)
        text += "->" + spell(self.result)
        if self.conv:
            text += "|" + spell(self.conv)
        shapes = [[(extents or {}).get((index, mode), self.sizes[mode])
                   for mode in modes]
                  for index, modes in enumerate(self.operands)]
        case = {"name": name, "expr": text, "shapes": shapes}
        if self.geometry:
            case["conv_modes"] = self.geometry
        return case


def empty(count):
    network = Network()
    network.operands = [[] for _ in range(count)]
    return network


def graph(count, edges, sizes=(2, 3, 4), seed=1, open_modes=2):
    chance = random.Random(seed)
    network = empty(count)
    for a, b in edges:
        network.bond([a, b], chance.choice(sizes))
    for operand in chance.sample(range(count), min(open_modes, count)):
        network.result.append(network.bond([operand], chance.choice(sizes)))
    return network


def chain(count):
    chance = random.Random(count)
    network = empty(count)
    network.result.append(network.bond([0], 7))
    for left in range(count - 1):
        network.bond([left, left + 1], chance.randint(2, 64))
    network.result.append(network.bond([count - 1], 5))
    return network.case("chain")


def zero_chain(count):
    network = empty(count)
    modes = [network.mode(0) for _ in range(count + 1)]
    network.operands = [[modes[i], modes[i + 1]] for i in range(count)]
    network.result = [modes[0], modes[-1]]
    return network.case("zero_chain")


def ring(count):
    edges = [(i, (i + 1) % count) for i in range(count)]
    return graph(count, edges, range(2, 20)).case("ring")


def star(count):
    chance = random.Random(count)
    network = empty(count)
    for leaf in range(1, count):
        network.bond([0, leaf], chance.choice([2, 3]))
        network.result.append(network.bond([leaf], chance.choice([2, 3, 5])))
    return network.case("star")


def closed_star(count):
    edges = [(0, leaf) for leaf in range(1, count)]
    return graph(count, edges, (2, 3)).case("closed_star")


def complete(count):
    # Beyond some tens of operands, with thousands of bonds, it is the text
    # that takes the time.
    if count > 100:
        return None
    edges = [(a, b) for a in range(count) for b in range(a)]
    return graph(count, edges, (2,)).case("complete")


def cp_layer(count):
    """One rank for all factors; every factor has a mode of input or output."""
    chance = random.Random(count)
    network = empty(count)
    network.bond(range(count), 16)
    data = []
    for operand in range(1, count):
        name = network.bond([operand], chance.choice([2, 3, 4]))
        if operand % 2:
            data.append(name)
        else:
            network.result.append(name)
    network.operands[0] = data
    network.operands[0:0] = []
    return network.case("cp_layer")


def cp_full(count):
    """One rank for all factors, all other modes in the result."""
    network = empty(count)
    network.bond(range(count), 8)
    for operand in range(count):
        network.result.append(network.bond([operand], 2 + operand % 3))
    return network.case("cp_full")


def conv_kernels(count):
    """A feature and kernels of 2 taps on one conv mode."""
    network = empty(count)
    name = network.bond(range(count), 2)
    network.conv = network.result = [name]
    network.geometry = {name: {"padding": "same"}}
    return network.case("conv_kernels", {(0, name): 64})


def conv_kernels_mixed(count):
    """The same with kernels of several sizes that keep a mode each."""
    chance = random.Random(count)
    network = empty(count)
    name = network.bond(range(count), 2)
    network.conv, network.result = [name], [name]
    extents = {(0, name): 4 * count + 64}
    network.geometry = {name: {"padding": "full"}}
    for operand in range(1, count):
        extents[operand, name] = chance.choice([2, 3, 5])
        network.bond([0, operand] if operand % 4 else [operand - 1, operand], 2)
    return network.case("conv_kernels_mixed", extents)


def elementwise(count):
    network = empty(count)
    network.result = [network.bond(range(count), 10)]
    return network.case("elementwise")


def scalars(count):
    return empty(count).case("scalars")


def batch_chain(count):
    """A chain all of whose matrices have one batch mode."""
    network = graph(count, [(i, i + 1) for i in range(count - 1)],
                    range(2, 20))
    network.result.append(network.bond(range(count), 8))
    return network.case("batch_chain")


def regular(degree):

    def make(count):
        chance = random.Random(count)
        count -= count * degree % 2
        while True:
            stubs = [v for v in range(count) for _ in range(degree)]
            chance.shuffle(stubs)
            edges = {tuple(sorted(pair)) for pair in zip(stubs[::2], stubs[1::2])}
            # Loops and double edges are dropped: nearly regular.
            edges = sorted(edge for edge in edges if edge[0] != edge[1])
            return graph(count, edges, (2, 3)).case(f"regular{degree}")

    return make


def tree(count):
    chance = random.Random(count)
    edges = [(chance.randrange(v), v) for v in range(1, count)]
    return graph(count, edges, range(2, 9), open_modes=4).case("tree")


def conv_tree(count):
    """A random tree some of whose operands share a conv mode."""
    chance = random.Random(count)
    edges = [(chance.randrange(v), v) for v in range(1, count)]
    network = graph(count, edges, range(2, 9))
    extents = {}
    for _ in range(max(1, count // 8)):
        holders = sorted(chance.sample(range(count), 3))
        name = network.bond(holders, 3)
        extents[holders[0], name] = 16
        network.conv.append(name)
        network.result.append(name)
        network.geometry[name] = {"padding": "same"}
    return network.case("conv_tree", extents)


def grid(count):
    side = math.isqrt(count)
    at = lambda x, y: x * side + y
    edges = [(at(x, y), at(x, y + 1))
             for x in range(side) for y in range(side - 1)]
    edges += [(at(x, y), at(x + 1, y))
              for x in range(side - 1) for y in range(side)]
    return graph(side * side, edges, (3,), open_modes=0).case("grid")


def tt_layer(count):
    """A feature of many modes, a core for each input and output mode."""
    network = empty(count)
    half = (count - 1) // 2
    for core in range(1, count):
        if core <= half:
            network.bond([0, core], 4)
        else:
            network.result.append(network.bond([core], 4))
        if core + 1 < count:
            network.bond([core, core + 1], 8)
    network.result.append(network.bond([0], 32))
    return network.case("tt_layer")


def tucker(count):
    """A core and a factor for each of its modes, the other end in the result."""
    network = empty(count)
    for factor in range(1, count):
        network.bond([0, factor], 2)
        network.result.append(network.bond([factor], 3))
    return network.case("tucker")


def hyper(count):
    """Random modes of two to five operands."""
    chance = random.Random(count)
    network = empty(count)
    for _ in range(count):
        network.bond(sorted(chance.sample(range(count), chance.randint(2, 5))),
                     chance.choice([2, 3]))
    for operand in range(count):
        if not network.operands[operand]:
            network.bond([operand, (operand + 1) % count], 2)
    return network.case("hyper")


def dense_hyper(count):
    """Modes of half of the operands each."""
    chance = random.Random(count)
    network = empty(count)
    for _ in range(12):
        network.bond(sorted(chance.sample(range(count), count // 2)), 2)
    for operand in range(count):
        network.bond([operand, (operand + 1) % count], 3)
    return network.case("dense_hyper")


KINDS = {
    "chain": chain, "ring": ring, "star": star, "closed_star": closed_star,
    "tucker": tucker, "tt_layer": tt_layer, "cp_layer": cp_layer,
    "cp_full": cp_full, "conv_kernels": conv_kernels,
    "conv_kernels_mixed": conv_kernels_mixed, "complete": complete,
    "elementwise": elementwise, "scalars": scalars, "zero_chain": zero_chain,
    "batch_chain": batch_chain, "regular3": regular(3), "regular4": regular(4),
    "tree": tree, "conv_tree": conv_tree, "grid": grid, "hyper": hyper,
    "dense_hyper": dense_hyper,
}


def measure(tool, case, options, limit):
    """CPU seconds, peak MiB and the answer of one run."""
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(case, file)
        file.flush()
        command = [tool, "plan", f"--case={file.name}", "--json", *options]
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            preexec_fn=lambda: resource.setrlimit(
                resource.RLIMIT_CPU, (limit, limit)))
        output = process.stdout.read()
        error = process.stderr.read().decode(errors="replace")
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = status
    run = {"seconds": usage.ru_utime + usage.ru_stime,
           "mebibytes": usage.ru_maxrss / 1024}
    try:
        answer = json.loads(output) if status == 0 and output else None
    except ValueError as fault:
        answer, error = None, f"no JSON: {fault}"
    if answer:
        value = int(answer["value"])
        log = answer.get("value_log2")
        if log is None:
            log = math.log2(value) if value > 0 else None
        run.update(proof=answer["proof"], value_log2=log,
                   moves=answer["moves"], gap=answer.get("gap"))
    else:
        run["error"] = error.strip()[:200] or f"status {status}"
    return run


def proven(run):
    """The proof, and how far the value may be from the optimum."""
    if run["proof"] != "best-found" or run["gap"] is None:
        return run["proof"]
    return f"at most {run['gap']:.4g} x optimum"


def main():
    sys.setrecursionlimit(100_000)  # trees are nested lists
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)))
    parser.add_argument("--kinds", default=",".join(KINDS))
    parser.add_argument("--tool", default="build/bin/conveinsum")
    parser.add_argument("--against")
    parser.add_argument("--against-options", default="")
    parser.add_argument("--json")
    parser.add_argument("--seconds", type=float, default=2)
    parser.add_argument("--mebibytes", type=float, default=512)
    parser.add_argument("--cpu-limit", type=int, default=100)
    parser.add_argument("options", nargs="*")
    arguments = parser.parse_args()
    runs, isFine = [], True
    print("| kind | N | CPU s | MiB | value, log2 | proof | moves |"
          + (" worse than other |" if arguments.against else ""))
    print("|---|---|---|---|---|---|---|"
          + ("---|" if arguments.against else ""), flush=True)
    for kind in arguments.kinds.split(","):
        for size in map(int, arguments.sizes.split(",")):
            case = KINDS[kind](size)
            if case is None:
                continue
            run = measure(arguments.tool, case, arguments.options,
                          arguments.cpu_limit)
            run.update(kind=kind, operands=size)
            runs.append(run)
            count = len(case["shapes"])
            if "error" in run:
                isFine = False
                cells = ["-", run["error"].replace("\n", " "), "-"]
            else:
                cells = [f"{run['value_log2']:.4f}"
                         if run["value_log2"] is not None else "-",
                         proven(run), str(run["moves"])]
            over = (run["seconds"] > arguments.seconds
                    or run["mebibytes"] > arguments.mebibytes)
            isFine &= not over
            cells = [kind, str(count), f"{run['seconds']:.2f}",
                     f"{run['mebibytes']:.0f}"] + cells
            if arguments.against:
                other = measure(arguments.against, case,
                                arguments.against_options.split(), 300)
                run["other"] = other
                if "error" in other or "error" in run or None in (
                        run["value_log2"], other["value_log2"]):
                    cells.append("-")
                else:
                    more = run["value_log2"] - other["value_log2"]
                    cells.append(f"{100 * (2**more - 1):+.2f} % "
                                 f"({other['seconds']:.1f} s)")
            print("| " + " | ".join(cells) + " |" + (" !" if over else ""),
                  flush=True)
    if arguments.json:
        with open(arguments.json, "w") as file:
            json.dump(runs, file, indent=1)
    return 0 if isFine else 1


if __name__ == "__main__":
    sys.exit(main())
