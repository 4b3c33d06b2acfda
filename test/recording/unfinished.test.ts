import { describe, expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { verifyRecording } from "../../src/verify/verify-recording.ts";
import { TemporaryDirectory } from "../log/temporary-directory.ts";
import { drawFrom } from "./file-history.ts";
import { encodeH264Video, encodeJpegVideo } from "./mp4/encoded-video.ts";
import { countDecodedFrames } from "./mp4/ffprobe.ts";
import { metadataInVideo } from "../support/read-metadata.ts";
import { boxesIn } from "./mp4/ordinary-video.ts";
import { recordHistory } from "./recorded-history.ts";

/** Four fragments, the last two of them written together. */
const TIMES_MS = [0, 100, 200.0005, 333, 451, 600, 700.7, 801, 955, 1111, 1210, 1330, 1499, 1600, 1700, 1800];
const COUNT = TIMES_MS.length;

/** How many pictures ffmpeg finds in these bytes. Many steps change only what lies beside the video: it looks once. */
const countPictures = (() => {
  const counts = new Map<string, number>();
  return (bytes: Buffer, { isDamaged = false } = {}): number => {
    const key = `${isDamaged} ${Bun.SHA256.hash(bytes, "hex")}`;
    const known = counts.get(key);
    if (known !== undefined) return known;
    using directory = new TemporaryDirectory();
    writeFileSync(directory.file("x.mp4"), bytes);
    const count = countDecodedFrames(directory.file("x.mp4"), { isDamaged });
    counts.set(key, count);
    return count;
  };
})();

describe.each([
  ["H.264", encodeH264Video({ frames: COUNT, x264: "keyint=7:scenecut=0" })],
  ["MJPEG", encodeJpegVideo(COUNT)],
] as const)("a recording in %s", (_name, encoded) => {
  test("is whole after each step of its end: all of it plays, and verify has nothing to say", async () => {
    const { history, operationsBeforeFinish, video, timing, metadata } = await recordHistory(encoded, TIMES_MS);
    const layouts: string[] = [];
    for (let count = operationsBeforeFinish; count <= history.operations.length; count++) {
      const files = history.afterKill(count);
      const bytes = files.get(video) ?? Buffer.alloc(0);
      using directory = new TemporaryDirectory();
      writeFileSync(directory.file("x.mp4"), bytes);
      writeFileSync(directory.file("x_timing.csv"), files.get(timing) ?? "");
      writeFileSync(directory.file("x_recording.json"), files.get(metadata) ?? "");
      expect(countPictures(bytes)).toBe(COUNT);
      const { samples, rows, problems } = await verifyRecording(directory.file("x.mp4"));
      expect({ samples, rows, problems }).toEqual({ samples: COUNT, rows: COUNT, problems: [] });
      layouts.push(
        boxesIn(bytes)
          .map(({ type }) => type)
          .join(" "),
      );
    }
    const fragments = boxesIn(history.afterKill(operationsBeforeFinish).get(video) ?? Buffer.alloc(0)).slice(3);
    const fragmented = `ftyp free moov ${fragments.map(({ type }) => type).join(" ")}`;
    expect(fragments.length).toBeGreaterThanOrEqual(8);
    const [begun, movieWritten, movieSynced, headerWritten, ...synced] = layouts;
    expect([begun, movieWritten, movieSynced]).toEqual([fragmented, `${fragmented} free`, `${fragmented} free`]);
    expect(headerWritten).toBe("ftyp mdat moov");
    expect(new Set(synced)).toEqual(new Set(["ftyp mdat moov"]));
  }, 30_000);

  test("has all its pictures, without repair, after a power cut at any moment of its end", async () => {
    const { history, operationsBeforeFinish, video, timing } = await recordHistory(encoded, TIMES_MS);
    using directory = new TemporaryDirectory();
    const path = directory.file("x.mp4");
    for (let count = operationsBeforeFinish; count <= history.operations.length; count++) {
      let bytes: Buffer = Buffer.alloc(0);
      for (let seed = 1; seed <= 30; seed++) {
        const files = history.afterPowerCut(count, drawFrom(seed * 7919 + count));
        bytes = files.get(video) ?? Buffer.alloc(0);
        writeFileSync(path, bytes);
        writeFileSync(directory.file("x_timing.csv"), files.get(timing) ?? "");
        expect(await verifyRecording(path)).toMatchObject({ samples: COUNT, rows: COUNT });
      }
      expect(countPictures(bytes, { isDamaged: true })).toBe(COUNT);
    }
  }, 30_000);

  test("says what it is from its first picture on: beside and in the video, each time the one version or the other, whole", async () => {
    const { history, video, metadata, begun, ended, operationsBeforeFinish } = await recordHistory(encoded, TIMES_MS);
    const has = (files: ReadonlyMap<string, Buffer>, path: string) => files.get(path) ?? Buffer.alloc(0);
    const stages = new Set<string>();
    for (let count = 1; count <= history.operations.length; count++) {
      const files = history.afterKill(count, count % 5);
      const isMovieThere = has(files, video).includes("mvex");
      const [beside, inside] = [has(files, metadata).toString(), metadataInVideo(whole(has(files, video)))];
      if (isMovieThere) expect([begun, ended]).toContain(beside);
      if (inside !== undefined) expect([begun, ended]).toContain(inside);
      if (count >= operationsBeforeFinish) expect(inside).toBeDefined();
      stages.add(`${inside === ended} ${beside === ended}`);
      for (let seed = 1; count >= operationsBeforeFinish && seed <= 20; seed++) {
        const cut = history.afterPowerCut(count, drawFrom(seed * 7919 + count));
        expect([begun, ended]).toContain(has(cut, metadata).toString());
        expect([begun, ended]).toContain(metadataInVideo(whole(has(cut, video))) ?? "none");
      }
    }
    // First the video's, then its file's.
    expect([...stages]).toEqual(["false false", "true false", "true true"]);
    expect(has(history.afterKill(history.operations.length), `${metadata}.tmp`)).toHaveLength(0);
  }, 60_000);

  test("plays as far as it was synced wherever it was broken off, by a kill without any damage", async () => {
    const { history, synced, video } = await recordHistory(encoded, TIMES_MS);
    const first = synced.find(({ samples }) => samples > 0)?.operations ?? 0;
    for (let count = first; count <= history.operations.length; count++) {
      const durable = synced.findLast(({ operations }) => operations <= count)?.samples ?? 0;
      const killed = history.afterKill(count, count % 4).get(video) ?? Buffer.alloc(0);
      expect(countPictures(killed)).toBeGreaterThanOrEqual(durable);
      const cut = history.afterPowerCut(count, drawFrom(count)).get(video) ?? Buffer.alloc(0);
      expect(countPictures(cut, { isDamaged: true })).toBeGreaterThanOrEqual(durable);
    }
  }, 60_000);
});

/** Without the box at its end that is cut off. */
function whole(bytes: Buffer): Buffer {
  let end = 0;
  while (end + 16 <= bytes.length) {
    const size = bytes.readUInt32BE(end);
    const next = end + (size === 1 ? Number(bytes.readBigUInt64BE(end + 8)) : size);
    if (size === 0 || next > bytes.length) break;
    end = next;
  }
  return bytes.subarray(0, end);
}
