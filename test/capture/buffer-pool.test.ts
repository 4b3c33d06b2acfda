import { describe, expect, test } from "bun:test";
import { BufferPool, pictureBytes, planeOffsets } from "../../src/capture/buffer-pool.ts";
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
