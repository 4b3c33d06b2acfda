#!/bin/sh
# Makes a folder with the Debian libraries that the shim is compiled against, of another architecture or another Debian
# than this machine's, and prints its path. The packages are downloaded by an apt with settings, lists and a status of its
# own and unpacked there: nothing of this machine's packages is touched, and no root is needed.
#
#   sh scripts/arm64/sysroot.sh [SUITE [ARCHITECTURE]]    bookworm and arm64 where not given
#
# It is kept in $CSI_CAMERA_SYSROOT_CACHE (else $XDG_CACHE_HOME/csi-camera/sysroot, else ~/.cache/csi-camera/sysroot;
# 130 MB each), so that the second run takes no time and needs no network. `packages` beside it lists what it was made of.
# The file system in it is whole enough to run programs in, under `qemu-aarch64-static -L` for one.
set -eu

suite=${1:-bookworm}
architecture=${2:-arm64}
apt_part=$(dirname "$0")/../debian/own-apt.sh
# shellcheck source=scripts/debian/own-apt.sh
. "$apt_part"
# libc6-dev: the cross compiler brings headers of libc, the machine's own compiler needs those of the sysroot.
packages="libcamera-dev libcamera-ipa libx264-dev libturbojpeg0-dev libyuv-dev libc6-dev"

say() { echo "sysroot: $*" >&2; }

fail() {
  say "$@"
  exit 1
}

cache=${CSI_CAMERA_SYSROOT_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/csi-camera/sysroot}
folder=$cache/$suite-$architecture
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
case $folder in *[[:space:]]*) fail "make takes no path with a space in it, and the cache is $folder" ;; esac
exec 9>"$folder/lock"
flock 9 # one run at a time makes it

download() {
  # shellcheck disable=SC2086 # a list of words
  own_apt update && own_apt install -y --download-only $packages
}

unpack() {
  rm -rf "$folder/root.part"
  # /lib is a link in every Debian, made by none of these packages; Debian 12's still put files into it.
  mkdir -p "$folder/root.part/usr/lib" "$folder/root.part/usr/lib64"
  ln -s usr/lib usr/lib64 "$folder/root.part"
  for package in "$folder"/apt/archives/*.deb; do
    dpkg-deb --fsys-tarfile "$package" | tar -x --keep-directory-symlink -C "$folder/root.part" ||
      fail "could not unpack $package"
  done
  for package in "$folder"/apt/archives/*.deb; do
    dpkg-deb -W --showformat='${Package} ${Version}\n' "$package"
  done >"$folder/packages"
}

stamp=$(cat "$0" "$apt_part" | sha256sum) # made again when these files have changed
if [ "$(cat "$folder/complete" 2>/dev/null)" != "$stamp" ]; then
  say "downloading and unpacking Debian's packages ($suite, $architecture)"
  rm -rf "$folder/complete" "$folder/root"
  : >"$folder/log"
  [ -f "$own_apt_keyring" ] || fail "$own_apt_keyring is not there: apt-get install debian-archive-keyring"
  make_own_apt "$folder" "$architecture" "$suite"
  download || { tail -n 15 "$folder/log" >&2 && fail "could not download the packages"; }
  unpack
  rm -rf "$folder/apt"
  mv "$folder/root.part" "$folder/root"
  echo "$stamp" >"$folder/complete"
fi
echo "$folder/root"
