/** Runs a synthetic source in dmabufs, of the kernel or of whoever is preloaded. Prints a `DmabufRun`. */
import type { CapturedFrame } from "../../src/capture/captured-frame.ts";
import type { StreamInfo } from "../../src/capture/frame-source.ts";
import { REC709 } from "../../src/capture/stream-format.ts";
import { SyntheticSource } from "../../src/capture/synthetic-source.ts";
import { planeBytes } from "../support/frame-bytes.ts";
import { readFrameNumber } from "../support/read-frame-number.ts";
import { CollectingEvents, never } from "./collecting-events.ts";
import { type DmabufsInUse, dmabufsInUse } from "./dmabufs-in-use.ts";

export interface DmabufRun {
  readonly info: StreamInfo;
  /** The dmabufs and offsets of the planes of as many frames as there are buffers, all held at one time. */
  readonly held: readonly { readonly fds: readonly number[]; readonly offsets: readonly number[] }[];
  /** Frames that were delivered, and of how many the picture carried their number. */
  readonly frames: number;
  readonly readable: number;
  /** The same of the frames that were still held after the source had closed. */
  readonly heldAtClose: number;
  readonly readableAfterClose: number;
  /** While frames came, while only those frames were held, and when they were released. */
  readonly streaming: DmabufsInUse;
  readonly closed: DmabufsInUse;
  readonly released: DmabufsInUse;
}

const isReadable = (frame: CapturedFrame) =>
  readFrameNumber(planeBytes(frame, 0), frame.format.strides[0] ?? 0) === frame.frameNumber;

let readable = 0;
const events = new CollectingEvents((frame) => void (readable += isReadable(frame) ? 1 : 0));
const source = new SyntheticSource({ width: 320, height: 240, frameRate: 200, colour: REC709, inDmabufs: true });

events.keeps = true;
const info = await source.open(events, never);
await events.untilFrames(info.bufferCount);
const held = events.kept.map(({ planes }) => ({
  fds: planes.map(({ dmabufFd }) => dmabufFd),
  offsets: planes.map(({ dmabufOffset }) => dmabufOffset),
}));
const streaming = dmabufsInUse();

events.keeps = false;
events.releaseAll();
await events.untilFrames(3 * info.bufferCount);
events.keeps = true;
await events.untilFrames(events.frames.length + 3);
await source.close();
const heldAtClose = events.kept.length;
const closed = dmabufsInUse();
const readableAfterClose = events.kept.filter(isReadable).length;
events.releaseAll();
const released = dmabufsInUse();

const run: DmabufRun = {
  ...{ info, held, frames: events.frames.length, readable, heldAtClose, readableAfterClose },
  ...{ streaming, closed, released },
};
process.stdout.write(JSON.stringify(run));
