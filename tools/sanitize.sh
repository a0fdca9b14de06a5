#!/usr/bin/env bash
# Builds the preset `asan` and runs under AddressSanitizer and UBSan what can run
# there: the unit tests, the IR tests (malformed input among them), the Python
# tests of the command, and every fuzzer for SECONDS (60). Takes an hour or so on
# two cores; leaves 0 only if nothing was found.
#
#   tools/sanitize.sh [SECONDS]
set -euo pipefail
cd "$(dirname "$0")/.."

seconds=${1:-60}
cmake --preset asan >/dev/null
cmake --build --preset asan
status=0
ctest --preset asan || status=1
BUILD=build/asan tools/fuzz.sh "$seconds" || status=1
exit "$status"
