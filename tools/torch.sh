#!/usr/bin/env bash
# Installs the CPU build of PyTorch into a folder (build/torch), for the one test
# that compares gradients with its autograd. Only that test needs it, and is
# skipped without it: leaves 1, after one line that says why, where pip cannot have
# this build within some minutes. The builds for GPUs, gigabytes each, are never
# taken: the version names its build.
#
#   tools/torch.sh [FOLDER]
set -euo pipefail
cd "$(dirname "$0")/.."

folder=${1:-build/torch}
version=2.13.0+cpu
# The Python that runs the tests.
python=/usr/bin/python3
[ -x "$python" ] || python=python3

has_torch() { PYTHONPATH=$1 "$python" -c 'import torch' 2>/dev/null; }

if has_torch "$folder"; then
  exit 0
fi
mkdir -p "$(dirname "$folder")"
log=$folder.log
fresh=$(mktemp -d "$folder.XXXXXX")
trap 'rm -rf "$fresh"' EXIT
if ! timeout 400 "$python" -m pip install --quiet --target "$fresh" --no-compile --retries 1 --timeout 20 \
  --extra-index-url https://download.pytorch.org/whl/cpu "torch==$version" >"$log" 2>&1 ||
  ! has_torch "$fresh"; then
  echo "PyTorch $version is not to be had here ($log), so the test against its autograd is skipped" >&2
  exit 1
fi
rm -rf "$folder" "$log"
mv "$fresh" "$folder"
