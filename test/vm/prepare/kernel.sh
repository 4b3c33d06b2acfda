# shellcheck shell=bash
# Debian's kernel, sourced by prepare.sh: which one, its packages in the cache, and what is unpacked from them.
#
# cache/VERSION/debs/      the packages as downloaded; `complete` marks that all are there
# cache/VERSION/root/      linux-image unpacked: boot/, lib/modules/VERSION/
# cache/VERSION/vmlinux    the kernel as QEMU starts it

# The newest kernel whose packages are all in the cache. It is preferred to the archive's: a version that was replaced
# there can't be downloaded again, and a second run needs no network.
cached_kernel() {
  local marker
  for marker in "$1"/*/debs/complete; do
    [ ! -e "$marker" ] || basename "${marker%/debs/complete}"
  done | sort -V | tail -n 1
}

archive_kernel() {
  apt-cache depends linux-image-amd64 2>/dev/null | sed -n 's/^ *Depends: linux-image-\([0-9].*\)$/\1/p' | head -n 1
}

# download_kernel CACHE: headers and source in the image's own version, or the modules would not load.
# with_archive calls it, twice if need be, inside a condition, where `set -e` does nothing: hence the chain.
download_kernel() {
  local kernel debs series version kbuild
  kernel=$(archive_kernel)
  debs=$1/$kernel/debs
  series=$(echo "$kernel" | cut -d. -f1,2)
  version=$(apt-cache show --no-all-versions "linux-image-$kernel" | sed -n 's/^Version: //p' | head -n 1)
  kbuild=$(apt-cache depends "linux-headers-$kernel" | sed -n 's/^ *Depends: \(linux-kbuild-.*\)$/\1/p')
  [ -n "$version" ] && rm -rf "$debs" && mkdir -p "$debs" && (
    cd "$debs" && apt-get -qq download -o APT::Sandbox::User=root -o Acquire::http::Timeout=30 \
      "linux-image-$kernel=$version" "linux-headers-$kernel=$version" "linux-headers-${kernel%-*}-common=$version" \
      "$kbuild=$version" "linux-source-$series=$version" && touch complete
  )
}

# unpack_kernel FOLDER VERSION. The vmlinux inside the bzImage is started directly (PVH): unpacking itself in software
# emulation costs the guest 5 s. A kernel that is not packed with xz (Debian 13's is not) is started as it is.
unpack_kernel() {
  local vm=$1 kernel=$2 offset
  [ ! -e "$vm/vmlinux" ] || return 0
  echo "vm: unpacking $kernel" >&2
  rm -rf "$vm/root" "$vm/modules.stamp"
  mkdir -p "$vm/root/usr/lib"
  ln -s usr/lib "$vm/root/lib" # as in every Debian; 12's kernel still puts its modules into /lib
  dpkg-deb --fsys-tarfile "$vm"/debs/linux-image-*.deb | tar -x --keep-directory-symlink -C "$vm/root"
  offset=$(LC_ALL=C grep -obUaP '\xFD7zXZ\x00' "$vm/root/boot/vmlinuz-$kernel" | cut -d: -f1 | sed -n 1p) || true
  if [ -n "$offset" ]; then
    xz -dc --single-stream < <(tail -c "+$((offset + 1))" "$vm/root/boot/vmlinuz-$kernel") >"$vm/vmlinux.part"
  else
    cp "$vm/root/boot/vmlinuz-$kernel" "$vm/vmlinux.part"
  fi
  mv "$vm/vmlinux.part" "$vm/vmlinux"
}
