#!/bin/sh
# What is checked in a clean Debian, as root in it: /release is the unpacked tarball, the first word is its architecture.
# With `build` as the second one the native libraries are built there as well, by the compiler of that Debian.
# shellcheck disable=SC2086 # $picture is a list of words
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

if [ "${2:-}" = build ]; then
  sh /release/install.sh --no-apt >/dev/null
  rm -r /opt/csi-camera/lib/debian-*
  /opt/csi-camera/install.sh --build >/tmp/build.log 2>&1 || { tail -n 40 /tmp/build.log && fail "the libraries can't be built"; }
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
