import { MODULE_NAME } from "./recording-names.ts";

/** Byte for byte what consumers expect. */
export const TIMING_CSV_HEADER =
  "trial,module,device_id,label,record_time_unix,record_time_mono,frame_index,sensor_timestamp_ns,video_pts\n";

/** What one row says; times in ns. */
export interface TimingRow {
  readonly realtimeNs: bigint;
  readonly monotonicNs: bigint;
  readonly sensorTimestampNs: bigint;
}

/** Formats the timing CSV's rows: row k is the video's sample k. */
export class TimingCsvFormatter {
  readonly #start: string;
  #frameIndex = 0;

  constructor(trialNumber: number, deviceId: string, label: string) {
    this.#start = [trialNumber, MODULE_NAME, csvField(deviceId), csvField(label)].join(",");
  }

  /** The next row, with its line end. */
  row({ realtimeNs, monotonicNs, sensorTimestampNs }: TimingRow): string {
    const index = ++this.#frameIndex;
    const unix = seconds((realtimeNs + 500n) / 1000n, 6);
    return `${this.#start},${unix},${seconds(monotonicNs, 9)},${index},${sensorTimestampNs},${index}\n`;
  }
}

/** RFC 4180: quoted where it holds a comma, a quote or a line end. */
export function csvField(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** `units` of 10^-digits seconds as seconds, exactly. */
function seconds(units: bigint, digits: number): string {
  const text = units.toString().padStart(digits + 1, "0");
  return `${text.slice(0, -digits)}.${text.slice(-digits)}`;
}
