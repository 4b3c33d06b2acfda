import type { RecordingMetadata } from "../../src/recording/metadata/recording-metadata.ts";
import { METADATA_UUID } from "../../src/recording/metadata/metadata-uuid.ts";
import { FragmentedMp4 } from "../../src/recording/mp4/fragmented-mp4.ts";
import type { TemporaryDirectory } from "../log/temporary-directory.ts";
import { type EncodedVideo, inGroups, toSamples } from "../recording/mp4/encoded-video.ts";
import { ordinaryVideo } from "../recording/mp4/ordinary-video.ts";
import { box } from "../support/mp4-boxes.ts";
import { timingLines, timingText, toMicroseconds } from "./write-recording.ts";

/** What a recording of these frames by a camera of 60 frames/s says of itself in the end: nothing was lost. */
export function describe60Fps({ track }: EncodedVideo, timestampsNs: readonly bigint[], name = "trial"): Described {
  const [firstNs = 0n, lastNs = 0n] = [timestampsNs[0], timestampsNs.at(-1)];
  const count = timestampsNs.length;
  const rate = Math.round(((count - 1) / (Number(lastNs - firstNs) / 1e9)) * 1e6) / 1e6;
  const intervals = timestampsNs.slice(1).map((ns, index) => Number(ns - (timestampsNs[index] ?? 0n)) / 16_666_667);
  const gaps = intervals.filter((interval) => interval > 1.5).map((interval) => Math.round(interval) - 1);
  return {
    format_version: 1,
    versions: { csi_camera: "0.1.0", bun: "1.4.5", mp4box: "2.4.1", libcamera: null },
    camera: {
      device_id: "picam:0",
      camera_id: "/base/soc/i2c0mux/i2c@1/imx296@1a",
      model: "imx296",
      label: "imx296_0",
    },
    trial: { number: 1, label: "", session_dir: "/data/session_1" },
    files: { video: `${name}.mp4`, timing: `${name}_timing.csv`, drops: null },
    video: {
      ...{ width: track.width, height: track.height, codec: track.codec, pixel_format: "YUV420" },
      colour: { primaries: 1, transfer: 1, matrix: 1, full_range: false },
    },
    encoder: {
      name: "libx264 core 164",
      reason: "asked for",
      zero_copy: false,
      bitrate: 8_000_000,
      jpeg_quality: null,
    },
    rates: {
      ...{ capture_requested: 60, capture_set: 60, capture_measured: count < 2 ? null : rate },
      ...{ record_requested: 60, record_measured: count < 2 ? null : rate },
    },
    clocks: { start: reading(firstNs), stop: reading(lastNs) },
    start_command_id: "rec_20260106_143052_001",
    end: {
      ...{ reason: "stop_recording", command_id: "stop_20260106_143152_001", error: null },
      ledger: {
        ...{ captured: count, recorded: count, skipped_by_rate_gate: 0, dropped: {} },
        sensor_gaps: { gaps: gaps.length, missing_frames: gaps.reduce((sum, missing) => sum + missing, 0) },
      },
      ...{ unwritten_drops: 0, wall_clock_steps: { count: 0, total_ms: 0 } },
    },
  };
}

/** Metadata that tell of the end. */
export type Described = RecordingMetadata & { readonly end: NonNullable<RecordingMetadata["end"]> };

/** The same, as it was written at the beginning. */
export function beginningOf({ rates, clocks, ...metadata }: RecordingMetadata): RecordingMetadata {
  return {
    ...metadata,
    rates: { ...rates, capture_measured: null, record_measured: null },
    clocks: { ...clocks, stop: null },
    end: null,
  };
}

/** The same, of so many captured frames: the rate of capture goes with it. */
export function withCaptured<Metadata extends Described>(metadata: Metadata, captured: number): Metadata {
  const { start, stop } = metadata.clocks;
  const seconds = Number(BigInt(stop?.sensor_timestamp_ns ?? 0) - BigInt(start.sensor_timestamp_ns)) / 1e9;
  return changed(metadata, {
    rates: { capture_measured: Math.round(((captured - 1) / seconds) * 1e6) / 1e6 },
    end: { ledger: { captured } },
  });
}

function reading(sensorNs: bigint) {
  const at = (aheadNs: bigint): string => String(sensorNs + aheadNs);
  return {
    sensor_timestamp_ns: at(0n),
    monotonic_ns: at(20_000_000n),
    boottime_ns: at(90_000_000n),
    realtime_ns: at(1_767_748_502_000_000_000n),
  };
}

/** `value` with these keys put differently; arrays and what is no object as a whole. */
export function changed<Value extends object>(value: Value, changes: object): Value {
  const entries = Object.entries(changes).map(([key, change]: [string, unknown]) => {
    const before = (value as Record<string, unknown>)[key];
    return [key, isObject(before) && isObject(change) ? changed(before, change) : change];
  });
  return { ...value, ...Object.fromEntries(entries) };
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What stands in a file or a box: metadata as JSON, or anything. */
export type Text = object | string | Uint8Array;

export function toBytes(text: Text): Uint8Array {
  if (text instanceof Uint8Array) return text;
  return Buffer.from(typeof text === "string" ? text : `${JSON.stringify(text, undefined, 2)}\n`);
}

/** The `uuid` box of a movie box. */
export function metadataBox(text: Text): Buffer {
  return box("uuid", Buffer.from(METADATA_UUID.replaceAll("-", ""), "hex"), toBytes(text));
}

/** The files of a recording that describes itself. */
export interface DescribedFiles {
  readonly video: EncodedVideo;
  readonly timestampsNs: readonly bigint[];
  /** In the movie box, and beside it; undefined: not at all. */
  readonly inMovie?: Text | undefined;
  readonly beside?: Text | undefined;
  /** Other boxes for the movie box. */
  readonly boxes?: Uint8Array;
  readonly rows?: readonly string[];
  /** Text of the list of drops. */
  readonly drops?: string | Uint8Array;
  /** Fragments, not an ordinary file. */
  readonly isFragmented?: boolean;
  readonly name?: string;
}

/** Writes them; returns the video's path. */
export async function writeDescribed(directory: TemporaryDirectory, files: DescribedFiles): Promise<string> {
  const { video, timestampsNs, inMovie, beside, drops, name = "trial" } = files;
  const boxes = Buffer.concat([
    files.boxes ?? Buffer.alloc(0),
    ...(inMovie === undefined ? [] : [metadataBox(inMovie)]),
  ]);
  const groups = inGroups(toSamples(video, toMicroseconds(timestampsNs)), 4);
  const mp4 = new FragmentedMp4(video.track, boxes);
  const bytes = files.isFragmented
    ? Buffer.concat([mp4.initSegment(), ...groups.flatMap((group) => mp4.fragment(group))])
    : await ordinaryVideo(mp4, groups, boxes);
  const path = directory.file(`${name}.mp4`);
  await Bun.write(path, bytes);
  await Bun.write(directory.file(`${name}_timing.csv`), timingText([...(files.rows ?? timingLines(timestampsNs))]));
  if (beside !== undefined) await Bun.write(directory.file(`${name}_recording.json`), toBytes(beside));
  if (drops !== undefined) await Bun.write(directory.file(`${name}_drops.jsonl`), drops);
  return path;
}
