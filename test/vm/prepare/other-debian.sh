# shellcheck shell=bash disable=SC2154 # shares its variables with prepare.sh
# Another Debian than this machine's, sourced by prepare.sh: a root file system for the guest, that Debian's archive for its
# kernel, and the camera library for its libcamera.

# What the program needs there (kmod: to load the camera's driver), and what its kernel's modules are built with.
packages_of_trixie="libcamera0.4 libcamera-ipa libx264-164 libturbojpeg0 libyuv0 kmod make gcc-14 libelf1t64"

# Clean Debians in folders, and entering them.
. "$here/../../scripts/release/test/roots.sh"

# make_root_of SUITE FOLDER: once. `complete` beside the folder marks that all is in it.
make_root_of() {
  local suite=$1 folder=$2 packages=packages_of_$1
  [ "$(cat "$folder/../complete" 2>/dev/null)" != "${!packages}" ] || return 0
  [ "$(id -u)" = 0 ] || cannot_run "a root file system of $suite is made as root"
  ensure_packages debootstrap debian-archive-keyring
  echo "vm: making a root file system of $suite" >&2
  rm -rf "$folder" "$folder/../complete"
  work=$(mktemp -d)
  make_root "$suite" amd64 "$folder" >&2
  rm -rf "$work"
  # shellcheck disable=SC2016 # for the inner shell
  logged enter "$folder" sh -c 'apt-get -qq update && apt-get -qq install -y --no-install-recommends $1 && apt-get clean' \
    sh "${!packages}" || cannot_run "the packages of $suite could not be installed: see $apt_log"
  echo "${!packages}" >"$folder/../complete"
}

# use_archive_of SUITE FOLDER: from now on apt asks that Debian's archive, with lists of its own in the folder.
use_archive_of() {
  [ -z "$(cached_kernel "$2")" ] || return 0
  . "$here/../../scripts/debian/own-apt.sh"
  make_own_apt "$2" amd64 "$1"
  export APT_CONFIG=$2/apt.conf
}

# build_camera_for SUITE: the camera library, into shim/build/SUITE-amd64, as far as it is not up to date. The other
# libraries are the same for all Debians, as they are in a release.
build_camera_for() {
  logged sh "$here/../../scripts/arm64/shim.sh" "$1" amd64 "build/$1-amd64/libcsi_camera.so" ||
    fail "the camera library can't be built for $1: see $apt_log"
}
