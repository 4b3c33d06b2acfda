/** What is known on both sides of a power cut: the disk, the recording, and the names on the share of the cut. */

export const codecs = ["h264", "mjpeg"] as const;
export type Codec = (typeof codecs)[number];

/** As guest/record.sh tells the program: small and slow enough for software emulation. */
export const frameRate = 15;

/** The disk as guest/record.sh has it: an ext4 file system up to `marksAt`, then room for the marks of guest/mark-time.cpp. */
export const marksAt = 64 * 1024 * 1024;
export const diskBytes = marksAt + 4096;

/** Files on the share of a cut. */
export const names = {
  disk: "disk",
  log: "disk.log",
  marks: "marks",
  statuses: "statuses",
  markTime: "mark-time",
  withoutSync: "libwithoutsync.so",
} as const;
