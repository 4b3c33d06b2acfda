# shellcheck shell=sh
# Sourced or run in the guest: loads the kernel's virtual camera (vimc) and makes it visible to libcamera.

# Without udevd no device is "initialised" for libudev, and libcamera would skip them all in silence. For libudev one is
# when /run/udev/data has a file for it. Nor are there events: a libcamera that runs already sees no camera come or go.
write_udev_data() {
  mkdir -p /run/udev/data
  for device in /sys/class/video4linux/* /sys/bus/media/devices/*; do
    [ ! -e "$device/dev" ] || echo "I:1" >"/run/udev/data/c$(cat "$device/dev")"
  done
}

modprobe vimc
write_udev_data
