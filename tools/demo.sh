#!/usr/bin/env bash
# Sets everything up, builds the command and sends a photograph through two
# convolutional tensor networks. The pictures are left in build/demo.
set -euo pipefail
cd "$(dirname "$0")/.."

tools/setup.sh
cmake --preset default >/dev/null
cmake --build --preset default --target conveinsum
/usr/bin/python3 tools/demo/photograph.py --command build/bin/conveinsum --output build/demo "$@"
