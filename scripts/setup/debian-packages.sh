# The system packages, for setup.sh. Debian 12 and 13 and Raspberry Pi OS have them all; where one has no candidate we go on without it, because
# every library of the shim, and with it every capability, is optional. Only the compiler is not.

compiler_packages="g++ make pkg-config"
run_packages="$compiler_packages libcamera-dev libcamera-ipa libx264-dev libturbojpeg0-dev libyuv-dev"
test_packages="ffmpeg chromium clang-format"

# Packages this system's sources did not have when we last looked. Looked up again as soon as the package lists are newer.
unavailable_file=.setup/unavailable-packages

debian_packages_in_place() {
  if command -v apt-get >/dev/null; then
    [ -z "$(missing_packages)" ]
  else
    command -v g++ >/dev/null && command -v make >/dev/null && command -v pkg-config >/dev/null
  fi
}

missing_packages() {
  # shellcheck disable=SC2086 # a list of words
  present=" $(dpkg-query -W -f='${db:Status-Status} ${Package}\n' $debian_packages 2>/dev/null | sed -n 's/^installed //p' | tr '\n' ' ') "
  if [ "$unavailable_file" -nt /var/lib/apt/lists ]; then present="$present$(tr '\n' ' ' <"$unavailable_file") "; fi
  missing=
  for package in $debian_packages; do
    case $present in *" $package "*) ;; *) missing="$missing$package " ;; esac
  done
  echo "${missing% }"
}

install_debian_packages() {
  if ! command -v apt-get >/dev/null; then
    say "no apt-get here, so nothing is installed. Needed, by Debian's names: $debian_packages"
    return 0
  fi
  packages=$(missing_packages)
  say "Debian packages missing: $packages"
  find_root "$packages"

  say "installing them with apt-get; a fresh machine takes a few minutes"
  lists_are_complete=true
  quietly as_root apt-get update -qq -o APT::Update::Error-Mode=any -o DPkg::Lock::Timeout=600 || lists_are_complete=false
  packages=$(available_packages "$packages")
  [ -n "$packages" ] || return 0

  # What an interrupted dpkg left half done stops every later apt-get.
  if ls /var/lib/dpkg/updates/[0-9]* >/dev/null 2>&1; then quietly as_root dpkg --configure -a || true; fi
  # --no-remove: what we need never costs anybody a package that they have.
  # shellcheck disable=SC2086
  quietly as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --fix-broken --no-remove --no-install-recommends \
    -o DPkg::Lock::Timeout=600 $packages || fail "apt-get could not install them"
}

# Prints those of the packages that can be had, and remembers the others so that later runs do not look again.
available_packages() {
  available=
  unavailable=
  for package in $1; do
    case $(LC_ALL=C apt-cache policy "$package" | sed -n 's/^ *Candidate: //p') in
      "" | "(none)") unavailable="$unavailable$package " ;;
      *) available="$available$package " ;;
    esac
  done
  for package in $unavailable; do
    case " $compiler_packages " in *" $package "*) fail "apt has no candidate for $package, without which the shim cannot be built" ;; esac
    say "apt has no candidate for $package: going on without it"
  done
  if [ "$lists_are_complete" = true ] && [ -n "$unavailable" ]; then
    mkdir -p .setup
    echo "$unavailable" | tr ' ' '\n' >"$unavailable_file"
  fi
  echo "${available% }"
}

# How to become root: not at all, by sudo, or by somebody else. sudo may ask for a password only where there is somebody to ask.
find_root() {
  sudo_word=
  [ "$(id -u)" != 0 ] || return 0
  by_hand="sh -c 'apt-get update && apt-get install -y --no-install-recommends $1'"
  command -v sudo >/dev/null || fail "not root, and no sudo here. Run this, then start again: su -c ${by_hand#sh -c }"
  if [ -t 0 ]; then sudo -v; else sudo -n true 2>/dev/null; fi || fail "sudo did not let us. Run this, then start again: sudo $by_hand"
  sudo_word=sudo
}

# The lock is not for the daemons that a package may start.
as_root() { $sudo_word "$@" 9<&-; }
