#!/bin/sh
# Compiles the camera library against the headers of each libcamera that Debian has, from 12's 0.0.3 to 0.7, with
# warnings as errors. Objects only: libcamera itself is not needed for that, and is not there.
#
#   sh scripts/check-libcamera.sh
#
# The packages are unpacked, not installed, and kept in $XDG_CACHE_HOME/csi-camera/libcamera-headers (else
# ~/.cache/csi-camera/libcamera-headers; 2 MB) until that folder is deleted: the second run needs no network. Other Debians'
# headers are compiled by this machine's compiler.
#
# Exit status: 0 all compile, 1 one does not, 77 this machine can't tell, the reason is the last line.
set -eu
cd "$(dirname "$0")/.."
. scripts/debian/own-apt.sh

suites="bookworm bookworm-backports trixie trixie-backports"

cannot_run() {
  echo "libcamera: cannot run here: $*"
  exit 77
}

cache=${XDG_CACHE_HOME:-$HOME/.cache}/csi-camera/libcamera-headers
mkdir -p "$cache"
case $cache in *[[:space:]]*) cannot_run "make takes no path with a space in it, and the cache is $cache" ;; esac
exec 9>"$cache/lock"
flock 9 # one run at a time

download() {
  own_apt update || return
  for suite in $suites; do
    rm -rf "$cache/apt/$suite"
    mkdir "$cache/apt/$suite"
    (cd "$cache/apt/$suite" && own_apt download "libcamera-dev/$suite") || return
    dpkg-deb -x "$cache/apt/$suite"/libcamera-dev_*.deb "$cache/$suite.part" || return
    rm -rf "${cache:?}/$suite"
    mv "$cache/$suite.part" "$cache/$suite"
  done
}

for tool in make g++ pkg-config apt-get; do command -v "$tool" >/dev/null || cannot_run "there is no $tool"; done
stamp=$(cat "$0" scripts/debian/own-apt.sh | sha256sum)
if [ "$(cat "$cache/complete" 2>/dev/null)" != "$stamp" ]; then
  echo "libcamera: downloading the headers of $suites"
  rm -f "$cache/complete"
  : >"$cache/log"
  [ -f "$own_apt_keyring" ] || cannot_run "$own_apt_keyring is not there: apt-get install debian-archive-keyring"
  # shellcheck disable=SC2086 # a list of words
  make_own_apt "$cache" "$(dpkg --print-architecture)" $suites
  download || { tail -n 15 "$cache/log" && cannot_run "the packages could not be downloaded"; }
  rm -rf "$cache/apt"
  echo "$stamp" >"$cache/complete"
fi

# compile SUITE: prints what became of it.
compile() {
  headers=$cache/$1
  PKG_CONFIG_SYSROOT_DIR=$headers
  PKG_CONFIG_LIBDIR=$(echo "$headers"/usr/lib/*/pkgconfig)
  export PKG_CONFIG_SYSROOT_DIR PKG_CONFIG_LIBDIR
  version=$(pkg-config --modversion libcamera) || return
  make -C shim --no-print-directory -s camera-compiles BUILD="build/libcamera-$1" CXXFLAGS=-O2 WERROR=1 &&
    echo "ok      libcamera $version ($1)"
}

log=$(mktemp -d)
trap 'rm -rf "$log"' EXIT
for suite in $suites; do compile "$suite" >"$log/$suite" 2>&1 9<&- & done
wait
passed=0
failed=0
for suite in $suites; do
  cat "$log/$suite"
  if grep -q '^ok ' "$log/$suite"; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "FAILED  libcamera of $suite"
  fi
done
echo "libcamera: $passed passed, $failed failed"
[ "$failed" = 0 ]
