#!/usr/bin/env bash
# Builds the preset `asan` and runs under AddressSanitizer and UBSan what can run
# there: the unit tests, the IR tests (malformed input among them), the Python
# tests of the command, and every fuzzer for SECONDS (60). On two quiet cores it
# builds for some 25 minutes the first time and then runs for about half an hour;
# leaves 0 only if nothing was found.
#
#   tools/sanitize.sh [SECONDS]               everything
#   tools/sanitize.sh 0 'PlanTests|lit'       the tests of these names alone
set -euo pipefail
cd "$(dirname "$0")/.."

seconds=${1:-60} tests=${2:-.}
cmake --preset asan >/dev/null
cmake --build --preset asan
status=0
ctest --preset asan -R "$tests" || status=1
[ "$seconds" -eq 0 ] || BUILD=build/asan tools/fuzz.sh "$seconds" || status=1
exit "$status"
