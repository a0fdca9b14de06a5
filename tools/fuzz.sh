#!/usr/bin/env bash
# Runs fuzzers, each for so many seconds, under limits of time and memory.
#
#   tools/fuzz.sh [SECONDS] [FUZZER...]       60 seconds of each: equation case
#                                             npy assembly bytecode differential
#
# Builds the preset `fuzz`, or takes the fuzzers of BUILD=FOLDER as they are.
# What a fuzzer learns stays in FOLDER/fuzz/NAME/corpus; inputs that end one, that
# take longer than ten seconds or more memory than there is for them are put into
# FOLDER/fuzz/NAME/findings, and the script fails. The last lines count.
set -euo pipefail
cd "$(dirname "$0")/.."

seconds=60
if [[ "${1:-}" =~ ^[0-9]+$ ]]; then
  seconds=$1
  shift
elif [[ "${1:-}" == -* ]]; then
  sed -n '2,/^set/s/^# \{0,1\}//p' "$0"
  exit 0
fi
fuzzers=("$@")
[ $# -gt 0 ] || fuzzers=(equation case npy assembly bytecode differential)

if [ -z "${BUILD:-}" ]; then
  BUILD=build/fuzz
  cmake --preset fuzz >/dev/null
  cmake --build --preset fuzz
fi

# What is compiled takes the memory of LLVM, too.
declare -A most_bytes=([npy]=4096 [differential]=128)
status=0 summary=()
for name in "${fuzzers[@]}"; do
  program=$BUILD/test/bin/fuzz-$name
  if [ ! -x "$program" ]; then
    echo "error: expected a fuzzer, got '$name': there is no $program" >&2
    exit 2
  fi
  folder=$BUILD/fuzz/$name
  mkdir -p "$folder/corpus" "$folder/findings"
  options=(-max_total_time="$seconds" -timeout=10 -rss_limit_mb=3000 -malloc_limit_mb=1000
    -max_len="${most_bytes[$name]:-2048}" -print_final_stats=1
    -artifact_prefix="$folder/findings/")
  dictionary=test/Fuzz/$name.dict
  [ ! -f "$dictionary" ] || options+=(-dict="$dictionary")
  echo "== $name, $seconds seconds"
  result=0
  inputs=("$folder/corpus" "$BUILD/test/Fuzz/seeds/$name")
  regressions=test/Fuzz/regressions/$name
  [ ! -d "$regressions" ] || inputs+=("$regressions")
  "$program" "${options[@]}" "${inputs[@]}" >"$folder/log" 2>&1 || result=$?
  executions=$(sed -n 's/^stat::number_of_executed_units: *//p' "$folder/log")
  line="$name: ${executions:-?} executions"
  if [ "$result" -ne 0 ]; then
    status=1
    line+=", ended by an input: see $folder/log and $folder/findings"
    grep -a -E -m 3 'ERROR|SUMMARY|broken promise|Assertion|runtime error' "$folder/log" || true
  fi
  summary+=("$line")
done
printf '%s\n' "${summary[@]}"
exit "$status"
