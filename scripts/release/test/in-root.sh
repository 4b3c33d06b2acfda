#!/bin/sh
# What is checked in a clean Debian, as root in it: /release is the unpacked tarball, the first word is its architecture.
# With `build` as the second one the native libraries are built there as well, by the compiler of that Debian.
# shellcheck disable=SC2016,SC2086 # text for others; $picture is a list of words
set -eu

fail() {
  echo "in-root: $*"
  exit 1
}

# What is not the distribution's, temporary or our own.
files() {
  find / -xdev \( -path /proc -o -path /dev -o -path /sys -o -path /mnt -o -path /var -o -path /tmp -o -path /root -o -path /release \) \
    -prune -o ! -type d -print | sort
}

case $1 in
  x64) picture="--size 640x480" ;;
  # Emulated, the software encoder takes all of a core for thirty such pictures a second.
  arm64) picture="--size 160x120 --record-fps 5" ;;
esac

# --- Installing, twice: the second time over the first.
sh /release/install.sh >/tmp/install.log 2>&1 || { cat /tmp/install.log && fail "install.sh failed"; }
cat /tmp/install.log
# What apt installed stays when it is uninstalled.
files | grep -v -e ^/opt/csi-camera/ -e ^/usr/local/bin/csi-camera >/tmp/before
sh /release/install.sh --no-apt >/dev/null

# --- Using it, by the link.
[ "$(csi-camera --version)" = "csi-camera $(sed -n 's/^version: //p' /release/BUILD)" ] || fail "the wrong version"
csi-camera list >/tmp/list
cat /tmp/list
for line in 'h264 *libx264 core' 'mjpeg *libjpeg-turbo' 'libcamera sees no CSI camera'; do
  grep -q "$line" /tmp/list || fail "list does not say '$line'"
done
mkdir -p /tmp/demo
cd /tmp/demo
csi-camera demo $picture >/tmp/demo.log 2>&1 || { cat /tmp/demo.log && fail "the demo did not hold"; }
tail -n 20 /tmp/demo.log

status=0
csi-camera doctor --json --source synthetic $picture >/tmp/doctor.json || status=$?
[ "$status" -le 1 ] || { cat /tmp/doctor.json && fail "doctor ended with $status"; }
# The executable is a Bun as well, which is all that can read JSON in a minimal Debian.
BUN_BE_BUN=1 csi-camera -e '
  const { verdict, findings } = JSON.parse(await Bun.file("/tmp/doctor.json").text());
  for (const { level, title, sentence } of findings) console.log(level, title, sentence);
  if (findings.length !== 14) throw new Error(`doctor has ${findings.length} findings, expected 14`);
  if (verdict !== ["will_record", "with_warnings"][process.argv.at(-1)]) throw new Error(`the verdict is ${verdict}`);
' "$status" || fail "doctor does not tell its findings as JSON"

# --- The viewer's page is in the executable, and RPi Logger's drop-in as well.
mkfifo /tmp/commands
csi-camera --source synthetic $picture --debug-socket 7123 --log-dir /tmp/log </tmp/commands >/tmp/statuses 2>&1 &
exec 3>/tmp/commands
tries=0
until grep -q '"ready"' /tmp/statuses; do
  tries=$((tries + 1))
  [ "$tries" -lt 60 ] || { cat /tmp/statuses && fail "the module does not get ready"; }
  sleep 0.5
done
page() { # no curl in a minimal Debian
  perl -MIO::Socket::INET -e '
    my $s = IO::Socket::INET->new("127.0.0.1:7123") or die "no viewer: $!\n";
    print $s "GET $ARGV[0] HTTP/1.1\r\nHost: 127.0.0.1:7123\r\nConnection: close\r\n\r\n"; print <$s>' "$1"
}
page / | grep -q '<title>' || { page / && fail "the viewer has no page"; }
page /app.js | grep -q 'function' || fail "the viewer has no script"
echo '{"command":"quit"}' >&3
exec 3>&-
wait $! || fail "the module ended with an error"
logger=/tmp/logger/rpi_logger
mkdir -p $logger/core $logger/modules
touch $logger/core/module_discovery.py $logger/modules/__init__.py
csi-camera rpi-logger install /tmp/logger
grep -q '"/opt/csi-camera/csi-camera"' $logger/modules/Cameras_CSI/csi_camera_program.json || fail "the drop-in names another program"
[ -s $logger/modules/Cameras_CSI/main_cameras_csi.py ] || fail "the drop-in has no entry"

# --- Taking it away.
/opt/csi-camera/install.sh --uninstall
[ ! -e /opt/csi-camera ] || fail "/opt/csi-camera is still there"
files >/tmp/after
diff /tmp/before /tmp/after || fail "uninstalled, files are left or missing"

