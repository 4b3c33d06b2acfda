#!/bin/sh
# Formats TypeScript, JSON and the web page with biome, C and C++ with clang-format; with --check it only looks.
set -eu
cd "$(dirname "$0")/.."

c_style=--style=file:shim/.clang-format
c_sources() { find shim test -path '*/build/*' -prune -o \( -name '*.h' -o -name '*.cpp' -o -name '*.c' \) -print0; }

if [ "${1:-}" = --check ]; then
  bun node_modules/.bin/biome format
  c_sources | xargs -0r clang-format "$c_style" --dry-run -Werror
else
  bun node_modules/.bin/biome format --write
  c_sources | xargs -0r clang-format "$c_style" -i
fi
