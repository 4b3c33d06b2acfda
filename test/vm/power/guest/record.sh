# shellcheck shell=sh
# record.sh CODEC: in the guest, records to the disk until the power goes. As `sh -e`; its paths are those of power/plan.ts.
modprobe ext4
modprobe virtio_blk
mkdir /disk
mount /dev/vda /disk
/mnt/mark-time /dev/vda 67108864 >/mnt/marks &

# What a host says to the program, with its input kept open after that.
host() {
  echo '{"command":"assign_device","command_id":"assign_20260106_143050_001","device_id":"picam:0"}'
  echo '{"command":"start_recording","command_id":"rec_20260106_143052_002","session_dir":"/disk/session_20260106_143052"}'
  sleep 600
}
[ ! -e /mnt/libwithoutsync.so ] || export LD_PRELOAD=/mnt/libwithoutsync.so
host | "$CHECKOUT/node_modules/.bin/bun" "$CHECKOUT/src/main.ts" --source synthetic --size 320x240 --record-fps 15 \
  --codec "$1" >/mnt/statuses
