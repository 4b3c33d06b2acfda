# shellcheck shell=sh
# An apt with settings, lists and a status of its own, in a folder: for packages of another Debian or another architecture
# than this machine's. Nothing of the machine's packages is touched, and no root is needed.
#
# $CSI_CAMERA_DEBIAN_MIRROR is asked in place of Debian's own.

own_apt_keyring=/usr/share/keyrings/debian-archive-keyring.gpg # of the package debian-archive-keyring

# make_own_apt FOLDER ARCHITECTURE SUITE…: in FOLDER/apt, without lists yet.
make_own_apt() {
  own_apt_folder=$1
  own_apt_architecture=$2
  shift 2
  rm -rf "$own_apt_folder/apt"
  mkdir -p "$own_apt_folder/apt/lists/partial" "$own_apt_folder/apt/archives/partial"
  mkdir -p "$own_apt_folder/apt/etc/apt.conf.d" "$own_apt_folder/apt/etc/preferences.d"
  : >"$own_apt_folder/apt/status"
  for own_apt_suite in "$@"; do
    echo "deb [arch=$own_apt_architecture signed-by=$own_apt_keyring]" \
      "${CSI_CAMERA_DEBIAN_MIRROR:-http://deb.debian.org/debian} $own_apt_suite main"
  done >"$own_apt_folder/apt/etc/sources.list"
  cat >"$own_apt_folder/apt.conf" <<CONFIGURATION
Dir "$own_apt_folder/apt";
Dir::Etc "$own_apt_folder/apt/etc";
Dir::State "$own_apt_folder/apt";
Dir::State::status "$own_apt_folder/apt/status";
Dir::Cache "$own_apt_folder/apt";
Dir::Log "$own_apt_folder/apt";
APT::Architecture "$own_apt_architecture";
APT::Architectures { "$own_apt_architecture"; };
APT::Sandbox::User "root";
APT::Install-Recommends "false";
APT::Update::Error-Mode "any";
Acquire::Languages "none";
CONFIGURATION
}

# own_apt WORDS…: apt-get; what it says goes into FOLDER/log. A lock that the script holds as 9 is not for its children.
own_apt() {
  APT_CONFIG=$own_apt_folder/apt.conf DEBIAN_FRONTEND=noninteractive apt-get -qq "$@" >>"$own_apt_folder/log" 2>&1 9<&-
}
