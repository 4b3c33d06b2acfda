#!/bin/sh
# Makes the releases of the checked-out commit: dist/csi-camera-VERSION-linux-x64.tar.gz, …-arm64.tar.gz, and SHA256SUMS
# of those that it made.
#
#   sh scripts/release/release.sh [x64|arm64…]    both where none is named; `npm run release` sets the machine up first
#
# The same commit gives the same bytes in any folder and at any time, with the same compiler and Debian packages (which
# BUILD tells, in each release). Made on Debian 12, it runs on Debian 12 and 13.
set -eu
cd "$(dirname "$0")/../.."
. scripts/release/parts.sh
export PATH="$PWD/node_modules/.bin:$PATH" LC_ALL=C TZ=UTC
umask 022

say() { echo "release: $*" >&2; }

fail() {
  say "$@"
  exit 1
}

make_release() {
  architecture=$1
  case $architecture in
    x64) debian_architecture=amd64 triplet=x86_64-linux-gnu ;;
    arm64) debian_architecture=arm64 triplet=aarch64-linux-gnu ;;
    *) fail "got '$architecture', expected x64 or arm64" ;;
  esac
  name=csi-camera-$version-linux-$architecture
  say "making $name"
  folder=$work/$name
  mkdir "$folder"

  put_executable
  # Of libcamera, Debian 12 and 13 have different versions; of all others the same one (libx264.so.164 …).
  put_libraries debian-12 bookworm camera x264 image m2m dmaheap
  put_libraries debian-13 trixie camera
  put_licences
  git archive --format=tar "$commit" README.md docs grafana | tar -x -C "$folder" --no-same-owner
  install -m 755 scripts/release/install.sh "$folder"
  git archive --format=tar "$commit" | gzip -n >"$folder/source.tar.gz"
  put_build_file
  (cd "$folder" && find . -type f ! -name SHA256SUMS -printf '%P\n' | sort | tr '\n' '\0' | xargs -0 sha256sum >SHA256SUMS)

  tar -C "$work" --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$SOURCE_DATE_EPOCH" --format=gnu \
    --mode='u+rw,go+r,go-w,a+X' -cf - "$name" | gzip -n >"dist/$name.tar.gz.part"
  mv "dist/$name.tar.gz.part" "dist/$name.tar.gz"
  made="$made $name.tar.gz"
}

[ -z "$(git status --porcelain)" ] || fail "the working tree differs from the commit: $(git status --porcelain | head -n 3)"
commit=$(git rev-parse HEAD)
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
export SOURCE_DATE_EPOCH
version=$(bun -p "require('./package.json').version")
[ $# -gt 0 ] || set -- x64 arm64

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p dist
made=
for architecture in "$@"; do make_release "$architecture"; done
# Not of others that lie there: they may be of another commit.
# shellcheck disable=SC2086 # a list of words
(cd dist && sha256sum $made >SHA256SUMS && cat SHA256SUMS)
