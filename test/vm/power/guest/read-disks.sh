# shellcheck shell=sh
# In the guest, which has its power again: mounts each disk, as IMAGE.img on the share, and copies what is on it into the
# folder IMAGE there. IMAGE.error says what could not be done.
modprobe ext4
modprobe loop
mkdir /disk
for image in /mnt/*.img; do
  kept=${image%.img}
  mkdir "$kept"
  if mount -o loop "$image" /disk 2>"$kept.error"; then
    for session in /disk/session_*; do
      [ ! -e "$session" ] || cp -r "$session" "$kept/" 2>>"$kept.error"
    done
    umount /disk 2>>"$kept.error"
  fi
done
