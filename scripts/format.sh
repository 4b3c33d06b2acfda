#!/bin/sh
# Formats TypeScript, JSON and the web page with biome, the shim with clang-format; with --check it only looks.
set -eu
cd "$(dirname "$0")/.."

sources() { find shim test -path '*/build/*' -prune -o \( -name '*.h' -o -name '*.cpp' -o -name '*.c' \) -print0; }

if [ "${1:-}" = --check ]; then
  bun node_modules/.bin/biome format
  sources | xargs -0r clang-format --dry-run -Werror
else
  bun node_modules/.bin/biome format --write
  sources | xargs -0r clang-format -i
fi
