#!/bin/sh
# Builds what instructions are counted of, for amd64 or arm64, against Debian 12's libraries of that architecture, and prints
# two lines: the folder of the libraries that it runs with, and that of what was built.
#
#   sh test/bench/cost/instructions/build.sh amd64|arm64
set -eu
cd "$(dirname "$0")/../../../.."

suite=bookworm
architecture=$1
build=build/$suite-$architecture
libraries=$(sh scripts/arm64/shim.sh $suite "$architecture" "$build/libcsi_x264.so" "$build/libcsi_image.so")
. scripts/arm64/cross-environment.sh
make -C test/bench/cost/instructions -s work BUILD="$libraries/test" >&2
echo "$sysroot"
echo "$libraries"
