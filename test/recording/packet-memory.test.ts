import { expect, test } from "bun:test";
import fc from "fast-check";
import { PacketMemory } from "../../src/recording/packet-memory.ts";

const MIB = 1024 * 1024;

/** Sizes around a slab's, and far below. */
const byteCounts = fc.oneof(fc.nat(5000), fc.integer({ min: MIB - 2, max: MIB + 2 }), fc.nat(2 * MIB));

test("a packet keeps its bytes until it is given back, whatever is taken and given back meanwhile", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(byteCounts, fc.boolean(), fc.nat()), { maxLength: 30 }), (steps) => {
      const memory = new PacketMemory();
      const held: { readonly bytes: Uint8Array; readonly value: number }[] = [];
      for (const [index, [byteCount, givesBack, which]] of steps.entries()) {
        const bytes = memory.take(byteCount);
        expect(bytes.length).toBe(byteCount);
        bytes.fill(index);
        held.push({ bytes, value: index });
        if (!givesBack) continue;
        const [back] = held.splice(which % held.length, 1);
        if (back !== undefined) memory.giveBack(back.bytes.subarray(back.bytes.length >> 1));
      }
      for (const { bytes, value } of held) expect(Buffer.alloc(bytes.length, value).equals(bytes)).toBe(true);
    }),
    { numRuns: 30 },
  );
});

test("packets that are given back in time come from the same memory for ever", () => {
  const memory = new PacketMemory();
  const buffers = new Set<ArrayBufferLike>();
  const waiting: Uint8Array[] = [];
  for (let packet = 0; packet < 10_000; packet++) {
    const bytes = memory.take(200_000);
    buffers.add(bytes.buffer);
    waiting.push(bytes);
    // As fragments are: thirty wait, then the first fifteen are written.
    if (waiting.length === 30) for (const written of waiting.splice(0, 15)) memory.giveBack(written);
  }
  expect(buffers.size).toBeLessThanOrEqual(8); // 5 of them lie in one slab: 30 in 6, and those that are cut by a fragment's end
});

test("what a slow disk made large becomes small again", () => {
  const memory = new PacketMemory();
  const waiting = Array.from({ length: 64 }, () => memory.take(MIB));
  for (const bytes of waiting) memory.giveBack(bytes);
  const again = Array.from({ length: 64 }, () => memory.take(MIB));
  const known = new Set(waiting.map(({ buffer }) => buffer));
  const kept = new Set(again.map(({ buffer }) => buffer).filter((buffer) => known.has(buffer)));
  expect(kept.size).toBeGreaterThan(0);
  expect(kept.size).toBeLessThanOrEqual(17); // 16 MiB, and the slab that was being filled
});

test("memory of somebody else's is not taken in", () => {
  const memory = new PacketMemory();
  const strange = new Uint8Array(MIB);
  memory.giveBack(strange);
  expect(memory.take(MIB).buffer).not.toBe(strange.buffer);
});
