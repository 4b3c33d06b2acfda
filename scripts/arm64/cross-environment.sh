# shellcheck shell=sh disable=SC2154 # is told $suite and $architecture, and tells $triplet and $sysroot
# What make needs to build for another architecture or another Debian, sourced in the folder that is built from.

case $architecture in
  arm64) triplet=aarch64-linux-gnu ;;
  amd64) triplet=x86_64-linux-gnu ;;
  *) echo "cross: got the architecture '$architecture', expected arm64 or amd64" >&2 && exit 1 ;;
esac
command -v "$triplet-g++" >/dev/null || {
  echo "cross: no $triplet-g++ here; 'sh scripts/setup.sh cross' installs it" >&2
  exit 1
}

sysroot=$(sh scripts/arm64/sysroot.sh "$suite" "$architecture")
export PKG_CONFIG_SYSROOT_DIR="$sysroot"
export PKG_CONFIG_LIBDIR="$sysroot/usr/lib/$triplet/pkgconfig:$sysroot/usr/share/pkgconfig"
export CXX="$triplet-g++ --sysroot=$sysroot"
# The bytes do not depend on the folders: the compiler writes this one as `.` and the sysroot as `/`.
export CPPFLAGS="-ffile-prefix-map=$PWD=. -ffile-prefix-map=$sysroot=/ ${CPPFLAGS:-}"
