#!/bin/sh
# Runs a command in an emulated checkout: a copy of this one whose native libraries, and whose `bun`, are for arm64.
#
#   sh scripts/arm64/checkout.sh bun src/main.ts list
#
# Debian's bookworm for arm64 (sysroot.sh) is where its programs find their libraries; all other programs are this
# machine's. It is made anew each time, in shim/build/arm64; what was compiled stays.
set -eu
cd "$(dirname "$0")/../.."

mkdir -p shim/build/arm64/shim
exec 8>shim/build/arm64/lock
flock 8 # until the command has ended: the next one makes the copy anew

suite=bookworm
architecture=arm64
sh scripts/arm64/sysroot.sh $suite $architecture >/dev/null & # the first time both download
bun=$(sh scripts/release/bun.sh arm64)
wait $!
PATH=$(dirname "$bun"):$PATH
export PATH

checkout=$PWD/shim/build/arm64/checkout
rm -rf "$checkout"
mkdir -p "$checkout"
tar -c --exclude=./.git --exclude=./node_modules --exclude=./shim/build --exclude=./dist --exclude=./recordings . |
  tar -x -C "$checkout"
ln -s "$PWD/node_modules" "$checkout/node_modules"
ln -s ../../shim "$checkout/shim/build"

cd "$checkout"
. scripts/arm64/cross-environment.sh
# For what the tests build as well, or they would build it again. No debug information: it takes a quarter of the time.
export CXXFLAGS=-O2
build() { make --no-print-directory -s -j"$(nproc)" "$@" >&2; }
build -C shim all m2m-parts
build -C test/native/m2m-device

export QEMU_LD_PREFIX="$sysroot" CSI_CAMERA_SETUP="done"
exec sh scripts/arm64/emulated.sh "$@"
