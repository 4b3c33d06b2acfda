#!/bin/sh
# Makes this machine ready to run the module, from whatever state it is in, and says what it does. Plain POSIX sh: Bun
# may not be there yet.
#
#   sh scripts/setup.sh                  what running needs
#   sh scripts/setup.sh test             that, and what the tests need
#   sh scripts/setup.sh cross            that, and what building and running for arm64 needs, and making releases
#   sh scripts/setup.sh bench            that, and what the benchmark compares with
#   sh scripts/setup.sh --check […]      changes nothing; exit status 0 when everything is in place
#
# Every step looks first and works only on what is missing, so an interrupted run is finished by the next one.
set -eu

cd "$(dirname "$0")/.."
. scripts/setup/debian-packages.sh
. scripts/setup/npm-packages.sh
. scripts/setup/shim.sh

say() { echo "setup: $*" >&2; }

fail() {
  say "$@"
  exit 1
}

# Runs a command that talks a lot, and shows what it said only if it failed.
quietly() {
  log=$(mktemp)
  if "$@" >"$log" 2>&1; then
    rm -f "$log"
    return 0
  fi
  tail -n 25 "$log" >&2
  rm -f "$log"
  return 1
}

in_place() { debian_packages_in_place && npm_packages_in_place && shim_in_place; }

# One set-up at a time in this folder. The kernel drops the lock with the last process that holds it, so a killed run
# leaves none behind, while an npm that outlives its set-up still keeps the next one waiting. Without flock(1) (not a
# Linux) runs are not kept apart.
take_lock() {
  exec 9<package.json
  command -v flock >/dev/null || return 0
  flock -n 9 && return 0
  say "another set-up is running in this folder; waiting for it"
  flock 9
}

check_only=false
[ "${1:-}" != --check ] || { check_only=true && shift; }
case "${1:-run}" in
  run) debian_packages=$run_packages ;;
  test) debian_packages="$run_packages $test_packages" ;;
  cross) debian_packages="$run_packages $test_packages $cross_packages" ;;
  bench) debian_packages="$run_packages $bench_packages" ;;
  *) fail "got '$1', expected nothing, 'test', 'cross' or 'bench'" ;;
esac

in_place && exit 0
[ "$check_only" = false ] || exit 1
take_lock
debian_packages_in_place || install_debian_packages
npm_packages_in_place || install_npm_packages
shim_in_place || build_shim
say "done"
