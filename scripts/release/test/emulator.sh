# shellcheck shell=bash
# Running another architecture's programs in a root, sourced by test.sh.

# enter_emulated ROOT COMMAND…
enter_emulated() {
  sh scripts/arm64/emulated.sh true || cannot_run "no program for arm64, see above"
  # shellcheck disable=SC2016 # for the inner shell
  sh scripts/arm64/emulated.sh unshare --mount sh -c '
    mount --rbind /proc "$1/proc" && mount --rbind /dev "$1/dev" && root=$1 && shift && exec chroot "$root" "$@"
  ' sh "$@" </dev/null
}
