# The native libraries, for setup.sh. make knows best what is in place; it leaves out the libraries whose dependencies are missing.

shim_in_place() { make -C shim -q >/dev/null 2>&1; }

build_shim() {
  if ! command -v make >/dev/null || ! command -v g++ >/dev/null; then
    say "no make or no g++ here: going on without native libraries"
    return 0
  fi
  say "building the shim"
  make -C shim --no-print-directory -s -j"$(nproc 2>/dev/null || echo 2)" >&2 || fail "the shim does not build (make -C shim)"
}
