import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { finalMovie } from "../../../src/recording/mp4/final-movie.ts";
import { FragmentedMp4 } from "../../../src/recording/mp4/fragmented-mp4.ts";
import { type IndexedSample, SampleIndex } from "../../../src/recording/mp4/sample-index.ts";
import { BoxReader } from "../../../src/verify/box-reader.ts";
import { readMovie } from "../../../src/verify/movie-track.ts";
import { Problems } from "../../../src/verify/problems.ts";
import type { StoredSample } from "../../../src/verify/stored-sample.ts";
import { tableSamples } from "../../../src/verify/table-samples.ts";
import { TemporaryDirectory } from "../../log/temporary-directory.ts";
import { encodeH264Video, encodeJpegVideo, inGroups, toSamples } from "./encoded-video.ts";
import { countDecodedFrames, ffprobe } from "./ffprobe.ts";
import { boxAt, boxesIn, ordinaryVideo } from "./ordinary-video.ts";
import { readWithMp4box } from "./read-with-mp4box.ts";

const TIMES_US = [0, 16_671, 33_329, 50_001, 66_668, 133_340, 150_003, 166_671, 183_338, 200_002];
const h264 = encodeH264Video({ frames: 10, x264: "keyint=4:min-keyint=4:scenecut=0:slices=2" });
const jpeg = encodeJpegVideo(10);

/** A box of the standard's own kind for what it does not define (ISO/IEC 14496-12, 11.1). */
function uuidBox(text: string): Buffer {
  const payload = Buffer.from(`0123456789abcdef${text}`);
  const box = Buffer.concat([Buffer.alloc(4), Buffer.from("uuid"), payload]);
  box.writeUInt32BE(box.length);
  return box;
}

describe("the tables of the final movie box", () => {
  const initial = boxAt(Buffer.from(new FragmentedMp4(jpeg.track).initSegment()), ["moov"]).bytes;

  /** As verify's parser reads them, which shares nothing with the writer. */
  function readTables(index: SampleIndex) {
    const bytes = Buffer.concat(finalMovie(initial, index));
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const problems = new Problems();
    const track = readMovie(new BoxReader("moov", view, 8, bytes.length), problems);
    const samples = [...tableSamples(track, Number.MAX_SAFE_INTEGER, problems)];
    return { samples, duration: track.duration, problems: problems.list() };
  }

  const sample: fc.Arbitrary<IndexedSample> = fc.record({
    byteCount: fc.oneof(fc.constant(7), fc.integer({ min: 1, max: 2 ** 32 - 1 })),
    durationUs: fc.oneof(fc.constant(16_667), fc.integer({ min: 0, max: 2 ** 32 - 1 })),
    isKey: fc.boolean(),
  });
  const chunks = fc.array(
    fc.record({
      gap: fc.oneof(fc.integer({ min: 0, max: 1000 }), fc.integer({ min: 2 ** 31, max: 2 ** 40 })),
      samples: fc.oneof(fc.array(sample, { maxLength: 5 }), fc.array(sample, { minLength: 3, maxLength: 3 })),
    }),
    { maxLength: 12 },
  );

  test("describe exactly the samples that were added", () => {
    fc.assert(
      fc.property(chunks, fc.nat(60), (added, keptMax) => {
        const index = new SampleIndex();
        const expected: StoredSample[] = [];
        let [at, time] = [0, 0];
        for (const { gap, samples } of added) {
          at += gap;
          index.addChunk(at, samples);
          for (const { byteCount, durationUs: duration, isKey: isSync } of samples) {
            expected.push({ number: expected.length + 1, at, byteCount, time, duration, isSync });
            at += byteCount;
            time += duration;
          }
        }
        expect(readTables(index)).toEqual({ samples: expected, duration: time, problems: [] });
        index.truncate(keptMax);
        expect(readTables(index)).toMatchObject({ samples: expected.slice(0, keptMax), problems: [] });
        expect(index.sampleCount).toBe(Math.min(keptMax, expected.length));
      }),
      { numRuns: 300 },
    );
  });

  test("are right across the pages that the index is kept in", () => {
    const index = new SampleIndex();
    const count = 40_000;
    for (let number = 0; number < count; number += 25) {
      const samples = Array.from({ length: 25 }, (_, k) => ({
        byteCount: 1 + ((number + k) % 251),
        durationUs: 16_000 + ((number + k) % 97),
        isKey: k === 0,
      }));
      index.addChunk(number * 1000, samples);
    }
    const { samples, problems } = readTables(index);
    expect(problems).toEqual([]);
    expect(samples).toHaveLength(count);
    for (const number of [0, 16_383, 16_384, 32_768, count - 1]) {
      const durationUs = 16_000 + (number % 97);
      const expected = { byteCount: 1 + (number % 251), duration: durationUs, isSync: number % 25 === 0 };
      expect(samples[number]).toMatchObject(expected);
    }
  });

  test("leave out the table of key frames only where every sample is one", () => {
    const stbl = (isKey: boolean) => {
      const index = new SampleIndex();
      index.addChunk(0, [{ byteCount: 1, durationUs: 1, isKey }]);
      const bytes = Buffer.concat(finalMovie(initial, index));
      return boxesIn(boxAt(bytes, ["moov", "trak", "mdia", "minf", "stbl"]).payload).map(({ type }) => type);
    };
    expect(stbl(true)).toEqual(["stsd", "stts", "stsc", "stsz", "co64"]);
    expect(stbl(false)).toEqual(["stsd", "stts", "stss", "stsc", "stsz", "co64"]);
  });
});

