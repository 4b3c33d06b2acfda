import { describe, expect, test } from "bun:test";
import { mkdirSync, writeFileSync } from "node:fs";
import fc from "fast-check";
import { PictureFile } from "../../src/capture/picture-file.ts";
import { REC709, type StreamFormat } from "../../src/capture/stream-format.ts";
import { RuntimeError } from "../../src/errors.ts";
import { TemporaryDirectory } from "../log/temporary-directory.ts";

const HEADER = "YUV4MPEG2 W16 H16 F25:1\n";
const PICTURE_BYTES = 16 * 16 + 2 * 8 * 8;
const picture = (value: number) => Buffer.alloc(PICTURE_BYTES, value);
const y4m = (...values: number[]) =>
  Buffer.concat([Buffer.from(HEADER), ...values.flatMap((value) => [Buffer.from("FRAME\n"), picture(value)])]);

const RAW: StreamFormat = { width: 16, height: 16, pixelFormat: "YUV420", strides: [32, 16, 16], colour: REC709 };
const RAW_BYTES = 32 * 16 + 2 * 16 * 8;

async function readValues(file: PictureFile, count: number, byteCount = PICTURE_BYTES): Promise<number[]> {
  const bytes = new Uint8Array(byteCount);
  const values: number[] = [];
  for (let index = 0; index < count; index++) {
    await file.read(bytes);
    expect(new Set(bytes).size).toBe(1);
    values.push(bytes[0] ?? -1);
  }
  return values;
}

/** What becomes of a file with these bytes, whoever reads it: the values of the pictures read, or the error's code. */
async function play(content: Uint8Array, count: number): Promise<number[] | string> {
  using directory = new TemporaryDirectory();
  writeFileSync(directory.file("x.y4m"), content);
  const [inTurn, blocking] = [await playFile(directory, count, false), await playFile(directory, count, true)];
  expect(blocking).toEqual(inTurn);
  return inTurn;
}

async function playFile(directory: TemporaryDirectory, count: number, isBlocking: boolean): Promise<number[] | string> {
  try {
    await using file = await PictureFile.open(directory.file("x.y4m"), undefined, { isBlocking });
    return await readValues(file, count);
  } catch (error) {
    if (error instanceof RuntimeError) return error.code;
    throw error;
  }
}

describe("PictureFile", () => {
  test("reads a Y4M file's pictures in order, round and round", async () => {
    expect(await play(y4m(1, 2, 3), 8)).toEqual([1, 2, 3, 1, 2, 3, 1, 2]);
  });

  test("knows the file's format and rate", async () => {
    using directory = new TemporaryDirectory();
    writeFileSync(directory.file("x.y4m"), y4m(1));
    await using file = await PictureFile.open(directory.file("x.y4m"), undefined);
    expect(file).toMatchObject({ frameRate: 25, format: { width: 16, height: 16, strides: [16, 8, 8] } });
  });

  test("refuses to open a file that is shorter than one of its pictures, before anybody makes room for it", async () => {
    using directory = new TemporaryDirectory();
    writeFileSync(directory.file("x.y4m"), "YUV4MPEG2 W16384 H16384\nFRAME\nabc");
    await expect(PictureFile.open(directory.file("x.y4m"), undefined)).rejects.toMatchObject({
      code: "bad_source_file",
      message: "the file to replay holds no whole picture of 402653184 bytes",
    });
  });

  test("skips what a frame's marker says", async () => {
    const content = Buffer.concat([Buffer.from(`${HEADER}FRAME Ip XFOO=1\n`), picture(9)]);
    expect(await play(content, 2)).toEqual([9, 9]);
  });

  test("reads raw pictures with the stride that is given", async () => {
    using directory = new TemporaryDirectory();
    writeFileSync(directory.file("x.yuv"), Buffer.concat([1, 2].map((value) => Buffer.alloc(RAW_BYTES, value))));
    await using file = await PictureFile.open(directory.file("x.yuv"), { format: RAW });
    expect(file.frameRate).toBeUndefined();
    expect(await readValues(file, 5, RAW_BYTES)).toEqual([1, 2, 1, 2, 1]);
  });

  test("leaves out a raw picture that is cut short", async () => {
    using directory = new TemporaryDirectory();
    const cut = [Buffer.alloc(RAW_BYTES, 1), Buffer.alloc(RAW_BYTES - 1, 2)];
    writeFileSync(directory.file("x.yuv"), Buffer.concat(cut));
    await using file = await PictureFile.open(directory.file("x.yuv"), { format: RAW });
    expect(await readValues(file, 3, RAW_BYTES)).toEqual([1, 1, 1]);
  });

  test("cut off anywhere plays its whole pictures, or is refused where it has none", async () => {
    const whole = y4m(1, 2);
    const firstEnd = HEADER.length + 6 + PICTURE_BYTES;
    const edges = [
      0,
      5,
      HEADER.length - 1,
      HEADER.length,
      HEADER.length + 3,
      HEADER.length + 6,
      firstEnd - 1,
      firstEnd,
    ];
    for (const length of [...edges, firstEnd + 3, firstEnd + 5, firstEnd + 6, firstEnd + 7, whole.length - 1]) {
      const expected = length < firstEnd ? "bad_source_file" : [1, 1];
      expect([length, await play(whole.subarray(0, length), 2)]).toEqual([length, expected]);
    }
  });

  test("refuses what is no Y4M file, is not there, or is a folder", async () => {
    using directory = new TemporaryDirectory();
    writeFileSync(directory.file("x.txt"), "hello\n");
    mkdirSync(directory.file("folder.y4m"));
    for (const name of ["x.txt", "missing.y4m", "folder.y4m"]) {
      const opening = PictureFile.open(directory.file(name), undefined);
      await expect(opening).rejects.toMatchObject({ name: "RuntimeError", code: "bad_source_file" });
    }
  });

  test("makes of any bytes behind a header pictures or a bad_source_file", async () => {
    const marker = fc.constantFrom("FRAME\n", "FRAME", "FRAM\n", "frame\n", "");
    const body = fc.array(fc.tuple(marker, fc.uint8Array({ maxLength: 2 * PICTURE_BYTES })), { maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(body, async (parts) => {
        const tail = parts.flatMap(([text, bytes]) => [Buffer.from(text), Buffer.from(bytes.fill(7))]);
        const result = await play(Buffer.concat([Buffer.from(HEADER), ...tail]), 3);
        expect(Array.isArray(result) || result === "bad_source_file").toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});
