import { describe, expect, test } from "bun:test";
import { BufferPool, pictureBytes, planeOffsets } from "../../src/capture/buffer-pool.ts";
import type { PictureMemory } from "../../src/capture/picture-memory.ts";
import { addressOf } from "../../src/native/memory.ts";
import { REC709, type StreamFormat } from "../../src/capture/stream-format.ts";

const FORMAT: StreamFormat = { width: 33, height: 17, pixelFormat: "YUV420", strides: [48, 24, 24], colour: REC709 };
const LUMA = 48 * 17;
const CHROMA = 24 * 9;

describe("BufferPool", () => {
  test("lends as many buffers as it has, each its own memory", () => {
    const pool = new BufferPool(FORMAT, 3);
    const buffers = [pool.take(), pool.take(), pool.take()];
    expect(new Set(buffers.map((buffer) => buffer?.planes[0]?.address)).size).toBe(3);
    expect(pool.take()).toBeUndefined();
  });

  test("lends a buffer again once it was given back, and makes no more", () => {
    const pool = new BufferPool(FORMAT, 2);
    const [first, second] = [pool.take(), pool.take()];
    second?.giveBack();
    expect(pool.take()).toBe(second);
    expect(pool.take()).toBeUndefined();
    first?.giveBack();
    expect(pool.take()).toBe(first);
  });

  test("lets go of buffers that it did without for long, and makes them again", () => {
    const pool = new BufferPool(FORMAT, 20);
    const takeAll = () => Array.from({ length: 20 }, () => pool.take());
    const inHiccup = takeAll();
    expect(inHiccup).not.toContain(undefined);
    for (const buffer of inHiccup) buffer?.giveBack();
    for (let loan = 0; loan < 600; loan++) {
      const [first, second] = [pool.take(), pool.take()];
      second?.giveBack();
      first?.giveBack();
    }
    // Their memory goes at once, whenever the garbage collector comes.
    expect(inHiccup.filter((buffer) => buffer?.bytes.length === 0)).toHaveLength(18);
    const again = takeAll();
    expect(again.filter((buffer) => inHiccup.includes(buffer))).toHaveLength(2);
    expect(new Set(again).size).toBe(20);
    expect(pool.take()).toBeUndefined();
  });

  test("lays the planes one after the other, chroma with half the rows, rounded up", () => {
    expect(planeOffsets(FORMAT)).toEqual([0, LUMA, LUMA + CHROMA]);
    expect(pictureBytes(FORMAT)).toBe(LUMA + 2 * CHROMA);
    const buffer = new BufferPool(FORMAT, 1).take();
    const address = buffer?.planes[0]?.address ?? 0;
    expect(buffer?.bytes).toHaveLength(LUMA + 2 * CHROMA);
    expect(buffer?.planes).toEqual([
      { address, byteCount: LUMA, dmabufFd: -1, dmabufOffset: 0 },
      { address: address + LUMA, byteCount: CHROMA, dmabufFd: -1, dmabufOffset: 0 },
      { address: address + LUMA + CHROMA, byteCount: CHROMA, dmabufFd: -1, dmabufOffset: 0 },
    ]);
  });

  test("lends pixels that are where the planes say, however small the picture", () => {
    for (const width of [16, 32, 64]) {
      const strides = [width, width / 2, width / 2];
      const buffer = new BufferPool({ ...FORMAT, width, height: 16, strides }, 1).take();
      if (buffer === undefined) throw new Error("no buffer");
      // As reading a file into it does: JavaScriptCore moves a small array out of its heap for that.
      expect(buffer.bytes.buffer.byteLength).toBeGreaterThanOrEqual(buffer.bytes.length);
      expect(addressOf(buffer.bytes)).toBe(buffer.planes[0]?.address ?? 0);
    }
  });

  test("lets those who wait have the buffers that come back, and nobody the same one", async () => {
    const pool = new BufferPool(FORMAT, 1);
    const first = pool.take();
    const signal = new AbortController().signal;
    const order: number[] = [];
    const waiting = [1, 2, 3].map(async (who) => {
      const buffer = await pool.takeWhenFree(signal);
      order.push(who);
      expect(pool.take()).toBeUndefined();
      setImmediate(() => buffer.giveBack());
      return buffer;
    });
    first?.giveBack();
    expect(await Promise.all(waiting)).toEqual([first, first, first].flatMap((buffer) => buffer ?? []));
    expect(new Set(order)).toEqual(new Set([1, 2, 3]));
  });

  test("ends a wait with the signal's reason", async () => {
    const pool = new BufferPool(FORMAT, 0);
    const abort = new AbortController();
    const waiting = pool.takeWhenFree(abort.signal);
    abort.abort(new Error("enough"));
    await expect(waiting).rejects.toThrow("enough");
    await expect(pool.takeWhenFree(abort.signal)).rejects.toThrow("enough");
  });
});

