import { expect, test } from "bun:test";
import type { PlaneMemory } from "../../src/capture/captured-frame.ts";
import { frameMemoryOf } from "../../src/capture/frame-memory.ts";

const plane = (dmabufFd: number, dmabufOffset: number): PlaneMemory => ({
  address: 4096,
  byteCount: 256,
  dmabufFd,
  dmabufOffset,
});

test("buffers laid out alike are described by the first one", () => {
  const buffers = [
    [plane(5, 0), plane(5, 256)],
    [plane(6, 0), plane(6, 256)],
  ];
  expect(frameMemoryOf(buffers)).toEqual({ dmabufFds: [5, 5], dmabufOffsets: [0, 256] });
});

test("planes may lie in dmabufs of their own", () => {
  expect(frameMemoryOf([[plane(5, 0), plane(6, 0)]])).toEqual({ dmabufFds: [5, 6], dmabufOffsets: [0, 0] });
});

for (const [what, buffers] of [
  ["there are no buffers", []],
  ["a buffer has no planes", [[]]],
  ["they are no dmabufs", [[plane(-1, 0)], [plane(-1, 0)]]],
  ["one of them is no dmabuf", [[plane(5, 0)], [plane(-1, 0)]]],
  ["one plane is no dmabuf", [[plane(5, 0), plane(-1, 256)]]],
  ["planes start elsewhere in one of them", [[plane(5, 0)], [plane(6, 64)]]],
  ["one of them has other planes", [[plane(5, 0), plane(5, 256)], [plane(6, 0)]]],
] as const) {
  test(`nothing is said where ${what}`, () => {
    expect(frameMemoryOf(buffers)).toBeUndefined();
  });
}
