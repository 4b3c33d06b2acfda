import { statfs } from "node:fs/promises";
import type { Finding } from "../finding.ts";

export interface DiskSpaceFacts {
  /** Where the recordings go, or the nearest folder above that exists. */
  readonly folder: string;
  /** undefined: the system does not tell. */
  readonly disk: { readonly freeBytes: number; readonly type: number } | undefined;
  /** Of a recording; undefined: not known. */
  readonly bytesPerSecond: number | undefined;
}

const MINUTES_WARNING = 60;
const MINUTES_FAILURE = 2;

const NO_JOURNAL = "Linux keeps no journal there, so a power cut can damage all files";
/**
 * File systems that recordings had better not be on, and why, by statfs(2)'s f_type: linux/magic.h; NTFS's is in the kernel's
 * fs/ntfs (NTFS_SB_MAGIC) and fs/ntfs3/super.c. What a program serves by FUSE (ntfs-3g, exfat-fuse) can't be told apart.
 */
const UNFIT: ReadonlyMap<number, string> = new Map([
  [0x0102_1994, "it is in memory (tmpfs): what is recorded there is gone after a restart"],
  [0x8584_58f6, "it is in memory (ramfs): what is recorded there is gone after a restart"],
  [0x4d44, "it is FAT: a file can't have more than 4 GiB, and a power cut can damage all of them"],
  [0x2011_bab0, `it is exFAT: ${NO_JOURNAL}`],
  [0x5346_544e, `it is NTFS: ${NO_JOURNAL}`],
  [0x7366_746e, `it is NTFS: ${NO_JOURNAL}`],
]);

export async function readDiskSpace(folder: string): Promise<DiskSpaceFacts["disk"]> {
  try {
    const { bavail, bsize, type } = await statfs(folder);
    return { freeBytes: bavail * bsize, type };
  } catch {
    return undefined;
  }
}

export function checkDiskSpace({ folder, disk, bytesPerSecond }: DiskSpaceFacts): Finding {
  const minutes = disk === undefined || bytesPerSecond === undefined ? undefined : disk.freeBytes / bytesPerSecond / 60;
  const unfit = UNFIT.get(disk?.type ?? 0);
  const finding = {
    check: "disk_space",
    values: {
      folder,
      free_bytes: disk?.freeBytes ?? null,
      bytes_per_second: bytesPerSecond === undefined ? null : Math.round(bytesPerSecond),
      minutes: minutes === undefined ? null : Math.floor(minutes),
    },
  } as const;
  if (disk === undefined)
    return {
      ...finding,
      level: "unknown",
      sentence: `the system does not tell how full ${folder} is`,
      advice: ["is it there, and does its disk answer?"],
    };
  const free = `${gigabytes(disk.freeBytes)} GB free in ${folder}`;
  if (minutes === undefined) {
    const sentence = `${free}; for how long is not known, because nothing here encodes such a recording`;
    return { ...finding, level: "unknown", sentence, advice: ["see Encoder speed"] };
  }
  const isShort = minutes < MINUTES_WARNING;
  return {
    ...finding,
    level: minutes < MINUTES_FAILURE ? "failure" : isShort || unfit !== undefined ? "warning" : "ok",
    sentence: `${free}: enough for ${duration(minutes)}${unfit === undefined ? "" : `; ${unfit}`}`,
    advice: [
      ...(isShort ? ["make room, or record less: --record-fps, --size, --bitrate"] : []),
      ...(unfit === undefined ? [] : ["record to a disk with ext4"]),
    ],
  };
}

function gigabytes(bytes: number): string {
  return (bytes / 1e9).toFixed(bytes < 1e10 ? 2 : 0);
}

function duration(minutes: number): string {
  if (minutes < 120) return `${Math.floor(minutes)} minutes`;
  const hours = minutes / 60;
  return hours < 96 ? `${Math.floor(hours)} hours` : `${Math.floor(hours / 24)} days`;
}
