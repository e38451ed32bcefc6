#!/usr/bin/env bash
# Build the fault shim (tests/tokens/shim.c) when it is missing or older than its sources.
# usage: tests/tokens/build.sh [OUTPUT]      default: dist/tokens/shim.so
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
out=${1:-$here/../../dist/tokens/shim.so}
[[ $out -nt $here/shim.c && $out -nt $here/shim_control.h ]] && exit 0
mkdir -p "$(dirname "$out")"
# Built beside and renamed, so that a running program never loads half a file.
cc -shared -fPIC -O2 -Wall -Wextra -Wno-unused-result -I/usr/include/p11-kit-1 "$here/shim.c" -o "$out.$$" -ldl
mv -f "$out.$$" "$out"
