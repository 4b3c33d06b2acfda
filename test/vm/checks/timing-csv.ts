import { readFileSync } from "node:fs";

const HEADER =
  "trial,module,device_id,label,record_time_unix,record_time_mono,frame_index,sensor_timestamp_ns,video_pts";

export interface TimingRow {
  readonly trial: string;
  readonly module: string;
  readonly deviceId: string;
  /** As written, quotes included. */
  readonly label: string;
  readonly unixNs: bigint;
  readonly monotonicNs: bigint;
  readonly frameIndex: number;
  readonly sensorNs: bigint;
  readonly videoPts: number;
}

const ROW =
  /^(?<trial>\d+),(?<module>\w+),(?<deviceId>[^,"]*),(?<label>(?:"(?:[^"]|"")*")|[^,"]*),(?<unix>\d+\.\d{6}),(?<mono>\d+\.\d{9}),(?<index>\d+),(?<sensor>\d+),(?<pts>\d+)$/;

/** Reads a timing file and throws at the first byte that is not as the host contract has it. */
export function readTimingCsv(path: string): TimingRow[] {
  const text = readFileSync(path, "utf8");
  if (!text.endsWith("\n")) throw new Error(`${path} does not end with a line break`);
  const [header, ...lines] = text.slice(0, -1).split("\n");
  if (header !== HEADER) throw new Error(`header is ${JSON.stringify(header)}`);
  return lines.map((line, index) => {
    const fields = ROW.exec(line)?.groups;
    if (fields === undefined) throw new Error(`row ${index + 1} is ${JSON.stringify(line)}`);
    return {
      trial: fields["trial"] ?? "",
      module: fields["module"] ?? "",
      deviceId: fields["deviceId"] ?? "",
      label: fields["label"] ?? "",
      unixNs: fromSeconds(fields["unix"] ?? ""),
      monotonicNs: fromSeconds(fields["mono"] ?? ""),
      frameIndex: Number(fields["index"]),
      sensorNs: BigInt(fields["sensor"] ?? ""),
      videoPts: Number(fields["pts"]),
    };
  });
}

/** Decimal seconds as nanoseconds; a Number would lose some. */
function fromSeconds(text: string): bigint {
  const [seconds = "", fraction = ""] = text.split(".");
  return BigInt(seconds + fraction.padEnd(9, "0"));
}
