import { existsSync, readFileSync } from "node:fs";
import { csvRecords } from "../../src/verify/csv-records.ts";

export interface TimingFileRow {
  readonly trial: string;
  readonly module: string;
  readonly deviceId: string;
  readonly label: string;
  readonly recordTimeUnix: string;
  readonly recordTimeMono: string;
  readonly frameIndex: number;
  readonly sensorTimestampNs: bigint;
  readonly videoPts: number;
}

/** Reads a timing CSV; throws where a record is cut off or broken. */
export function readTimingFile(path: string): { header: string; rows: TimingFileRow[] } {
  const [header, ...records] = csvRecords([readFileSync(path, "utf8")]);
  const rows = records.map(({ fields, isComplete, text }) => {
    if (fields?.length !== 9 || !isComplete) throw new Error(`a broken row: ${text}`);
    const [trial = "", module = "", deviceId = "", label = "", unix = "", mono = "", index, sensor = "", pts] = fields;
    return {
      trial,
      module,
      deviceId,
      label,
      recordTimeUnix: unix,
      recordTimeMono: mono,
      frameIndex: Number(index),
      sensorTimestampNs: BigInt(sensor),
      videoPts: Number(pts),
    };
  });
  return { header: header?.text ?? "", rows };
}

/** Line ends after the header; of labels without line ends. */
export function countRows(path: string): number {
  if (!existsSync(path)) return 0;
  return Math.max(0, readFileSync(path, "latin1").split("\n").length - 2);
}

/** What the video's packets must say: µs from the first row, half of one rounded up. */
export function expectedTimesUs(rows: readonly TimingFileRow[]): number[] {
  const first = rows[0]?.sensorTimestampNs ?? 0n;
  return rows.map(({ sensorTimestampNs }) => Number((sensorTimestampNs - first + 500n) / 1000n));
}
