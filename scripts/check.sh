#!/bin/sh
# Everything that can be said of the sources without running them. All checks run, also after a failed one; the exit
# status is 0 when all passed.
set -u
cd "$(dirname "$0")/.." || exit 1
sh scripts/setup.sh test || exit 1

# The pinned Bun runs them all: some want a newer Node.js than Debian has, and some start others by "node".
PATH=$PWD/node_modules/.bin:$PATH
tool() { bun run --bun --silent "$@"; }

export NO_COLOR=1 # what they print goes into a file first

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

# A folder with another environment (web: the DOM) has a configuration of its own.
types() {
  for config in tsconfig.json */tsconfig.json; do
    [ ! -f "$config" ] || tool tsc --noEmit -p "$config" || return 1
  done
}

# An expect() without a matcher, a promise's matcher that nobody awaits, and tests that never run or keep others from it.
idle_tests() {
  idle='^\s*expect\([^()]*\);?$|^\s*expect\(.*\)\.(resolves|rejects)\b|\b(test|describe)\.(only|todo|skip)\('
  ! grep -rnE --include='*.ts' "$idle" test
}

check "format (npm run format mends it)" sh scripts/format.sh --check
check "lint" tool oxlint --deny-warnings
check "types" types
check "tests that check nothing" idle_tests
check "dead code" tool knip --no-progress
check "shim without warnings" make -C shim --no-print-directory -s -j2 WERROR=1 BUILD=build/check
echo "checks: $passed passed, $failed failed"
[ "$failed" = 0 ]
