#!/usr/bin/env bash
# Compares the planner with opt_einsum, cotengra and cotengrust on one core, and
# prints tables (docs/PlannerBenchmark.md). Needs the network once, to install
# these three into build/bench-planner-venv; building and testing never need them.
#
#   tools/bench-planner.sh [--quick] [--seed=N]
#
# --quick takes a minute and a half, without it some twenty minutes.
set -euo pipefail
cd "$(dirname "$0")/.."

quick=() repetitions=5 seed=1
for argument in "$@"; do
  case "$argument" in
  --quick) quick=(--quick) repetitions=1 ;;
  --seed=*) seed=${argument#--seed=} ;;
  *)
    echo "usage: tools/bench-planner.sh [--quick] [--seed=N]" >&2
    exit 2
    ;;
  esac
done

venv=build/bench-planner-venv out=build/bench-planner
bench=build/bin/conveinsum-bench-planner
if ! "$venv/bin/python" -c 'import opt_einsum, cotengra, cotengrust' 2>/dev/null; then
  python3 -m venv "$venv" # Debian: package python3-venv
  "$venv/bin/pip" install --quiet opt_einsum==3.4.0 cotengra==0.8.3 cotengrust==0.2.1
fi
cmake --build build --target conveinsum-bench-planner >&2

# One core, the last one, for everything.
pin=()
if command -v taskset >/dev/null; then
  pin=(taskset --cpu-list "$(($(nproc) - 1))")
fi
mkdir -p "$out"
"$bench" generate "${quick[@]}" --seed="$seed" --repetitions="$repetitions" \
  test/data/networks.json >"$out/networks.jsonl"
"${pin[@]}" "$venv/bin/python" tools/bench-planner/anchors.py "${quick[@]}" \
  "$out/networks.jsonl" >"$out/anchors.jsonl"
"${pin[@]}" "$bench" report "${quick[@]}" --json="$out/runs.json" \
  "$out/networks.jsonl" "$out/anchors.jsonl" | tee "$out/report.md"
