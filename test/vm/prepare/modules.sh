# shellcheck shell=bash
# The virtual media drivers, sourced by prepare.sh. Debian's x86 kernel has vivid, but neither vimc, vicodec, vim2m nor
# the v4l2-mem2mem they need: they are built from Debian's own source of that kernel, into its module tree.

# build_modules FOLDER VERSION [ROOT]: once; again when this file has changed. ROOT: the Debian in that folder has the
# compiler; without it this one has.
build_modules() {
  local vm=$1 kernel=$2 root=${3:-} series source headers build inside stamp deb
  stamp=$(sha256sum <"${BASH_SOURCE[0]}")
  [ "$(cat "$vm/modules.stamp" 2>/dev/null)" != "$stamp" ] || return 0
  echo "vm: building vimc, vicodec, vim2m, v4l2-mem2mem for $kernel" >&2
  series=$(echo "$kernel" | cut -d. -f1,2)
  source=linux-source-$series
  build=$(mktemp -d "$root${TMPDIR:-/tmp}/csi-camera-modules-XXXXXX") # not in the cache: make takes no path with a space in it
  inside=${build#"$root"}
  headers=$build/usr/src/linux-headers-$kernel
  mkdir "$build/modules"
  for deb in "$vm"/debs/linux-headers-*.deb "$vm"/debs/linux-kbuild-*.deb; do dpkg-deb -x "$deb" "$build"; done
  # The headers are used where they are unpacked, so nothing has to be installed: only this one path is absolute.
  sed -i "s|^include /usr/src|include $inside/usr/src|" "$headers/Makefile"
  [ -n "$root" ] || ensure_packages make libelf1 "$(sed -n 's/.*\(gcc-[0-9]*\)$/\1/p' "$headers/.kernelvariables" | head -n 1)"
  dpkg-deb --fsys-tarfile "$vm"/debs/"$source"_*.deb | tar -xO "./usr/src/$source.tar.xz" |
    tar -xJ -C "$build/modules" --strip-components=3 \
      "$source/drivers/media/test-drivers/vimc" "$source/drivers/media/test-drivers/vicodec" \
      "$source/drivers/media/test-drivers/vim2m.c" "$source/drivers/media/v4l2-core/v4l2-mem2mem.c"
  # From 0.4 on libcamera has vimc's sensor at 1920x1080, whatever is asked of the camera: three seconds a frame here. With
  # this limit it is as large as the plan's pictures.
  [ -z "$root" ] || sed -i 's/\(VIMC_FRAME_MAX_WIDTH\) .*/\1 648/; s/\(VIMC_FRAME_MAX_HEIGHT\) .*/\1 480/' \
    "$build/modules/test-drivers/vimc/vimc-common.h"
  cat >"$build/modules/Makefile" <<'MAKEFILE'
obj-m += v4l2-core/v4l2-mem2mem.o test-drivers/vim2m.o
obj-y += test-drivers/vimc/ test-drivers/vicodec/
MAKEFILE
  ${root:+enter "$root"} make -C "${headers#"$root"}" M="$inside/modules" -j"$(nproc)" CONFIG_VIDEO_VIMC=m \
    CONFIG_VIDEO_VICODEC=m CONFIG_DEBUG_INFO_BTF_MODULES= modules >"$vm/build.log" 2>&1 ||
    fail "building the modules failed: see $vm/build.log"
  rm -rf "$vm/root/lib/modules/$kernel/updates"
  mkdir "$vm/root/lib/modules/$kernel/updates"
  find "$build/modules" -name '*.ko' -exec cp {} "$vm/root/lib/modules/$kernel/updates/" \;
  strip --strip-debug "$vm/root/lib/modules/$kernel/updates"/*.ko
  depmod -b "$vm/root" "$kernel"
  rm -rf "$build"
  echo "$stamp" >"$vm/modules.stamp"
}
