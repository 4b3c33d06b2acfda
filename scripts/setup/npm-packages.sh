# shellcheck shell=sh
# The npm packages, for setup.sh: exactly those of package-lock.json, Bun among them.

# A copy of the lock file whose packages are completely installed.
installed_lock=node_modules/.installed-package-lock.json

npm_packages_in_place() { cmp -s package-lock.json "$installed_lock" && pinned_bun_runs; }

pinned_bun_runs() { node_modules/.bin/bun --version >/dev/null 2>&1; }

install_npm_packages() {
  # npm run and bun run put node_modules/.bin in front; what is there (bun included) may be broken until this is done.
  PATH=$(echo "$PATH" | tr ':' '\n' | grep -v '/node_modules/' | paste -sd : -)
  rm -f "$installed_lock"

  # No install scripts: package managers differ in which ones they run unasked. The only one that matters is Bun's.
  if command -v npm >/dev/null; then
    say "installing the npm packages (npm ci)"
    quietly npm ci --ignore-scripts --include=dev --include=optional --loglevel=error || fail "npm ci failed"
    runtime=node
  elif command -v bun >/dev/null; then
    say "installing the npm packages (bun install)"
    quietly bun install --frozen-lockfile --ignore-scripts || fail "bun install failed"
    runtime=bun
  else
    fail "neither npm nor bun is here; install one of them first, for example: sudo apt-get install npm"
  fi
  pinned_bun_runs || (cd node_modules/bun && quietly "$runtime" install.js) ||
    fail "the bun package has no binary for this machine"
  pinned_bun_runs || fail "node_modules/.bin/bun does not run on this machine"

  # npm leaves out optional packages that its Node.js is too old for (Debian 12's is, for the linter's parts), although
  # they run under Bun; where nothing is missing this takes milliseconds.
  quietly node_modules/.bin/bun install --frozen-lockfile --ignore-scripts || fail "bun install failed"
  cp package-lock.json "$installed_lock"
}
