import { expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import fc from "fast-check";
import { PictureFile } from "../../src/capture/picture-file.ts";
import { ReplaySource } from "../../src/capture/replay-source.ts";
import { RuntimeError } from "../../src/errors.ts";
import { CollectingEvents, never } from "../capture/collecting-events.ts";
import { TemporaryDirectory } from "../log/temporary-directory.ts";
import { waitUntil } from "../log/wait-until.ts";
import { atBoundedCost } from "./bounded-cost.ts";
import { AS_LONG_AS_IT_MAY, FUZZ_TIMEOUT_MS } from "./effort.ts";
import { mutations } from "./mutations.ts";

/** A file's first line, in pieces that say something, nothing, or too much. */
const tag = fc.oneof(
  fc
    .tuple(fc.constantFrom("W", "H"), fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer()))
    .map((parts) => parts.join("")),
  fc.tuple(fc.nat(1200), fc.nat(1200)).map(([numerator, denominator]) => `F${numerator}:${denominator}`),
  fc.constantFrom("Ip", "A0:0", "C420jpeg", "C420", "C422", "XCOLORRANGE=FULL", "XYSCSS=420JPEG", ""),
  fc.string({ maxLength: 12 }),
);
const header = fc
  .tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 }), fc.array(tag, { maxLength: 6 }))
  .map(([width, height, tags]) => ["YUV4MPEG2", `W${width}`, `H${height}`, ...tags].join(" "));
const content = fc
  .tuple(header, fc.array(fc.uint8Array({ maxLength: 3000 }), { maxLength: 4 }), mutations)
  .map(([line, pictures, change]) => {
    const frames = pictures.flatMap((picture) => [Buffer.from("FRAME\n"), picture]);
    return change(Buffer.concat([Buffer.from(`${line}\n`, "latin1"), ...frames]));
  });

/** What the error has to be. */
function expectBadFile(error: unknown): void {
  expect(error).toBeInstanceOf(RuntimeError);
  expect(error).toMatchObject({ code: "bad_source_file" });
  expect(String(error).length).toBeLessThan(600);
}

test(
  "any file holds pictures or is a bad_source_file, within its length's cost",
  async () => {
    using directory = new TemporaryDirectory();
    const path = directory.file("x.y4m");
    await fc.assert(
      fc.asyncProperty(content, async (bytes) => {
        writeFileSync(path, bytes);
        await atBoundedCost(bytes.length, async () => {
          try {
            await using file = await PictureFile.open(path, undefined);
            const { width, height, strides } = file.format;
            const picture = new Uint8Array(width * height + 2 * (strides[1] ?? 0) * Math.ceil(height / 2));
            // It has that much in it, so this is no more than the file.
            expect(picture.length).toBeLessThan(bytes.length);
            for (let count = 0; count < 5; count++) await file.read(picture);
          } catch (error) {
            expectBadFile(error);
          }
        });
      }),
      AS_LONG_AS_IT_MAY,
    );
  },
  FUZZ_TIMEOUT_MS,
);

test(
  "what was written is read: size, rate and every picture",
  async () => {
    using directory = new TemporaryDirectory();
    const path = directory.file("x.y4m");
    const side = fc.integer({ min: 1, max: 24 });
    const pictures = fc.array(fc.nat(255), { minLength: 1, maxLength: 5 });
    const rate = fc.record({
      numerator: fc.integer({ min: 1, max: 1000 }),
      denominator: fc.integer({ min: 1, max: 10 }),
    });
    await fc.assert(
      fc.asyncProperty(side, side, rate, pictures, async (width, height, { numerator, denominator }, values) => {
        const byteCount = width * height + 2 * Math.ceil(width / 2) * Math.ceil(height / 2);
        const frames = values.flatMap((value) => [Buffer.from("FRAME\n"), Buffer.alloc(byteCount, value)]);
        const line = `YUV4MPEG2 W${width} H${height} F${numerator}:${denominator}\n`;
        writeFileSync(path, Buffer.concat([Buffer.from(line), ...frames]));
        await using file = await PictureFile.open(path, undefined);
        expect(file).toMatchObject({ frameRate: numerator / denominator, format: { width, height } });
        const picture = new Uint8Array(byteCount);
        for (const value of [...values, ...values]) {
          await file.read(picture);
          expect(picture.every((byte) => byte === value)).toBe(true);
        }
      }),
      AS_LONG_AS_IT_MAY,
    );
  },
  FUZZ_TIMEOUT_MS,
);

test(
  "a replay of any file gives frames, or fails once, and closes",
  async () => {
    using directory = new TemporaryDirectory();
    const path = directory.file("x.y4m");
    await fc.assert(
      fc.asyncProperty(content, fc.option(fc.constant(1000)), async (bytes, frameRate) => {
        writeFileSync(path, bytes);
        await using source = new ReplaySource({ path, raw: undefined, frameRate: frameRate ?? undefined });
        const events = new CollectingEvents();
        await source.open(events, never).catch((error: RuntimeError) => events.failures.push(error));
        const hasCome = (): boolean => events.frames.length > 0 || events.failures.length > 0;
        await waitUntil("a frame or a failure", hasCome, 10_000);
        await source.close();
        events.failures.forEach(expectBadFile);
        expect(events.failures.length).toBeLessThanOrEqual(1);
      }),
      AS_LONG_AS_IT_MAY,
    );
  },
  FUZZ_TIMEOUT_MS,
);
