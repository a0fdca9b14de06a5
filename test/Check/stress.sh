#!/bin/sh
# Builds conveinsum-stress and runs it at low priority, by default for an hour on
# every split of equations of every element type, from a seed that is the time:
#
#   test/Check/stress.sh [OPTION...]     (conveinsum-stress --help)
#
# The folder of the build is $BUILD, or build. The exit code is 1 if anything was
# wrong; what was is printed with the command that shows it again.
set -eu
cd "$(dirname "$0")/../.."
build=${BUILD:-build}
[ -f "$build/build.ninja" ] || cmake --preset default -B "$build"
cmake --build "$build" --target conveinsum-stress
if [ $# -eq 0 ]; then
  set -- --seconds=3600 --splits --trees=5 --dtype=all --seed="$(date +%s)000000"
  echo "conveinsum-stress $*"
fi
exec nice "$build/test/bin/conveinsum-stress" --jobs="$(nproc)" "$@"
