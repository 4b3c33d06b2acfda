# shellcheck shell=bash disable=SC2154 # shares its variables with test.sh
# Clean Debians in folders, sourced by test.sh. Kept as tarballs in $XDG_CACHE_HOME/csi-camera/roots, else in
# ~/.cache/csi-camera/roots (200 MB each).

mirror=${CSI_CAMERA_DEBIAN_MIRROR:-http://deb.debian.org/debian}
run_packages="libcamera0.0.3 libcamera-ipa libx264-164 libturbojpeg0 libyuv0"

# make_root SUITE ARCHITECTURE FOLDER
make_root() {
  local cache=${XDG_CACHE_HOME:-$HOME/.cache}/csi-camera/roots
  mkdir -p "$cache" "$3"
  if [ ! -f "$cache/$1-$2.tar" ]; then
    echo "release: making a root of Debian ($1, $2)"
    mkdir "$work/new"
    if [ "$2" = amd64 ]; then install_root "$@"; else unpack_root "$@"; fi >"$work/log" 2>&1 ||
      { tail -n 15 "$work/log" && cannot_run "Debian's $1 could not be had"; }
    rm -rf "$work"/new/var/cache/apt/archives/*.deb
    tar -C "$work/new" --one-file-system -cf "$cache/$1-$2.part" .
    mv "$cache/$1-$2.part" "$cache/$1-$2.tar"
    rm -rf "$work/new"
  fi
  tar -xf "$cache/$1-$2.tar" -C "$3"
  # debootstrap may have made a link to the machine's own /proc.
  [ ! -L "$3/proc" ] || rm "$3/proc"
  mkdir -p "$3/proc" "$3/dev" "$3/mnt"
}

install_root() { debootstrap --variant=minbase --arch="$2" "$1" "$work/new" "$mirror"; }

# All files of the packages and none of their scripts, which would have to be emulated.
unpack_root() {
  debootstrap --foreign --variant=minbase --arch="$2" --include="${run_packages// /,}" "$1" "$work/new" "$mirror" || return
  for package in "$work"/new/var/cache/apt/archives/*.deb; do
    dpkg-deb --fsys-tarfile "$package" | tar -x --keep-directory-symlink -C "$work/new" || return
  done
}

# enter ROOT COMMAND…: with the mounts that programs expect, gone with the last process in there.
enter() {
  cp /etc/resolv.conf "$1/etc/resolv.conf"
  unshare --mount sh -c '
    mount --rbind /proc "$1/proc" && mount --rbind /dev "$1/dev" && root=$1 && shift && exec chroot "$root" "$@"
  ' sh "$@" </dev/null
}
