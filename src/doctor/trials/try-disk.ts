import { randomBytes } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { toRuntimeError } from "../../errors.ts";
import type { Found } from "../../program/machine.ts";
import { AppendFile } from "../../recording/append-file.ts";
import { diskError } from "../../recording/disk-error.ts";

export interface DiskTrial {
  readonly byteCount: number;
  readonly seconds: number;
  /** The longest that one piece took to be on the disk. */
  readonly longestMs: number;
}

/** A recording puts a fragment of about this much on the disk at a time, s. */
const FRAGMENT_SECONDS = 0.5;
const TRIAL_MS = 2000;
/** Faster than this many recordings at a time, a disk is fast enough: no card is worn for a better number. */
const TIMES_MAX = 20;
const PIECE_BYTES = { min: 64 * 1024, max: 8 * 1024 * 1024 };
const BYTES_MAX = 256 * 1024 * 1024;
const WITHOUT_RATE = 1_000_000;

/**
 * Writes as a recording does, piece after piece and each with fdatasync, for two seconds or until enough is known, into a
 * file that has lost its name before anything is in it: whatever ends this process, nothing stays. `freeBytes`: half of
 * that is left alone.
 */
export async function tryDisk(
  folder: string,
  { bytesPerSecond = WITHOUT_RATE, freeBytes }: { bytesPerSecond: number | undefined; freeBytes: number | undefined },
): Promise<Found<DiskTrial>> {
  try {
    return { value: await writePieces(folder, bytesPerSecond, (freeBytes ?? BYTES_MAX) / 2) };
  } catch (thrown) {
    return { error: toRuntimeError(thrown, "disk_error") };
  }
}

async function writePieces(folder: string, bytesPerSecond: number, roomBytes: number): Promise<DiskTrial> {
  const wanted = Math.round(bytesPerSecond * FRAGMENT_SECONDS);
  const piece = randomBytes(Math.min(PIECE_BYTES.max, Math.max(PIECE_BYTES.min, wanted)));
  const bytesMax = Math.min(BYTES_MAX, roomBytes, (bytesPerSecond * TIMES_MAX * TRIAL_MS) / 1000);
  const path = join(folder, `.csi-camera-doctor-${process.pid}-${randomBytes(4).toString("hex")}`);
  const file = await AppendFile.create(path).catch((cause: unknown) => {
    throw diskError(`cannot write to ${folder}`, cause);
  });
  try {
    // Where a file that is open can't lose its name, it is removed in the end.
    await rm(path).catch(() => undefined);
    let longestMs = 0;
    const startMs = performance.now();
    let endMs = startMs;
    do {
      await file.append(piece);
      await file.datasync();
      const now = performance.now();
      longestMs = Math.max(longestMs, now - endMs);
      endMs = now;
    } while (endMs - startMs < TRIAL_MS && file.byteCount + piece.length <= bytesMax);
    return { byteCount: file.byteCount, seconds: (endMs - startMs) / 1000, longestMs };
  } finally {
    await file.remove();
  }
}
