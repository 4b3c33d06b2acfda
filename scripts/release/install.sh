#!/bin/sh
# Installs the release that this file came in, or takes it away.
#
#   sh install.sh [--prefix FOLDER] [--no-apt]   into /opt/csi-camera, with a link in /usr/local/bin;
#                                                with a prefix into FOLDER/lib/csi-camera, with a link in FOLDER/bin
#   sh install.sh --build [--no-apt]             builds the native libraries for this machine's own libcamera, libx264 …
#   sh install.sh --uninstall [--prefix FOLDER]  removes what was installed, and nothing else
#
# As root it installs the Debian packages that are missing; otherwise, and with --no-apt, it says which. An interrupted
# run is finished by the next one.
set -eu

here=$(cd "$(dirname "$0")" && pwd -P)
marker=installed-by-csi-camera # holds the link's path; the folders that have it are ours
part=                          # a folder that is to go when this ends

say() { echo "csi-camera: $*"; }

fail() {
  echo "csi-camera: $*" >&2
  exit 1
}

trap '[ -z "$part" ] || rm -rf "$part"' EXIT
trap 'exit 130' INT TERM

# --- packages

# Raspberry Pi OS has a libcamera of its own, for which there are no libraries in a release.
choose_packages() {
  build_needed=false
  version=$(candidate_of libcamera-dev)
  case $version in
    *rpt*) build_needed=true ;;
    0.0.3*) camera_packages="libcamera0.0.3 libcamera-ipa" ;;
    0.4.0*) camera_packages="libcamera0.4 libcamera-ipa" ;;
    *) build_needed=true ;;
  esac
  [ -n "$(candidate_of libx264-164)" ] || build_needed=true
  packages="${camera_packages:-} libx264-164 libturbojpeg0 libyuv0"
  build_packages="g++ make pkg-config libcamera-dev libcamera-ipa libx264-dev libturbojpeg0-dev libyuv-dev"
}

candidate_of() { LC_ALL=C apt-cache policy "$1" 2>/dev/null | sed -n 's/^ *Candidate: \([^(].*\)$/\1/p'; }

# Every library is optional, so what can't be had is told and no failure.
need_packages() {
  missing=
  for package in "$@"; do
    case $(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null) in
      installed) ;;
      *) missing="$missing $package" ;;
    esac
  done
  [ -n "$missing" ] || return 0
  if [ "$may_use_apt" = true ] && [ "$(id -u)" = 0 ]; then
    say "installing$missing"
    # shellcheck disable=SC2086 # a list of words
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends --no-remove $missing >/dev/null &&
      return 0
  fi
  say "not installed: run this, or go without what needs it: sudo apt-get install --no-install-recommends$missing"
}

update_lists() {
  [ "$may_use_apt" = true ] && [ "$(id -u)" = 0 ] || return 0
  apt-get update -qq || say "the package lists could not be updated"
}

# --- the steps

check_machine() {
  ours=$(sed -n 's/^architecture: //p' "$here/BUILD")
  # Not uname's word: a 32-bit system may run on a 64-bit kernel.
  theirs=$(dpkg --print-architecture 2>/dev/null || uname -m)
  case $theirs in
    aarch64) theirs=arm64 ;;
    x86_64) theirs=amd64 ;;
  esac
  [ "$ours" = "$theirs" ] || fail "this release is for $ours, and this system is $theirs"
  (cd "$here" && sha256sum --quiet -c SHA256SUMS) || fail "files of this release are missing or damaged"
}

