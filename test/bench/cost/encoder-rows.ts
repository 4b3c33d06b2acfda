import type { VideoCodec } from "../../../src/recording/video-encoder.ts";
import type { Contender } from "./contender.ts";
import { ffmpeg } from "./contenders/ffmpeg.ts";
import { floor } from "./contenders/floor.ts";
import { gstreamer } from "./contenders/gstreamer.ts";
import { module } from "./contenders/module.ts";
import type { Costs } from "./rounds.ts";
import { judgedRow, reportedRow, type Row, unmeasuredRow } from "./row.ts";
import { combined, type Spread, spreadOf } from "./spread.ts";

const TARGETS: Record<VideoCodec, { perFloor: number; perFfmpeg: number }> = {
  h264: { perFloor: 1.05, perFfmpeg: 1 },
  mjpeg: { perFloor: 1.1, perFfmpeg: 0.6 },
};
const OWN_US_MAX = 400;
const WORDS: Record<VideoCodec, string> = { h264: "H.264 software", mjpeg: "MJPEG" };

/** What the rounds say of the module: CPU time per frame beside the others'. */
export function encoderRows(codec: VideoCodec, costs: Costs): Row[] {
  const cpu = (contender: Contender) => costs.get(contender)?.map((cost) => cost.cpuMsPerFrame) ?? [];
  const ratioTo = (other: Contender): Spread =>
    spreadOf(combined(cpu(module), cpu(other), (ours, theirs) => ours / theirs));
  const steady = spreadOf(cpu(floor));
  const words = WORDS[codec];
  const { perFloor, perFfmpeg } = TARGETS[codec];
  const ours = spreadOf(combined(cpu(module), cpu(floor), (all, encoder) => 1000 * (all - encoder)));
  return [
    judgedRow(`${words}: module ÷ floor`, { target: perFloor, floor: steady }, ratioTo(floor)),
    costs.has(ffmpeg)
      ? judgedRow(`${words}: module ÷ ffmpeg`, { target: perFfmpeg, floor: steady }, ratioTo(ffmpeg))
      : unmeasuredRow(`${words}: module ÷ ffmpeg`, perFfmpeg, "", `no ffmpeg: ${ffmpeg.missing}`),
    costs.has(gstreamer)
      ? reportedRow(`${words}: module ÷ GStreamer`, "", ratioTo(gstreamer))
      : unmeasuredRow(`${words}: module ÷ GStreamer`, undefined, "", `no GStreamer: ${gstreamer.missing}`),
    judgedRow(`${words}: ours per frame (module − floor)`, { target: OWN_US_MAX, unit: "µs", floor: steady }, ours),
  ];
}
