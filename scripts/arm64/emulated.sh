#!/bin/sh
# Runs a command that may start programs for arm64, as may those that it starts: the kernel has to know the emulator. It
# is told so in a user namespace of its own (Linux 6.7 and newer), so that nothing of the machine's settings changes; on an
# older kernel they have to be there already, as Debian's qemu-user-static makes them where systemd runs.
#
#   sh scripts/arm64/emulated.sh COMMAND…
#
# Programs are looked for on this machine, their libraries in $QEMU_LD_PREFIX. The command's exit status, or 77 where it
# cannot be run here: the last line says why.
set -eu

format=/usr/lib/binfmt.d/qemu-aarch64.conf
binfmt=/proc/sys/fs/binfmt_misc

cannot_run() {
  echo "emulated: cannot run here: $*" >&2
  exit 77
}

in_namespace() {
  # shellcheck disable=SC2016 # for the inner shell
  unshare --user --map-root-user --mount sh -c '
    mount -t binfmt_misc none "$2" && cat "$1" >"$2/register" && shift 2 && exec "$@"' sh "$format" "$binfmt" "$@"
}

[ ! -e "$binfmt/qemu-aarch64" ] || exec "$@"
[ -f "$format" ] || cannot_run "no $format; 'sh scripts/setup.sh cross' installs it"
in_namespace true 2>/dev/null ||
  cannot_run "this kernel neither knows qemu-aarch64 nor lets us tell it (Linux 6.7 and newer, user namespaces)"
in_namespace "$@"