/** Memory that says it is a dmabuf, and counts what is done with it. */
class CountingMemory implements PictureMemory {
  readonly bytes = new Uint8Array(pictureBytes(FORMAT));
  readonly address = 4096;
  readonly dmabufFd: number;
  writes = 0;
  frees = 0;

  constructor(dmabufFd: number) {
    this.dmabufFd = dmabufFd;
  }

  write(fill: (bytes: Uint8Array) => void): void {
    this.writes++;
    fill(this.bytes);
  }

  free(): void {
    this.frees++;
  }
}

describe("BufferPool of dmabufs", () => {
  const poolOf = (...fds: number[]) => {
    const memories = fds.map((fd) => new CountingMemory(fd));
    return { memories, pool: new BufferPool(FORMAT, memories), frees: () => memories.map(({ frees }) => frees) };
  };

  test("names the dmabuf of each plane and where the plane starts in it", () => {
    const { pool } = poolOf(7, 8);
    const dmabufOffsets = [0, LUMA, LUMA + CHROMA];
    expect(pool.frameMemory).toEqual({ dmabufFds: [7, 7, 7], dmabufOffsets });
    const planes = [pool.take(), pool.take()].map((buffer) => buffer?.planes ?? []);
    expect(planes.map((each) => each.map(({ dmabufFd }) => dmabufFd))).toEqual([
      [8, 8, 8],
      [7, 7, 7],
    ]);
    for (const each of planes) expect(each.map(({ dmabufOffset }) => dmabufOffset)).toEqual(dmabufOffsets);
  });

  test("has as many buffers as it was given, and writes through their memory", () => {
    const { pool, memories } = poolOf(7);
    const buffer = pool.take();
    expect(pool.take()).toBeUndefined();
    buffer?.write((bytes) => bytes.fill(9));
    expect(memories[0]?.writes).toBe(1);
    expect(memories[0]?.bytes.every((byte) => byte === 9)).toBe(true);
  });

  test("frees what is not lent when it closes, the rest when it comes back, each once", () => {
    const { pool, frees } = poolOf(7, 8, 9);
    const lent = [pool.take(), pool.take()];
    pool.close();
    expect(frees()).toEqual([1, 0, 0]);
    lent[0]?.giveBack();
    expect(frees()).toEqual([1, 0, 1]);
    pool.close();
    lent[1]?.giveBack();
    expect(frees()).toEqual([1, 1, 1]);
  });

  test("lends nothing any more once it is closed", () => {
    const { pool } = poolOf(7, 8);
    const lent = pool.take();
    pool.close();
    expect(pool.take()).toBeUndefined();
    lent?.giveBack();
    expect(pool.take()).toBeUndefined();
  });
});

test("BufferPool of our own memory has no dmabufs to name, and lends nothing once it is closed", () => {
  using pool = new BufferPool(FORMAT, 2);
  expect(pool.frameMemory).toBeUndefined();
  const lent = pool.take();
  pool.close();
  expect(pool.take()).toBeUndefined();
  expect(lent?.bytes).toHaveLength(pictureBytes(FORMAT));
  lent?.giveBack();
  expect(lent?.bytes).toHaveLength(0);
});
