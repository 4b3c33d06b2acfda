# shellcheck shell=bash
# Running another architecture's programs in a root, sourced by test.sh. That a program may start others there, the kernel
# has to know the emulator. It is told so in a user namespace of its own (Linux 6.7 and newer), so that nothing of the
# machine's settings changes; on an older kernel they have to be there already.

# enter_emulated ROOT COMMAND…
enter_emulated() {
  local root=$1
  shift
  if [ -e /proc/sys/fs/binfmt_misc/qemu-aarch64 ]; then
    enter "$root" "$@"
    return
  fi
  # shellcheck disable=SC2016 # for the inner shell
  unshare --user --map-root-user --mount sh -c '
    mount -t binfmt_misc none "$1/mnt" && cat /usr/lib/binfmt.d/qemu-aarch64.conf >"$1/mnt/register"
  ' sh "$root" 2>/dev/null || cannot_run "this kernel neither knows qemu-aarch64 nor lets us tell it (Linux 6.7 and newer)"
  # shellcheck disable=SC2016
  unshare --user --map-root-user --mount sh -c '
    root=$1 && shift && mount -t binfmt_misc none "$root/mnt" &&
      cat /usr/lib/binfmt.d/qemu-aarch64.conf >"$root/mnt/register" &&
      mount --rbind /proc "$root/proc" && mount --rbind /dev "$root/dev" && exec chroot "$root" "$@"
  ' sh "$root" "$@" </dev/null
}
