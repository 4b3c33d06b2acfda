#!/bin/bash
# Installs the releases on clean Debians (in folders, by chroot), runs them there and takes them away again.
#
#   bash scripts/release/test.sh [x64|arm64…]    both where none is named; `npm run test:release` sets the machine up first
#
# It takes the tarballs in dist/, made of the checked-out commit, and makes those that are not there. x64 is made once more
# by a clone in another folder, and must be the same; it runs on Debian 12 and 13, with the packages that install.sh gets by
# apt, and builds its libraries anew on 13, as install.sh does on Raspberry Pi OS. arm64 runs on Debian 12 under
# qemu-user, which is neither fast enough for a full picture at 30 frames a second nor for dpkg: packages are unpacked into
# its root, pictures are small, and its install.sh only says what is missing.
#
# It needs root, Debian's archive, 3 GB, and ten minutes. Exit status: 0 passed, 1 failed, 77 this machine can't run it,
# the reason is the last line.
set -euo pipefail
cd "$(dirname "$0")/../.."
here=scripts/release
. "$here/test/roots.sh"
. "$here/test/emulator.sh"
PATH=$PWD/node_modules/.bin:$PATH:/usr/sbin:/sbin

cannot_run() {
  echo "release: cannot run here: $*"
  exit 77
}

# check ARCHITECTURE SUITE DEBIAN'S-ARCHITECTURE ENTER [build]: runs in-root.sh in a new root.
check() {
  local architecture=$1 suite=$2 debian_architecture=$3 enter=$4 root
  shift 4
  echo "== $architecture on $suite"
  root=$work/$suite-$debian_architecture
  make_root "$suite" "$debian_architecture" "$root"
  mkdir -p "$root/release"
  tar -xzf "dist/csi-camera-$version-linux-$architecture.tar.gz" -C "$root/release" --strip-components=1
  cp "$here/test/in-root.sh" "$root/in-root.sh"
  count "$architecture on $suite" "$enter" "$root" sh /in-root.sh "$architecture" "$@"
  rm -rf "$root"
}

# count NAME COMMAND…
count() {
  local name=$1
  shift
  if "$@"; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "== $name: FAILED"
  fi
}

# The same commit gives the same bytes to somebody else, in another folder; and SHA256SUMS is of what was made there, not of
# a tarball that lay there before.
same_elsewhere() {
  local tarball=csi-camera-$version-linux-x64.tar.gz elsewhere=$work/somebody/else
  (umask 077 && git clone -q . "$elsewhere" && cp -a node_modules "$elsewhere" && mkdir "$elsewhere/dist") || return
  echo "of another commit" >"$elsewhere/dist/csi-camera-$version-linux-arm64.tar.gz"
  (umask 077 && sh "$elsewhere/$here/release.sh" x64) || return
  cmp "dist/$tarball" "$elsewhere/dist/$tarball" || return
  diff "$elsewhere/dist/SHA256SUMS" <(cd dist && sha256sum "$tarball") || return
  rm -rf "$elsewhere"
}

[ "$(id -u)" = 0 ] || cannot_run "it needs root, for chroot"
[ "$(uname -sm)" = "Linux x86_64" ] || cannot_run "it needs Linux on x86-64, this is $(uname -sm)"
version=$(bun -p "require('./package.json').version")
commit=$(git rev-parse HEAD)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0
failed=0
[ $# -gt 0 ] || set -- x64 arm64
missing=()
for architecture in "$@"; do
  tarball=dist/csi-camera-$version-linux-$architecture.tar.gz
  made_of=$(tar -xzOf "$tarball" --wildcards '*/BUILD' 2>/dev/null | sed -n 's/^commit: //p' || true)
  [ "$made_of" = "$commit" ] || missing+=("$architecture")
done
[ ${#missing[@]} = 0 ] || sh "$here/release.sh" "${missing[@]}"
for architecture in "$@"; do
  case $architecture in
    x64)
      echo "== x64, made in another folder"
      count "x64, made in another folder" same_elsewhere
      check x64 bookworm amd64 enter
      check x64 trixie amd64 enter build
      ;;
    arm64) check arm64 bookworm arm64 enter_emulated ;;
  esac
done
echo "release: $passed passed, $failed failed"
[ "$failed" = 0 ]
