#!/bin/sh
# Prints the path of the pinned Bun's executable for x64 or arm64, of npm's package and checked by package-lock.json.
#
#   sh scripts/release/bun.sh x64|arm64
#
# Kept in $XDG_CACHE_HOME/csi-camera/bun, else ~/.cache/csi-camera/bun (100 MB each). `bun build --compile` would download
# one by itself, from elsewhere and unchecked.
set -eu
cd "$(dirname "$0")/../.."

case ${1:-} in
  x64) package=@oven/bun-linux-x64 ;;
  arm64) package=@oven/bun-linux-aarch64 ;;
  *) echo "bun: got '${1:-nothing}', expected x64 or arm64" >&2 && exit 1 ;;
esac

lock() { node_modules/.bin/bun -p "require('./package-lock.json').packages['node_modules/$package'].$1"; }

sha512() {
  node_modules/.bin/bun -e 'console.log("sha512-" + Bun.SHA512.hash(await Bun.file(process.argv.at(-1)).bytes(), "base64"))' "$1"
}

integrity=$(lock integrity)
version=$(lock version)
folder=${XDG_CACHE_HOME:-$HOME/.cache}/csi-camera/bun/$version-$1
mkdir -p "$folder"
exec 9>"$folder/lock"
flock 9

if [ "$(cat "$folder/complete" 2>/dev/null)" != "$integrity" ]; then
  echo "bun: downloading $package $version" >&2
  rm -rf "$folder/complete" "$folder/package"
  archive=$folder/$(npm pack --silent --pack-destination "$folder" "$package@$version" 9<&-)
  got=$(sha512 "$archive")
  [ "$got" = "$integrity" ] || {
    echo "bun: $package $version is $got, expected package-lock.json's $integrity" >&2
    exit 1
  }
  tar -xzf "$archive" -C "$folder" package/bin/bun
  rm "$archive"
  echo "$integrity" >"$folder/complete"
fi
echo "$folder/package/bin/bun"