install_files() {
  if [ -e "$target" ] && [ ! -f "$target/$marker" ]; then
    rmdir "$target" 2>/dev/null || fail "$target exists and is not csi-camera's: nothing was changed"
  fi
  if [ -e "$link" ] || [ -L "$link" ]; then
    [ "$(readlink "$link")" = "$target/csi-camera" ] || fail "$link exists and is not csi-camera's: nothing was changed"
  fi
  mkdir -p "$(dirname "$target")" "$(dirname "$link")"
  part=$target.part
  rm -rf "$part"
  mkdir "$part"
  (cd "$here" && release_files | tar -c --no-recursion -T -) | tar -x --no-same-owner -C "$part"
  echo "$link" >"$part/$marker"
  # Moved in at once where nothing of anybody's is left in the old folder.
  [ ! -e "$target" ] || remove_files
  if [ -e "$target" ]; then cp -R "$part/." "$target"; else mv "$part" "$target"; fi
  ln -sfn "$target/csi-camera" "$link"
  say "installed in $target; the command is $link"
}

# Names, relative to the release's folder. The list itself comes last, so that an interrupted removal can go on.
release_files() {
  sed 's/^[^ ]* [ *]//' "${1:-$here}/SHA256SUMS"
  echo SHA256SUMS
}

build() {
  command -v make >/dev/null && command -v g++ >/dev/null || fail "building needs make and g++; with them: sh $target/install.sh --build"
  say "building the native libraries for this machine; a Raspberry Pi takes some minutes"
  part=$(mktemp -d)
  tar -xzf "$target/source.tar.gz" -C "$part" shim
  make -C "$part/shim" --no-print-directory -s -j"$(nproc)" BUILD=build/here >&2
  rm -rf "$target/lib/built-here"
  mkdir "$target/lib/built-here"
  cp "$part"/shim/build/here/libcsi_*.so "$target/lib/built-here"
  rm -rf "$part"
  part=
}

remove_files() {
  release_files "$target" | while IFS= read -r file; do rm -f "$target/$file"; done
  rm -rf "$target/lib/built-here"
  rm -f "$target/$marker"
  find "$target" -depth -type d -empty -delete
}

uninstall() {
  [ -f "$target/$marker" ] || fail "csi-camera is not installed in $target"
  link=$(cat "$target/$marker")
  if [ "$(readlink "$link" || true)" = "$target/csi-camera" ]; then rm -f "$link"; fi
  remove_files
  if [ -e "$target" ]; then say "$target has files that are not csi-camera's: they stay"; fi
  say "removed from $target. Debian's packages that were installed for it stay"
}

# --- what to do

action=install
may_use_apt=true
prefix=
while [ $# -gt 0 ]; do
  case $1 in
    --prefix)
      [ -n "${2:-}" ] || fail "--prefix: got nothing, expected a folder"
      prefix=$2
      shift
      ;;
    --no-apt) may_use_apt=false ;;
    --build) action=build ;;
    --uninstall) action=uninstall ;;
    --help)
      sed -n '2,/^set /s/^# \{0,1\}//p' "$0"
      exit 0
      ;;
    *) fail "got '$1', expected --prefix FOLDER, --no-apt, --build, --uninstall or --help" ;;
  esac
  shift
done
command -v apt-get >/dev/null || may_use_apt=false

if [ -n "$prefix" ]; then
  [ "$action" != install ] || mkdir -p "$prefix"
  [ -d "$prefix" ] || fail "--prefix: got $prefix, which is no folder; expected the one that csi-camera was installed into"
  prefix=$(cd "$prefix" && pwd -P)
  target=$prefix/lib/csi-camera
  link=$prefix/bin/csi-camera
elif [ -f "$here/$marker" ]; then
  target=$here # the copy that was installed
  link=$(cat "$here/$marker")
else
  target=/opt/csi-camera
  link=/usr/local/bin/csi-camera
fi

case $action in
  uninstall)
    uninstall
    exit 0
    ;;
  install)
    check_machine
    [ "$target" = "$here" ] || install_files
    update_lists
    choose_packages
    ;;
  build)
    [ -f "$target/$marker" ] || fail "csi-camera is not installed in $target: install it first"
    update_lists
    choose_packages
    build_needed=true
    ;;
esac
if [ "$build_needed" = true ]; then
  # shellcheck disable=SC2086 # lists of words
  need_packages $build_packages
  build
else
  # shellcheck disable=SC2086
  need_packages $packages
fi
"$target/csi-camera" list
