#!/usr/bin/env python3
"""Runs other planners on the networks of the planner benchmark.

    anchors.py NETWORKS.jsonl [--quick] [--timeout=SECONDS] > ANCHORS.jsonl

Reads the lines that `conveinsum-bench-planner generate` prints and writes one
line per network and planner, with the path and the seconds it took, or with an
error. docs/PlannerBenchmark.md says how the parts fit together;
tools/bench-planner.sh installs what is needed and runs them all.

The planners, by the prefix of their names:

    oe-   opt_einsum, Python
    ctg-  cotengra, its pure-Python functions
    crs-  cotengrust, the native library that cotengra uses where it is installed

Every planner gets its input ready in the form it takes, and is called several
times; the best time counts, so that neither conversions nor a busy moment are
held against it. Each runs in a process of its own with a time and a memory
limit, because some of them do not end.
"""

import argparse
import gc
import json
import multiprocessing
import resource
import sys
import time

MEMORY_BYTES = 6 << 30
# Calls of one planner on one network end after so many, or so many seconds.
MOST_CALLS = 5
ENOUGH_SECONDS = 0.2


# ------------------------------------------------------------------------------
# Planners: functions of a network that return a function without arguments, the
# call that is timed. It returns a path in linear form.
# ------------------------------------------------------------------------------


def opt_einsum(find):
    """`find(opt_einsum)` returns a function of inputs, output and sizes."""

    def prepare(network):
        import opt_einsum

        inputs = [frozenset(term) for term in network["inputs"]]
        output = frozenset(network["output"])
        sizes = network["sizes"]
        return lambda: find(opt_einsum)(inputs, output, sizes)

    return prepare


def lists(network):
    return (
        [list(term) for term in network["inputs"]],
        list(network["output"]),
        network["sizes"],
    )


def cotengra(function, **options):
    def prepare(network):
        from cotengra.pathfinders import path_basic

        arguments = lists(network)
        call = getattr(path_basic, function)
        return lambda: call(*arguments, use_ssa=False, **options)

    return prepare


def cotengrust(function, **options):
    def prepare(network):
        import cotengrust as library

        arguments = lists(network)
        call = getattr(library, function)
        return lambda: call(*arguments, use_ssa=False, **options)

    return prepare


RANDOM_GREEDY = "optimize_random_greedy_track_flops"

PLANNERS = {
    "oe-greedy": opt_einsum(lambda oe: oe.paths.greedy),
    "oe-auto": opt_einsum(lambda oe: oe.paths.auto),
    "oe-autohq": opt_einsum(lambda oe: oe.paths.auto_hq),
    "oe-dp": opt_einsum(lambda oe: oe.paths.dynamic_programming),
    "oe-rg128": opt_einsum(lambda oe: oe.RandomGreedy(max_repeats=128)),
    "ctg-greedy": cotengra("optimize_greedy"),
    "ctg-rg128": cotengra(RANDOM_GREEDY, ntrials=128, seed=0),
    "crs-greedy": cotengrust("optimize_greedy"),
    "crs-rg128": cotengrust(RANDOM_GREEDY, ntrials=128, seed=0),
    "crs-optimal": cotengrust("optimize_optimal", minimize="flops"),
    "crs-optimal-outer": cotengrust(
        "optimize_optimal", minimize="flops", search_outer=True
    ),
}

# Operands up to which a planner is asked at all; beyond, it would only use up
# its time limit, or (oe-autohq) does what another one does.
LIMITS = {
    "oe-autohq": 20,
    "oe-dp": 25,
    "oe-rg128": 100,
    "ctg-rg128": 200,
    "crs-optimal": 36,
    "crs-optimal-outer": 12,
}
QUICK_LIMITS = {
    "oe-autohq": 12,
    "oe-dp": 12,
    "oe-rg128": 15,
    "ctg-rg128": 15,
    "crs-optimal": 25,
    "crs-optimal-outer": 8,
}


def planners_for(network, quick):
    """Names of the planners to ask."""
    operands = len(network["inputs"])
    if network["set"] == "connected":
        names = ["crs-optimal"]
    elif network["set"] == "large":
        names = [name for name in PLANNERS if name.endswith(("greedy", "rg128"))]
    else:
        names = list(PLANNERS)
    limits = QUICK_LIMITS if quick else LIMITS
    return [name for name in names if operands <= limits.get(name, operands)]


# ------------------------------------------------------------------------------
# The process that runs them
# ------------------------------------------------------------------------------


def linear_path(result):
    """Random greedy of cotengra and cotengrust also returns the cost."""
    path = result[0] if isinstance(result, tuple) else result
    return [[int(position) for position in step] for step in path]


def measure(network, planner):
    call = PLANNERS[planner](network)
    gc.collect()
    gc.disable()
    times = []
    while True:
        start = time.perf_counter()
        result = call()
        times.append(time.perf_counter() - start)
        if len(times) == MOST_CALLS or sum(times) > ENOUGH_SECONDS:
            break
    gc.enable()
    return {"seconds": min(times), "path": linear_path(result)}


def serve(connection):
    """Answers (network, planner) until told None."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    sys.setrecursionlimit(100000)
    while (job := connection.recv()) is not None:
        try:
            answer = measure(*job)
        except (Exception, MemoryError) as error:
            answer = {"error": f"{type(error).__name__}: {error}"[:200]}
        connection.send(answer)


class Worker:
    """A process that is started anew when it had to be ended."""

    def __init__(self, timeout):
        self.timeout = timeout
        self.process = None

    def start(self):
        self.connection, other = multiprocessing.Pipe()
        self.process = multiprocessing.Process(target=serve, args=(other,))
        self.process.start()
        other.close()

    def stop(self):
        if self.process:
            self.process.kill()
            self.process.join()
            self.process = None

    def run(self, network, planner):
        if not self.process:
            self.start()
        self.connection.send((network, planner))
        if not self.connection.poll(self.timeout):
            self.stop()
            return {"error": "timeout"}
        try:
            return self.connection.recv()
        except EOFError:
            self.stop()
            return {"error": "ended"}


def parse_arguments():
    parser = argparse.ArgumentParser(
        description="Runs other planners on the networks of the benchmark."
    )
    parser.add_argument("networks", help="lines of `generate`")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument(
        "--timeout", type=float, help="seconds for all calls on one network"
    )
    return parser.parse_args()


def main():
    arguments = parse_arguments()
    with open(arguments.networks, encoding="utf-8") as file:
        networks = [json.loads(line) for line in file]
    timeout = arguments.timeout or (2 if arguments.quick else 10)
    worker = Worker(timeout)
    for network in networks:
        for planner in planners_for(network, arguments.quick):
            answer = worker.run(network, planner)
            line = {"name": network["name"], "planner": planner, **answer}
            print(json.dumps(line), flush=True)
    worker.stop()


if __name__ == "__main__":
    main()
