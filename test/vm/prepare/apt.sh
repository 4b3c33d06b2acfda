# shellcheck shell=bash
# Debian's archive, sourced by prepare.sh: installing packages and downloading them, and telling "this machine cannot"
# (exit 77: no rights, no network) from "something is broken" (exit 1).

apt_log=/dev/null # what apt says; prepare.sh puts it into the cache

fail() {
  echo "vm: $*" >&2
  exit 1
}
cannot_run() {
  echo "vm: cannot run here: $*" >&2
  exit 77
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -n "$@"; fi
}

may_be_root() {
  [ "$(id -u)" -eq 0 ] || { command -v sudo && sudo -n true; } >/dev/null 2>&1
}

# with_archive WHAT COMMAND…: runs a command that needs the archive. When it fails, the package lists are fetched anew
# and it is tried once more (a fresh machine has none; old ones name packages that were replaced since).
with_archive() {
  local what=$1 reachable=yes
  shift
  if logged "$@"; then return; fi
  may_be_root || cannot_run "$what failed, and the package lists can be updated neither as root nor with sudo"
  logged as_root apt-get -qq update -o APT::Update::Error-Mode=any -o Acquire::http::Timeout=30 || reachable=no
  if logged "$@"; then return; fi
  tail -n 5 "$apt_log" >&2
  [ "$reachable" = yes ] || cannot_run "$what failed, and Debian's archive is out of reach"
  fail "$what failed: see $apt_log"
}

logged() { "$@" >>"$apt_log" 2>&1; }

# ensure_packages NAME…: installs those that are not installed. Nothing is asked of the archive when all are.
ensure_packages() {
  local missing=()
  for package in "$@"; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  may_be_root || cannot_run "missing packages (${missing[*]}), and neither root nor sudo"
  echo "vm: installing ${missing[*]}" >&2
  with_archive "installing ${missing[*]}" \
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends -o DPkg::Lock::Timeout=600 "${missing[@]}"
}
