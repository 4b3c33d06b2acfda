#!/bin/sh
# Everything that can be said of the sources without running them. All checks run, also after a failed one; the exit status is 0 when all passed.
set -u
cd "$(dirname "$0")/.."
sh scripts/setup.sh test || exit 1

# By name, and run by the pinned Bun: some of these want a newer Node.js than Debian has.
PATH=$PWD/node_modules/.bin:$PATH
tool() { name=$1 && shift && bun "node_modules/.bin/$name" "$@"; }

log=$(mktemp)
trap 'rm -f "$log"' EXIT
passed=0
failed=0

check() {
  what=$1
  shift
  if "$@" >"$log" 2>&1; then
    passed=$((passed + 1))
    echo "ok      $what"
  else
    failed=$((failed + 1))
    echo "FAILED  $what"
    cat "$log"
  fi
}

types() { for config in tsconfig.json */tsconfig.json; do [ ! -f "$config" ] || tool tsc --noEmit -p "$config" || return 1; done; }

check "format (npm run format mends it)" sh scripts/format.sh --check
check "lint" tool oxlint --deny-warnings
check "types" types
check "dead code" tool knip --no-progress
check "shim without warnings" make -C shim --no-print-directory -s -j2 WERROR=1 BUILD=build/check
echo "checks: $passed passed, $failed failed"
[ "$failed" = 0 ]
