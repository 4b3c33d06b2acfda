import type { VideoCodec } from "../../../src/recording/video-encoder.ts";
import type { Contender } from "./contender.ts";
import { ffmpeg } from "./contenders/ffmpeg.ts";
import { floor } from "./contenders/floor.ts";
import { gstreamer } from "./contenders/gstreamer.ts";
import { module } from "./contenders/module.ts";
import type { Costs } from "./rounds.ts";
import { judgedRow, reportedRow, type Row, type RowHead, unmeasuredRow } from "./row.ts";
import { combined, type Spread, spreadOf } from "./spread.ts";

const TARGETS: Record<VideoCodec, { perFloor: number; perFfmpeg: number }> = {
  h264: { perFloor: 1.05, perFfmpeg: 1 },
  mjpeg: { perFloor: 1.1, perFfmpeg: 0.6 },
};
const OWN_US_MAX = 400;
const WORDS: Record<VideoCodec, string> = { h264: "H.264 software", mjpeg: "MJPEG" };

/** Of the rows about this codec, where measuring it failed. */
export function encoderHeads(codec: VideoCodec): RowHead[] {
  const { perFloor, perFfmpeg } = TARGETS[codec];
  return [
    { what: perOther(codec, "floor"), target: perFloor },
    { what: perOther(codec, "ffmpeg"), target: perFfmpeg },
    { what: perOther(codec, "GStreamer") },
    { what: ownPart(codec), target: OWN_US_MAX, unit: "µs" },
  ];
}

/** What the rounds say of the module: CPU time per frame beside the others'. */
export function encoderRows(codec: VideoCodec, costs: Costs): Row[] {
  const cpu = (contender: Contender) => costs.get(contender)?.map((cost) => cost.cpuMsPerFrame) ?? [];
  const ratioTo = (other: Contender): Spread =>
    spreadOf(combined(cpu(module), cpu(other), (ours, theirs) => ours / theirs));
  const { perFloor, perFfmpeg } = TARGETS[codec];
  const ours = spreadOf(combined(cpu(module), cpu(floor), (all, encoder) => 1000 * (all - encoder)));
  return [
    judgedRow(perOther(codec, "floor"), { target: perFloor }, ratioTo(floor)),
    costs.has(ffmpeg)
      ? judgedRow(perOther(codec, "ffmpeg"), { target: perFfmpeg }, ratioTo(ffmpeg))
      : unmeasuredRow(perOther(codec, "ffmpeg"), perFfmpeg, "", `no ffmpeg: ${ffmpeg.missing}`),
    costs.has(gstreamer)
      ? reportedRow(perOther(codec, "GStreamer"), "", ratioTo(gstreamer))
      : unmeasuredRow(perOther(codec, "GStreamer"), undefined, "", `no GStreamer: ${gstreamer.missing}`),
    judgedRow(ownPart(codec), { target: OWN_US_MAX, unit: "µs" }, ours),
  ];
}

function perOther(codec: VideoCodec, other: string): string {
  return `${WORDS[codec]}: module ÷ ${other}`;
}

function ownPart(codec: VideoCodec): string {
  return `${WORDS[codec]}: ours per frame (module − floor)`;
}
