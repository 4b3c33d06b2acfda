# shellcheck shell=bash
# The first root file system, sourced by prepare.sh: busybox, the few modules that reach the host's files, guest/init.

# build_initramfs FOLDER VERSION INIT. Takes less than a second, so it is made each time and never stale.
build_initramfs() {
  local vm=$1 kernel=$2 init=$3 number=100 work module
  work=$(mktemp -d)
  mkdir -p "$work"/{bin,dev,proc,sys,modules,lower,changes,new}
  cp "$(command -v busybox)" "$work/bin/busybox"
  ln -s busybox "$work/bin/sh"
  install -m 755 "$init" "$work/init"
  # Numbered, so that init loads them in the order of their dependencies.
  modprobe -d "$vm/root" -S "$kernel" --show-depends -a virtio_pci 9pnet_virtio 9p overlay |
    sed -n 's/^insmod \(.*\.ko[.a-z]*\).*/\1/p' | awk '!seen[$0]++' | while read -r module; do
    number=$((number + 1))
    case $module in
      *.xz) xz -dc "$module" >"$work/modules/$number-$(basename "$module" .xz)" ;;
      *) cp "$module" "$work/modules/$number-$(basename "$module")" ;;
    esac
  done
  (cd "$work" && find . | cpio -o -H newc --quiet | gzip -1) >"$vm/initrd.part"
  mv "$vm/initrd.part" "$vm/initrd.img"
  rm -rf "$work"
}
