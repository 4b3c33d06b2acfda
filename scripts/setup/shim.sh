# shellcheck shell=sh
# The native libraries, for setup.sh. make knows what is in place, and leaves out those whose dependencies are missing.

# In place: make has a plan, and nothing in it writes an output file (`-o`).
shim_in_place() {
  plan=$(make -C shim -n 2>/dev/null) || return 1
  case $plan in *" -o "*) return 1 ;; esac
}

build_shim() {
  if ! command -v make >/dev/null || ! command -v g++ >/dev/null; then
    say "no make or no g++ here: going on without native libraries"
    return 0
  fi
  say "building the shim"
  jobs=$(nproc 2>/dev/null || echo 2)
  make -C shim --no-print-directory -s -j"$jobs" >&2 || fail "the shim does not build (make -C shim)"
}
