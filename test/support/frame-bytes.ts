import { toArrayBuffer } from "bun:ffi";
import type { CapturedFrame } from "../../src/capture/captured-frame.ts";

/** A copy of plane `index` as it lies in memory. */
export function planeBytes(frame: CapturedFrame, index: number): Uint8Array {
  const plane = frame.planes[index];
  if (plane === undefined) throw new Error(`no plane ${index}`);
  return new Uint8Array(toArrayBuffer(plane.address, 0, plane.byteCount)).slice();
}

/** All planes one after the other. */
export function frameBytes(frame: CapturedFrame): Uint8Array {
  return Buffer.concat(frame.planes.map((_, index) => planeBytes(frame, index)));
}
