#!/bin/bash
# boot.sh SHARE: boots the VM and runs SHARE/cmd.sh in it with /bin/sh. There, / is the host's file system (changes are
# lost), /mnt is SHARE (changes stay) and $CHECKOUT the path of this checkout, the same as outside. No network.
# SHARE/vm/ gets stdout, stderr, dmesg, console and status, and pid, which is QEMU's.
#
# CSI_CAMERA_VM_DEBIAN=13: kernel and / are Debian 13's.
#
# CSI_CAMERA_VM_DISK=IMAGE adds a disk, /dev/vda there. IMAGE is what it held when QEMU ended, IMAGE.log what it was told:
# every write, with its data, and every flush, in order, as dm-log-writes(8) has it.
#
# CSI_CAMERA_VM_CLOCK=instructions: there, every instruction takes a nanosecond, whatever it takes here (one CPU). A busy
# host slows the whole guest down, its clock included, and makes nothing in it late.
#
# Exit status: that of cmd.sh; 124 the time limit passed; 125 the VM ended before cmd.sh did; 137 QEMU was killed; 77 as in
# prepare.sh.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
checkout=$(cd "$here/../.." && pwd)
share=$(realpath "$1")
limit_s=${CSI_CAMERA_VM_LIMIT_S:-600}
memory_mb=${CSI_CAMERA_VM_MEMORY_MB:-2048}
disk=${CSI_CAMERA_VM_DISK:-}

vm=$("$here/prepare.sh")
root=/
[ "${CSI_CAMERA_VM_DEBIAN:-12}" = 12 ] || root=$(dirname "$vm")/root
processors=$(nproc)
mkdir -p "$share/vm"
rm -f "$share"/vm/*
echo "$checkout" >"$share/vm/checkout"

# share_folder TAG PATH OPTIONS: QEMU wants commas doubled. multidevs=remap: a folder may span several file systems.
devices=()
share_folder() {
  devices+=(-fsdev "local,id=$1,path=${2//,/,,},security_model=none,multidevs=remap$3")
  devices+=(-device "virtio-9p-pci,fsdev=$1,mount_tag=$1")
}
share_folder host "$root" ,readonly=on
share_folder checkout "$checkout" ,readonly=on
share_folder modules "$vm/root/lib/modules" ,readonly=on
share_folder share "$share" ""

# The host's power is not what goes: it need not flush, which would slow down the guest's own.
if [ -n "$disk" ]; then
  : >"$disk.log"
  devices+=(-blockdev "driver=file,node-name=image,filename=${disk//,/,,},cache.no-flush=on")
  devices+=(-blockdev "driver=file,node-name=log,filename=${disk//,/,,}.log,cache.no-flush=on")
  devices+=(-blockdev "driver=blklogwrites,node-name=disk,file=image,log=log")
  devices+=(-device "virtio-blk-pci,drive=disk,write-cache=on")
fi

cpus=(-accel "tcg,thread=multi" -smp "$((processors < 4 ? processors : 4))")
[ "${CSI_CAMERA_VM_CLOCK:-}" != instructions ] || cpus=(-accel "tcg,thread=single" -icount shift=0 -smp 1)

# Software emulation everywhere: nested virtualisation is seldom there, and what it proves would differ by machine.
# --foreground: whoever ends our process group ends QEMU too.
status=0
{
  timeout --foreground -k 5 "$limit_s" qemu-system-x86_64 "${cpus[@]}" -cpu max -M q35 -m "$memory_mb" \
    -nodefaults -no-user-config -display none -no-reboot -serial stdio -pidfile "$share/vm/pid" \
    -kernel "$vm/vmlinux" -initrd "$vm/initrd.img" -append "console=ttyS0 quiet loglevel=3 panic=-1" \
    "${devices[@]}" </dev/null >"$share/vm/console" 2>&1 || status=$?
} 2>/dev/null # bash would tell of a QEMU that was killed

[ ! -e "$share/vm/status" ] || exit "$(cat "$share/vm/status")"
[ "$status" -ne 137 ] || exit 137
tail -n 20 "$share/vm/console" >&2
[ "$status" -ne 124 ] || {
  echo "vm: not done after $limit_s s" >&2
  exit 124
}
echo "vm: ended before its command did" >&2
exit 125