describe("the final movie box", () => {
  test("says all else as the first one did, byte for byte, and announces no fragments", async () => {
    for (const { track } of [h264, jpeg]) {
      const mp4 = new FragmentedMp4(track);
      const first = Buffer.from(mp4.initSegment());
      const last = await ordinaryVideo(mp4, []);
      expect(boxesIn(last).map(({ type }) => type)).toEqual(["ftyp", "mdat", "moov"]);
      expect(boxesIn(boxAt(last, ["moov"]).payload).map(({ type }) => type)).toEqual(["mvhd", "trak"]);
      const [minf, stbl] = [
        ["moov", "trak", "mdia", "minf"],
        ["moov", "trak", "mdia", "minf", "stbl"],
      ];
      for (const path of [
        ["moov", "trak", "mdia", "hdlr"],
        [...minf, "vmhd"],
        [...minf, "dinf"],
        [...stbl, "stsd"],
      ]) {
        expect(boxAt(last, path).bytes).toEqual(boxAt(first, path).bytes);
      }
    }
  });

  test.each([
    [2 ** 32 - 2, 0],
    [2 ** 32 - 1, 1],
    [2 ** 32, 1],
    [5 * 2 ** 32 + 12_345, 1],
  ])("has durations of %p µs in boxes of version %p", async (totalUs, version) => {
    const data = jpeg.pictures[0]?.data ?? new Uint8Array();
    const samples = inGroups(Array.from({ length: 10 }), 1).map((_, index) => {
      const durationUs = Math.floor((totalUs * (index + 1)) / 10) - Math.floor((totalUs * index) / 10);
      return [{ data, timeUs: Math.floor((totalUs * index) / 10), durationUs, isKey: true }];
    });
    const bytes = await ordinaryVideo(new FragmentedMp4(jpeg.track), samples);
    for (const [path, before] of [
      [["moov", "mvhd"], 4],
      [["moov", "trak", "tkhd"], 8],
      [["moov", "trak", "mdia", "mdhd"], 4],
    ] as const) {
      const { payload } = boxAt(bytes, path);
      expect(payload.readUInt8(0)).toBe(version);
      const at = 4 + (version === 1 ? 16 : 8) + before;
      expect(version === 1 ? Number(payload.readBigUInt64BE(at)) : payload.readUInt32BE(at)).toBe(totalUs);
    }
    using directory = new TemporaryDirectory();
    const path = directory.file("video.mp4");
    await Bun.write(path, bytes);
    const { packets, streams } = ffprobe(path);
    expect(packets.map(({ pts }) => pts)).toEqual(samples.map(([sample]) => sample?.timeUs ?? Number.NaN));
    expect(streams[0]).toMatchObject({ duration_ts: totalUs, nb_frames: "10", width: 160, height: 96 });
  });

  test("carries a box of one's own, in the first movie box and in the last", async () => {
    const [begun, ended] = [uuidBox("begun"), uuidBox("ended, and longer")];
    const mp4 = new FragmentedMp4(jpeg.track, begun);
    const samples = inGroups(toSamples(jpeg, TIMES_US), 4);
    expect(boxAt(Buffer.from(mp4.initSegment()), ["moov", "uuid"]).bytes).toEqual(begun);
    const kept = await ordinaryVideo(mp4, samples);
    expect(boxesIn(boxAt(kept, ["moov"]).payload).map(({ type }) => type)).toEqual(["mvhd", "trak", "uuid"]);
    expect(boxAt(kept, ["moov", "uuid"]).bytes).toEqual(begun);
    const replaced = await ordinaryVideo(new FragmentedMp4(jpeg.track, begun), samples, ended);
    expect(boxesIn(boxAt(replaced, ["moov"]).payload).map(({ type }) => type)).toEqual(["mvhd", "trak", "uuid"]);
    expect(boxAt(replaced, ["moov", "uuid"]).bytes).toEqual(ended);
    using directory = new TemporaryDirectory();
    const path = directory.file("video.mp4");
    await Bun.write(path, replaced);
    expect(countDecodedFrames(path)).toBe(10);
  });
});

