#!/bin/bash
# Makes what the VM needs (packages, kernel, modules, initramfs) and prints the folder that boot.sh takes it from.
# The first run downloads 230 MB and takes minutes; later ones find all of it in the cache, even without a network.
#
# CSI_CAMERA_VM_DEBIAN=13: the same of Debian 13, with a root file system and the camera library for its libcamera; as root.
#
# Exit status: 0 ready; 77 this machine cannot run the VM, the reason is on stderr; 1 something is broken.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
export PATH="$PATH:/usr/sbin:/sbin"
. "$here/prepare/apt.sh"
. "$here/prepare/kernel.sh"
. "$here/prepare/modules.sh"
. "$here/prepare/initramfs.sh"
. "$here/prepare/other-debian.sh"

[ "$(uname -sm)" = "Linux x86_64" ] || cannot_run "it needs Linux on x86-64, this is $(uname -sm)"
command -v apt-get >/dev/null || cannot_run "it needs Debian's packages, and there is no apt-get"

cache=${CSI_CAMERA_VM_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/csi-camera/vm}
mkdir -p "$cache"
exec 9>"$cache/lock" # two runs at one time must not build into the same folder
flock 9
apt_log=$cache/apt.log
: >"$apt_log"

ensure_packages qemu-system-x86 busybox-static cpio kmod xz-utils binutils libcamera-ipa ffmpeg e2fsprogs

root= # the machine's own
case ${CSI_CAMERA_VM_DEBIAN:-12} in
  12) ;;
  13)
    cache=$cache/debian-13
    root=$cache/root
    make_root_of trixie "$root"
    use_archive_of trixie "$cache"
    build_camera_for trixie
    ;;
  *) fail "got CSI_CAMERA_VM_DEBIAN=$CSI_CAMERA_VM_DEBIAN, expected 12 or 13" ;;
esac

kernel=$(cached_kernel "$cache")
if [ -z "$kernel" ]; then
  echo "vm: downloading Debian's kernel" >&2
  with_archive "downloading Debian's kernel" download_kernel "$cache"
  kernel=$(cached_kernel "$cache")
  rm -rf "$cache/apt" # the lists of use_archive_of
fi
vm=$cache/$kernel
unpack_kernel "$vm" "$kernel"
build_modules "$vm" "$kernel" "$root"
build_initramfs "$vm" "$kernel" "$here/guest/init"
echo "$vm"
