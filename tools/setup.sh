#!/usr/bin/env bash
# Installs, on Debian 12, what building, testing and the demonstration need.
# Does nothing (and needs no network) when everything is there.
set -euo pipefail

packages=(
  cmake ninja-build ccache
  clang-22 lld-22 llvm-22-dev libmlir-22-dev mlir-22-tools # compiler, LLVM and MLIR 22
  clang-format-22                                          # the style, pinned
  libomp-22-dev                                            # threads of compiled code
  libclang-rt-22-dev                                       # sanitizers, libFuzzer
  zlib1g-dev                                               # compressed archives
  libgtest-dev                                             # unit tests
  python3 python3-numpy python3-scipy                      # oracles of the tests, demonstration
  python3-pip                                              # PyTorch, for one test
  python3-pil python-matplotlib-data                       # demonstration: PNG, a photograph
)

missing=()
for package in "${packages[@]}"; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
done
if [ ${#missing[@]} -eq 0 ]; then
  exit 0
fi

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || {
    echo "error: run as root, or install sudo: these packages are missing: ${missing[*]}" >&2
    exit 1
  }
  as_root=(sudo)
fi
echo "installing: ${missing[*]}"
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