describe.each([
  ["H.264", h264],
  ["MJPEG", jpeg],
] as const)("an ordinary %s file", (_name, video) => {
  test("has every sample as it was added, to ffmpeg and to mp4box, however the fragments were cut", async () => {
    using directory = new TemporaryDirectory();
    const samples = toSamples(video, TIMES_US);
    for (const samplesPerFragment of [1, 4, 10]) {
      const path = directory.file(`${samplesPerFragment}.mp4`);
      await Bun.write(path, await ordinaryVideo(new FragmentedMp4(video.track), inGroups(samples, samplesPerFragment)));
      expect(countDecodedFrames(path)).toBe(10);
      const { packets } = ffprobe(path);
      expect(packets.map(({ pts, dts, size, flags }) => ({ pts, dts, size, flags }))).toEqual(
        samples.map(({ timeUs, data, isKey }) => ({
          pts: timeUs,
          dts: timeUs,
          size: String(data.byteLength),
          flags: isKey ? "K_" : "__",
        })),
      );
      const { movie, read } = await readWithMp4box(path);
      expect(movie).toMatchObject({ timescale: 1_000_000, isFragmented: false, duration: 216_669 });
      expect(read).toEqual(
        samples.map(({ data, timeUs, durationUs, isKey }) => ({
          data: Buffer.from(data).toString("hex"),
          timeUs,
          durationUs,
          isKey,
        })),
      );
    }
  }, 30_000);

  test("may have one sample, or none", async () => {
    using directory = new TemporaryDirectory();
    for (const count of [1, 0]) {
      const path = directory.file(`${count}.mp4`);
      const samples = inGroups(toSamples(video, TIMES_US).slice(0, count), 1);
      await Bun.write(path, await ordinaryVideo(new FragmentedMp4(video.track), samples));
      expect((await readWithMp4box(path)).read).toHaveLength(count);
      if (count > 0) expect(countDecodedFrames(path)).toBe(count);
    }
  });
});
