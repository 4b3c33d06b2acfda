#!/bin/sh
# Builds the shim for another architecture or another Debian than this machine's, against the libraries of a sysroot, and
# prints the folder that the libraries are in: shim/build/SUITE-ARCHITECTURE.
#
#   sh scripts/arm64/shim.sh [SUITE [ARCHITECTURE [MAKE'S ARGUMENTS…]]]    bookworm and arm64 where not given
#
# The bytes do not depend on the folders: the compiler writes this one as `.` and the sysroot as `/`.
set -eu
cd "$(dirname "$0")/../.."

suite=${1:-bookworm}
architecture=${2:-arm64}
[ $# -lt 2 ] || shift
[ $# -lt 1 ] || shift

case $architecture in
  arm64) triplet=aarch64-linux-gnu ;;
  amd64) triplet=x86_64-linux-gnu ;;
  *) echo "shim: got the architecture '$architecture', expected arm64 or amd64" >&2 && exit 1 ;;
esac
command -v "$triplet-g++" >/dev/null || {
  echo "shim: no $triplet-g++ here; 'sh scripts/setup.sh cross' installs it" >&2
  exit 1
}

sysroot=$(sh scripts/arm64/sysroot.sh "$suite" "$architecture")
build=build/$suite-$architecture
export PKG_CONFIG_SYSROOT_DIR="$sysroot"
export PKG_CONFIG_LIBDIR="$sysroot/usr/lib/$triplet/pkgconfig:$sysroot/usr/share/pkgconfig"
CXXFLAGS=${CXXFLAGS:--O2 -g} make -C shim --no-print-directory -s -j"$(nproc)" BUILD="$build" \
  CXX="$triplet-g++ --sysroot=$sysroot" \
  CPPFLAGS="-ffile-prefix-map=$PWD=. -ffile-prefix-map=$sysroot=/ ${CPPFLAGS:-}" "$@" >&2
echo "$PWD/shim/$build"
