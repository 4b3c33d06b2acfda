import type { Found } from "../../program/machine.ts";
import type { Finding } from "../finding.ts";
import type { DiskTrial } from "../trials/try-disk.ts";

export interface DiskSpeedFacts {
  readonly folder: string;
  readonly trial: Found<DiskTrial>;
  /** Of a recording; undefined: not known. */
  readonly bytesPerSecond: number | undefined;
}

/** A card that is nearly full, or makes room of its own, is a few times slower than it is now. */
const HEADROOM = 3;
/** Less than what waits in memory for a disk that takes nothing (32 MiB), at the usual bit rates. */
const PAUSE_MS_MAX = 5000;

export function checkDiskSpeed({ folder, trial, bytesPerSecond }: DiskSpeedFacts): Finding {
  const measured = "value" in trial ? trial.value : undefined;
  const speed = measured === undefined ? undefined : measured.byteCount / measured.seconds;
  const finding = {
    check: "disk_speed",
    values: {
      folder,
      bytes_per_second: speed === undefined ? null : Math.round(speed),
      bytes_per_second_needed: bytesPerSecond === undefined ? null : Math.round(bytesPerSecond),
      bytes_written: measured?.byteCount ?? null,
      longest_write_ms: measured === undefined ? null : Math.round(measured.longestMs),
    },
  } as const;
  if ("error" in trial) {
    const advice = ["give a folder that can be written to, as doctor's argument, and to your host as well"];
    return { ...finding, level: "failure", sentence: trial.error.message, advice };
  }
  const { longestMs } = trial.value;
  const got = `${megabytes(speed ?? 0)} MB/s with fdatasync, longest write ${(longestMs / 1000).toFixed(2)} s`;
  if (bytesPerSecond === undefined || speed === undefined) {
    const sentence = `${got}; what a recording needs is not known`;
    return { ...finding, level: "unknown", sentence, advice: ["see Encoder speed"] };
  }
  const sentence = `${got}; a recording needs ${megabytes(bytesPerSecond)} MB/s`;
  const advice = ["a faster card or disk (an SSD on USB 3), or less to write: --record-fps, --size, --bitrate"];
  if (speed < bytesPerSecond)
    return { ...finding, level: "failure", sentence: `${sentence}: frames would be dropped`, advice };
  if (speed < HEADROOM * bytesPerSecond || longestMs > PAUSE_MS_MAX)
    return { ...finding, level: "warning", sentence, advice };
  return { ...finding, level: "ok", sentence, advice: [] };
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
