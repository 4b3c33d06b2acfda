import type { CapturedFrame } from "../../../../src/capture/captured-frame.ts";
import { sourceName, type StreamCase } from "../plan.ts";
import type { Camera } from "./camera.ts";
import { decode } from "./decode.ts";
import { paintedFormat, paintedFrame, pixelsOf } from "./frames.ts";
import { fwhtConfig } from "./fwht-config.ts";
import type { Journal } from "./journal.ts";
import { JournaledEncoder } from "./journaled-encoder.ts";

/** Sends a stream's frames through the encoder and through the decoder. */
export async function playStream(journal: Journal, stream: StreamCase, camera: Camera | undefined): Promise<void> {
  const packets = camera === undefined ? await playPainted(journal, stream) : await playCamera(journal, stream, camera);
  journal.keep("stream.fwht", Buffer.concat(packets));
  await decode(journal, stream);
}

async function playCamera(journal: Journal, stream: StreamCase, camera: Camera): Promise<readonly Uint8Array[]> {
  const { frameCount, compared, queueFramesMax } = stream;
  await using encoder = await JournaledEncoder.open(
    journal,
    fwhtConfig(camera.info.format, queueFramesMax, camera.info),
  );
  let takenCount = 0;
  await camera.show((frame) => {
    // Before the encoder has it, and before the camera can write to it again.
    const pixels = compared.includes(takenCount) ? allPixels(frame) : undefined;
    if (!encoder.submit(frame)) return "more";
    if (pixels !== undefined) journal.keep(sourceName(takenCount), pixels);
    return ++takenCount === frameCount ? "enough" : "more";
  });
  await encoder.drain();
  return encoder.packets;
}

async function playPainted(journal: Journal, stream: StreamCase): Promise<readonly Uint8Array[]> {
  const { frameCount, pace, queueFramesMax } = stream;
  await using encoder = await JournaledEncoder.open(journal, fwhtConfig(paintedFormat(stream), queueFramesMax));
  for (let index = 0; index < frameCount; index++) {
    const frame = paintedFrame(stream, index);
    while (!encoder.submit(frame) && pace === "steady") await encoder.news();
    frame.release();
  }
  await encoder.drain();
  return encoder.packets;
}

function allPixels(frame: CapturedFrame): Uint8Array {
  return Buffer.concat(frame.planes.map(pixelsOf));
}
