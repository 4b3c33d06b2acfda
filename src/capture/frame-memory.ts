import type { PlaneMemory } from "./captured-frame.ts";
import type { FrameMemory } from "./frame-source.ts";

/**
 * What a source's buffers have in common as dmabufs; `buffers` are the planes of each. undefined where they are no
 * dmabufs, or not laid out alike.
 */
export function frameMemoryOf(buffers: readonly (readonly PlaneMemory[])[]): FrameMemory | undefined {
  const [first] = buffers;
  if (first === undefined || first.length === 0) return undefined;
  const dmabufOffsets = first.map((plane) => plane.dmabufOffset);
  const isAlike = (plane: PlaneMemory, index: number) =>
    plane.dmabufFd >= 0 && plane.dmabufOffset === dmabufOffsets[index];
  if (!buffers.every((planes) => planes.length === first.length && planes.every(isAlike))) return undefined;
  return { dmabufFds: first.map((plane) => plane.dmabufFd), dmabufOffsets };
}
