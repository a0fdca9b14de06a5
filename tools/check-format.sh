#!/usr/bin/env bash
# Checks that clang-format would leave every C++ file as it is. The version is
# part of the style: others break lines elsewhere. `--fix` formats the files.
set -euo pipefail
cd "$(dirname "$0")/.."

action=(--dry-run --Werror)
if [ "${1:-}" = --fix ]; then
  action=(-i)
fi
find lib include test tools \( -name '*.h' -o -name '*.cpp' \) -print0 |
  xargs -0 -n 16 -P "$(nproc)" clang-format-22 --style=file "${action[@]}"
