#!/bin/sh
# Drives the native libraries under AddressSanitizer and UndefinedBehaviorSanitizer. What it runs: test/native/check-shim.sh.
set -eu
cd "$(dirname "$0")/.."
sh scripts/setup.sh test
# Optimised as far as the sanitizers' own cost asks for, and with line numbers.
CXXFLAGS="-O1 -g" make -C shim --no-print-directory -s -j2 check SANITIZE=address,undefined
