# shellcheck shell=sh disable=SC2154 # shares its variables with release.sh
# The parts of a release, for release.sh: each function puts one into $folder.

put_executable() {
  bun_of_target=$(sh scripts/release/bun.sh "$architecture")
  bun scripts/release/compile.ts "$architecture" "$bun_of_target" "$folder/csi-camera"
}

# put_libraries FOLDER SUITE LIBRARY…: those that run on that Debian.
put_libraries() {
  into=$folder/lib/$1
  suite=$2
  shift 2
  # The newest symbols that it has. Where a newer compiler runs, libraries would need newer ones, and load only there.
  case $suite in
    bookworm) glibc_max=2.36 glibcxx_max=3.4.30 ;;
    trixie) glibc_max=2.41 glibcxx_max=3.4.33 ;;
  esac
  mkdir -p "$into"
  files=
  for library in "$@"; do files="$files build/$suite-$debian_architecture/libcsi_$library.so"; done
  # shellcheck disable=SC2086 # a list of words
  sh scripts/arm64/shim.sh "$suite" "$debian_architecture" $files >/dev/null
  for file in $files; do
    "$triplet-strip" --strip-unneeded -o "$into/$(basename "$file")" "shim/$file"
    chmod 644 "$into/$(basename "$file")"
    check_symbols "$into/$(basename "$file")" GLIBC "$glibc_max"
    check_symbols "$into/$(basename "$file")" GLIBCXX "$glibcxx_max"
  done
}

# check_symbols LIBRARY PREFIX NEWEST
check_symbols() {
  needed=$("$triplet-objdump" -T "$1" | grep -oE "\b$2_[0-9.]+" | sort -uV | tail -n 1)
  newest=$(printf '%s\n%s\n' "$2_$3" "$needed" | sort -V | tail -n 1)
  [ "$newest" = "$2_$3" ] || fail "$(basename "$1") needs $needed, and $suite has $2_$3: make releases on Debian 12"
}

put_licences() {
  mkdir -p "$folder/licences/debian"
  grep -q "/bun-v$(bun --version)/" scripts/release/LICENSES.md || fail "LICENSES.md names another Bun than $(bun --version)"
  cp scripts/release/LICENSES.md "$folder/licences/README.md"
  bun scripts/release/npm-licences.ts "$folder/licences/npm"
  put_copyrights bookworm libcamera0.0.3 libx264-164 libturbojpeg0 libyuv0 libstdc++6 libc6
  put_copyrights trixie libcamera0.4
  for licence in GPL-2 GPL-3 LGPL-2 LGPL-2.1 Apache-2.0; do
    cp "/usr/share/common-licenses/$licence" "$folder/licences/$licence.txt"
  done
}

# put_copyrights SUITE PACKAGE…: as that Debian has them.
put_copyrights() {
  documents=$(sh scripts/arm64/sysroot.sh "$1" "$debian_architecture")/usr/share/doc
  shift
  for package in "$@"; do cp "$documents/$package/copyright" "$folder/licences/debian/$package.txt"; done
}

# What it was made of.
put_build_file() {
  {
    echo "version: $version"
    echo "architecture: $debian_architecture"
    echo "commit: $commit"
    echo "date: $(date -u -d "@$SOURCE_DATE_EPOCH" +%Y-%m-%dT%H:%M:%SZ)"
    echo "bun: $(bun --version)"
    echo "compiler: $("$triplet-g++" --version | head -n 1)"
    for suite in bookworm trixie; do
      list=$(sh scripts/arm64/sysroot.sh "$suite" "$debian_architecture")/../packages
      echo "$suite: $(grep -E '^(libcamera|libx264|libturbojpeg|libyuv|libc6|libstdc)' "$list" | paste -sd ',' | sed 's/,/, /g')"
    done
  } >"$folder/BUILD"
}
