import { toArrayBuffer } from "bun:ffi";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CapturedFrame, type PlaneMemory } from "../../../../src/capture/captured-frame.ts";
import { planeRows, type StreamFormat } from "../../../../src/capture/stream-format.ts";
import { addressOf } from "../../../../src/native/memory.ts";
import { formatOf } from "../../../native/formats.ts";
import { guestShare } from "../../plan.ts";
import { encoderFolder, sourceName, type StreamCase } from "../plan.ts";

/** A frame for an encoder: it has one holder, and `onReleased` is called when that lets go. */
export function lentFrame(frame: CapturedFrame, onReleased: () => void): CapturedFrame {
  frame.retain();
  const giveBack = () => {
    onReleased();
    frame.release();
  };
  return new CapturedFrame(frame, frame.format, { planes: frame.planes, giveBack });
}

export function paintedFormat({ pixelFormat, width, height }: StreamCase): StreamFormat {
  return formatOf(pixelFormat, width, height);
}

/** What an encoder would encode that still reads a frame's pixels after it released them. */
const SPOILT = 0x55;

/** A frame that the host painted, in plain memory; spoilt at its last release. */
export function paintedFrame(stream: StreamCase, index: number): CapturedFrame {
  const format = paintedFormat(stream);
  const pixels = new Uint8Array(readFileSync(join(guestShare, encoderFolder, stream.name, sourceName(index))));
  const sensorTimestampNs = BigInt(index + 1) * 33_333_333n;
  const metadata = {
    frameNumber: index,
    sensorTimestampNs,
    monotonicNs: sensorTimestampNs,
    realtimeNs: sensorTimestampNs,
    frameDurationNs: 0,
  };
  let address = addressOf(pixels);
  const planes = format.strides.map((stride, plane) => {
    const byteCount = stride * planeRows(format, plane);
    const memory = { address, byteCount, dmabufFd: -1, dmabufOffset: 0 };
    address += byteCount;
    return memory;
  });
  return new CapturedFrame(metadata, format, { planes, giveBack: () => void pixels.fill(SPOILT) });
}

/** A view of a plane's memory, to be used only while the frame is held. */
export function pixelsOf({ address, byteCount }: PlaneMemory): Uint8Array {
  return new Uint8Array(toArrayBuffer(address, 0, byteCount));
}
