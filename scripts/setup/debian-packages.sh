# shellcheck shell=sh disable=SC2034,SC2154 # shares its variables with setup.sh
# The system packages, for setup.sh. Debian 12 and 13 and Raspberry Pi OS have them all; where one has no candidate we
# go on without it, because every library of the shim, and with it every capability, is optional. The compiler is not.

compiler_packages="g++ make pkg-config"
run_packages="$compiler_packages libcamera-dev libcamera-ipa libx264-dev libturbojpeg0-dev libyuv-dev"
test_packages="ffmpeg chromium clang-format python3"
cross_packages="g++-aarch64-linux-gnu qemu-user-static debian-archive-keyring debootstrap"
bench_packages="ffmpeg gstreamer1.0-tools gstreamer1.0-plugins-base gstreamer1.0-plugins-good gstreamer1.0-plugins-ugly
g++-aarch64-linux-gnu qemu-user debian-archive-keyring"

# What this system's sources did not have when we last looked. Looked up again once the package lists are newer.
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
  present=$(
    dpkg-query -W -f='${db:Status-Status} ${Package}\n' $debian_packages 2>/dev/null | sed -n 's/^installed //p'
    find "$unavailable_file" -newer /var/lib/apt/lists -exec cat {} + 2>/dev/null
  ) || true
  # shellcheck disable=SC2086
  printf '%s\n' $debian_packages | grep -vxF "$present" | paste -sd ' ' -
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
  update_package_lists || lists_are_complete=false
  packages=$(available_packages "$packages")
  [ -n "$packages" ] || return 0

  # What an interrupted dpkg left half done stops every later apt-get.
  if ls /var/lib/dpkg/updates/[0-9]* >/dev/null 2>&1; then
    as_root env DEBIAN_FRONTEND=noninteractive dpkg --configure -a >/dev/null 2>&1 || true
  fi
  # --no-remove: what we need never costs anybody a package that they have.
  # shellcheck disable=SC2086
  quietly as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends --no-remove \
    --fix-broken -o DPkg::Lock::Timeout=600 $packages || fail "apt-get could not install them"
}

# apt-get waits for dpkg's lock, but not for that of its lists, which the system's own daily update holds for a while
# after boot.
update_package_lists() {
  tries=0
  until said=$(as_root env LC_ALL=C apt-get update -qq -o APT::Update::Error-Mode=any 2>&1); do
    tries=$((tries + 1))
    case $said in *lists/lock*) [ "$tries" -lt 60 ] && sleep 2 && continue ;; esac
    echo "$said" | tail -n 25 >&2
    return 1
  done
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
    case " $compiler_packages " in
      *" $package "*) fail "apt has no candidate for $package, without which the shim cannot be built" ;;
    esac
    say "apt has no candidate for $package: going on without it"
  done
  if [ "$lists_are_complete" = true ] && [ -n "$unavailable" ]; then
    mkdir -p .setup
    echo "$unavailable" | tr ' ' '\n' >"$unavailable_file"
  fi
  echo "${available% }"
}

# How to become root: not at all, by sudo, or by somebody else. sudo may ask for a password only where there is somebody
# to ask.
find_root() {
  sudo_word=
  [ "$(id -u)" != 0 ] || return 0
  by_hand="sh -c 'apt-get update && apt-get install -y --no-install-recommends $1'"
  command -v sudo >/dev/null || fail "not root, and no sudo here. Run this, then start again: su -c ${by_hand#sh -c }"
  if [ -t 0 ]; then sudo -v; else sudo -n true 2>/dev/null; fi ||
    fail "sudo did not let us. Run this, then start again: sudo $by_hand"
  sudo_word=sudo
}

# The lock is not for the daemons that a package may start.
as_root() { $sudo_word "$@" </dev/null 9<&-; }
