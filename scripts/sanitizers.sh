#!/bin/sh
# The native libraries under AddressSanitizer and UndefinedBehaviorSanitizer, in a build of their own.
set -eu
cd "$(dirname "$0")/.."
sh scripts/setup.sh test
# -O1 builds twice as fast as -O2, and the sanitizers see as much; of debug information they need names and lines only.
CXXFLAGS='-O1 -g1' exec make -C shim --no-print-directory -s -j2 check SANITIZE=address,undefined
