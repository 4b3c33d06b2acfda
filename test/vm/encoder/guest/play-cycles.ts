import type { CapturedFrame } from "../../../../src/capture/captured-frame.ts";
import type { NativeEncoderConfig } from "../../../../src/native/encoder-structs.ts";
import { DrivenEncoder } from "../../../native/driven-encoder.ts";
import { abortEvery, streamCases } from "../plan.ts";
import type { Camera } from "./camera.ts";
import { paintedFormat, paintedFrame } from "./frames.ts";
import { fwhtConfig } from "./fwht-config.ts";
import { noteHoldings, noteHoldingsAgain } from "./holdings.ts";
import type { Journal } from "./journal.ts";

const FRAMES_EACH = 2;

interface Cycle {
  readonly config: NativeEncoderConfig;
  readonly frames: readonly CapturedFrame[];
}

/** Opens and closes an encoder again and again: in turns by dmabuf, with two of the camera's buffers, and with copies. */
export async function playCycles(journal: Journal, camera: Camera, count: number): Promise<void> {
  const lent: CapturedFrame[] = [];
  await camera.show((frame) => (lent.push(frame.retain()) === FRAMES_EACH ? "enough" : "more"));
  const painted = [paintedFrame(streamCases.burst, 0), paintedFrame(streamCases.burst, 1)];
  const byDmabuf = { config: fwhtConfig(camera.info.format, FRAMES_EACH, camera.info), frames: lent };
  const byCopy = { config: fwhtConfig(paintedFormat(streamCases.burst), FRAMES_EACH), frames: painted };
  try {
    // What is loaded and opened once and for all.
    for (const each of [byDmabuf, byCopy]) await playOne(journal, each, "drained");
    const before = noteHoldings(journal);
    for (let number = 1; number <= count; number++)
      await playOne(journal, number % 2 === 0 ? byDmabuf : byCopy, number % abortEvery === 0 ? "aborted" : "drained");
    await noteHoldingsAgain(journal, before);
  } finally {
    for (const frame of [...lent, ...painted]) frame.release();
  }
}

async function playOne(journal: Journal, { config, frames }: Cycle, end: "drained" | "aborted"): Promise<void> {
  await using encoder = new DrivenEncoder("m2m", config);
  await encoder.until((event) => event.kind === "opened" || event.kind === "failed");
  frames.forEach((frame, index) => {
    encoder.submit({ planes: frame.planes, memory: [] }, BigInt(index) * 1_000_000n);
  });
  if (end === "drained") await encoder.drain();
  const { zeroCopy, copiedFrames } = encoder.native.info;
  journal.note({
    kind: "cycle",
    aborted: end === "aborted",
    zero_copy: zeroCopy,
    copied_frames: copiedFrames,
    released: encoder.timestamps("released").length,
    packets: encoder.packets.length,
  });
}
