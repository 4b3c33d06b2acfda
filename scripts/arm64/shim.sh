#!/bin/sh
# Builds the shim for another architecture or another Debian than this machine's, against the libraries of a sysroot, and
# prints the folder that the libraries are in: shim/build/SUITE-ARCHITECTURE.
#
#   sh scripts/arm64/shim.sh [SUITE [ARCHITECTURE [MAKE'S ARGUMENTS…]]]    bookworm and arm64 where not given
set -eu
cd "$(dirname "$0")/../.."

suite=${1:-bookworm}
architecture=${2:-arm64}
[ $# -lt 2 ] || shift
[ $# -lt 1 ] || shift

. scripts/arm64/cross-environment.sh
build=build/$suite-$architecture
CXXFLAGS=${CXXFLAGS:--O2 -g} make -C shim --no-print-directory -s -j"$(nproc)" BUILD="$build" "$@" >&2
echo "$PWD/shim/$build"