# --- What is somebody else's stays.
mkdir -p /tmp/prefix/lib/csi-camera
echo mine >/tmp/prefix/lib/csi-camera/mine
if sh /release/install.sh --no-apt --prefix /tmp/prefix >/dev/null 2>&1; then fail "installed over a foreign folder"; fi
rm /tmp/prefix/lib/csi-camera/mine
sh /release/install.sh --no-apt --prefix /tmp/prefix >/dev/null
/tmp/prefix/bin/csi-camera --version
echo mine >/tmp/prefix/lib/csi-camera/lib/mine
sh /release/install.sh --uninstall --prefix /tmp/prefix
[ "$(cd /tmp/prefix && find . ! -type d)" = ./lib/csi-camera/lib/mine ] || fail "not only the foreign file is left"
if sh /release/install.sh --uninstall --prefix /tmp/nowhere >/tmp/nowhere.log 2>&1; then fail "removed from nowhere"; fi
grep -q '^csi-camera: --prefix: got /tmp/nowhere, .* expected ' /tmp/nowhere.log || { cat /tmp/nowhere.log && fail "no sentence on a folder that is not there"; }
[ ! -e /tmp/nowhere ] || fail "removing made a folder"

# --- Where apt has another libcamera: Raspberry Pi OS, and Debians to come.
mkdir /tmp/apt /tmp/stand-ins
# apt_has LIBCAMERA X264: the versions that can be installed.
apt_has() {
  cat >/tmp/apt/apt-cache <<PROGRAM
#!/bin/sh
case \$2 in
  libcamera-dev) echo "  Candidate: $1" ;;
  libx264-164) echo "  Candidate: $2" ;;
esac
PROGRAM
  chmod +x /tmp/apt/apt-cache
}
# A machine without packages and with a compiler that has compiled already.
printf '#!/bin/sh\nexit 1\n' >/tmp/stand-ins/dpkg-query
printf '#!/bin/sh\n' >/tmp/stand-ins/g++
printf '#!/bin/sh\ntest -f "$2/Makefile" && mkdir -p "$2/build/here" && cp /release/lib/debian-12/*.so "$2/build/here"\n' >/tmp/stand-ins/make
chmod +x /tmp/stand-ins/*
there=/tmp/other/lib/csi-camera
# asks_for PACKAGES COMMAND…: of these is said that they are missing, and of no others.
asks_for() {
  wanted=$1
  shift
  PATH=/tmp/stand-ins:/tmp/apt:$PATH "$@" --no-apt >/tmp/other.log 2>&1 || { cat /tmp/other.log && fail "$*: failed"; }
  grep -q -e "--no-install-recommends $wanted\$" /tmp/other.log || { cat /tmp/other.log && fail "$*: expected $wanted"; }
}
to_build="g++ make pkg-config libcamera-dev libcamera-ipa libx264-dev libturbojpeg0-dev libyuv-dev"
apt_has 0.4.0-7 2:0.164.3108+git31e19f9-2+b1
asks_for "libcamera0.4 libcamera-ipa libx264-164 libturbojpeg0 libyuv0" sh /release/install.sh --prefix /tmp/other
[ ! -e $there/lib/built-here ] || fail "built on Debian 13"
asks_for "$to_build" sh $there/install.sh --build
[ -f $there/lib/built-here/libcsi_camera.so ] || fail "--build did not build"
for versions in "0.4.0+rpt20250213-1 2:0.164.3095+gitbaee400-3" "0.4.0-7 (none)"; do
  apt_has ${versions% *} "${versions#* }"
  asks_for "$to_build" sh /release/install.sh --prefix /tmp/other
  [ -f $there/lib/built-here/libcsi_camera.so ] || fail "not built, with $versions"
done
sh $there/install.sh --uninstall
[ ! -e $there ] || fail "$there is still there"

# The same with this Debian's packages and its compiler.
if [ "${2:-}" = build ]; then
  apt_has 0.4.0+rpt20250213-1 2:0.164.3095+gitbaee400-3
  PATH=/tmp/apt:$PATH sh /release/install.sh >/tmp/build.log 2>&1 || { tail -n 40 /tmp/build.log && fail "the libraries can't be built"; }
  rm -r /opt/csi-camera/lib/debian-*
  for library in camera x264 image m2m dmaheap; do
    [ -f "/opt/csi-camera/lib/built-here/libcsi_$library.so" ] || fail "libcsi_$library.so was not built"
  done
  csi-camera list | tee /tmp/list
  grep -q 'libcamera sees no CSI camera' /tmp/list || fail "the camera library that was built does not load"
  csi-camera demo $picture >/tmp/demo.log 2>&1 || { cat /tmp/demo.log && fail "the demo with the libraries built here did not hold"; }
  /opt/csi-camera/install.sh --uninstall
  [ ! -e /opt/csi-camera ] || fail "/opt/csi-camera is still there"
fi
echo "in-root: passed"
