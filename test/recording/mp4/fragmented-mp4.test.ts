import { describe, expect, test } from "bun:test";
import { heapStats } from "bun:jsc";
import { REC709, SMPTE170M } from "../../../src/capture/stream-format.ts";
import { FragmentedMp4 } from "../../../src/recording/mp4/fragmented-mp4.ts";
import { hideFragments } from "../../../src/recording/mp4/hidden-fragments.ts";
import type { Mp4Sample } from "../../../src/recording/mp4/video-track.ts";
import { TemporaryDirectory } from "../../log/temporary-directory.ts";
import { encodeH264Video, encodeJpegVideo, type EncodedVideo, inGroups, toSamples } from "./encoded-video.ts";
import { countDecodedFrames, ffprobe } from "./ffprobe.ts";
import { boxesIn } from "./ordinary-video.ts";
import { readWithMp4box } from "./read-with-mp4box.ts";

/** A camera's times: never even, a gap of three frames in the middle. */
const TIMES_US = [0, 16_671, 33_329, 50_001, 66_668, 133_340, 150_003, 166_671, 183_338, 200_002];

const h264 = encodeH264Video({ frames: 10, x264: "keyint=4:min-keyint=4:scenecut=0:slices=2" });
const jpeg = encodeJpegVideo(10);

function write(path: string, video: EncodedVideo, samples: readonly Mp4Sample[], samplesPerFragment: number) {
  const mp4 = new FragmentedMp4(video.track);
  const fragments = inGroups(samples, samplesPerFragment).flatMap((group) => mp4.fragment(group));
  return Bun.write(path, Buffer.concat([mp4.initSegment(), ...fragments]));
}

function inTwoFragments(video: EncodedVideo): [init: Uint8Array, first: Uint8Array, second: Uint8Array] {
  const mp4 = new FragmentedMp4(video.track);
  const samples = toSamples(video, TIMES_US);
  const [first, second] = [samples.slice(0, 5), samples.slice(5)];
  return [mp4.initSegment(), Buffer.concat(mp4.fragment(first)), Buffer.concat(mp4.fragment(second))];
}

describe.each([
  ["H.264", h264],
  ["MJPEG", jpeg],
] as const)("FragmentedMp4 with %s", (_name, video) => {
  test("keeps each sample's time, size and key frame flag, however the fragments are cut", async () => {
    using directory = new TemporaryDirectory();
    const samples = toSamples(video, TIMES_US);
    for (const samplesPerFragment of [1, 4, 10]) {
      const path = directory.file(`${samplesPerFragment}.mp4`);
      await write(path, video, samples, samplesPerFragment);
      const { packets } = ffprobe(path);
      expect(packets.map(({ pts, dts, size, flags }) => ({ pts, dts, size, flags }))).toEqual(
        samples.map(({ timeUs, data, isKey }) => ({
          pts: timeUs,
          dts: timeUs,
          size: String(data.byteLength),
          flags: isKey ? "K_" : "__",
        })),
      );
    }
  }, 30_000);

  test("gives a file that mp4box reads as it was written", async () => {
    using directory = new TemporaryDirectory();
    const path = directory.file("video.mp4");
    const samples = toSamples(video, TIMES_US);
    await write(path, video, samples, 4);
    const { movie, read } = await readWithMp4box(path);
    expect(movie).toMatchObject({ timescale: 1_000_000, isFragmented: true });
    expect(movie.tracks).toMatchObject([{ timescale: 1_000_000, language: "und", volume: 0 }]);
    expect(read).toEqual(
      samples.map(({ data, timeUs, durationUs, isKey }) => ({
        data: Buffer.from(data).toString("hex"),
        timeUs,
        durationUs,
        isKey,
      })),
    );
  });

  test("gives a file that ffmpeg decodes to as many pictures", async () => {
    using directory = new TemporaryDirectory();
    const path = directory.file("video.mp4");
    await write(path, video, toSamples(video, TIMES_US), 4);
    expect(countDecodedFrames(path)).toBe(10);
  });

  test("gives a file that plays up to its last whole fragment when it was cut off inside media data", async () => {
    using directory = new TemporaryDirectory();
    const path = directory.file("video.mp4");
    const [init, first, second] = inTwoFragments(video);
    await Bun.write(path, Buffer.concat([init, first, second.subarray(0, -1)]));
    expect(countDecodedFrames(path, { isDamaged: true })).toBeGreaterThanOrEqual(5);
  });

  test("gives a file that plays up to its last whole fragment, wherever hidden fragments after it were cut off", async () => {
    using directory = new TemporaryDirectory();
    const mp4 = new FragmentedMp4(video.track);
    const [first = [], ...others] = inGroups(toSamples(video, TIMES_US), 4);
    const begun = Buffer.concat([mp4.initSegment(), ...mp4.fragment(first)]);
    const hidden = hideFragments(
      begun.length,
      others.flatMap((samples) => mp4.fragment(samples)),
    );
    const bytes = Buffer.concat(hidden.pieces);
    for (const bytesLeft of [0, 4, 9, 17, 42, 95, 128, 1000, bytes.length]) {
      const path = directory.file(`${bytesLeft}.mp4`);
      await Bun.write(path, Buffer.concat([begun, bytes.subarray(0, bytesLeft)]));
      expect(countDecodedFrames(path)).toBe(4);
    }
    const revealed = Buffer.concat([begun, bytes]);
    revealed.set(hidden.reveal.bytes, hidden.reveal.at);
    const path = directory.file("revealed.mp4");
    await Bun.write(path, revealed);
    expect(countDecodedFrames(path)).toBe(10);
  }, 30_000);

  test("is exact beyond 2^32 microseconds", async () => {
    using directory = new TemporaryDirectory();
    const path = directory.file("video.mp4");
    const startUs = 3 * 2 ** 32 + 4_000_000_001;
    await write(
      path,
      video,
      toSamples(
        video,
        TIMES_US.map((timeUs) => startUs + timeUs),
      ),
      3,
    );
    expect(ffprobe(path).packets.map(({ pts }) => pts)).toEqual(TIMES_US.map((timeUs) => startUs + timeUs));
  });
});

test("what reveals fragments lies in one sector of 512 bytes, wherever they are appended", () => {
  const fragment = new FragmentedMp4(jpeg.track).fragment(toSamples(jpeg, TIMES_US));
  for (let at = 5 * 512; at <= 6 * 512; at++) {
    const { pieces, fragmentsAt, reveal } = hideFragments(at, fragment);
    const bytes = Buffer.concat(pieces);
    expect(Math.floor(reveal.at / 512)).toBe(Math.floor((reveal.at + reveal.bytes.length - 1) / 512));
    bytes.set(reveal.bytes, reveal.at - at);
    expect(new Set(boxesIn(bytes).map(({ type }) => type))).toEqual(new Set(["free", "moof", "mdat"]));
    expect(bytes.subarray(fragmentsAt - at).equals(Buffer.concat(fragment))).toBe(true);
  }
});

describe("FragmentedMp4's track", () => {
  test("says what an H.264 stream is and nothing odd", async () => {
    using directory = new TemporaryDirectory();
    const path = directory.file("video.mp4");
    await write(path, h264, toSamples(h264, TIMES_US), 4);
    const [stream, ...others] = ffprobe(path).streams;
    expect(others).toEqual([]);
    expect(stream).toMatchObject({
      codec_name: "h264",
      codec_tag_string: "avc1",
      profile: "High",
      width: 160,
      height: 96,
      pix_fmt: "yuv420p",
      color_range: "tv",
      color_space: "bt709",
      color_transfer: "bt709",
      color_primaries: "bt709",
      is_avc: "true",
      nal_length_size: "4",
      time_base: "1/1000000",
      start_time: "0.000000",
      nb_read_frames: "10",
      tags: { language: "und", handler_name: "VideoHandler" },
    });
  });

  test("says what a JPEG stream is and nothing odd", async () => {
    using directory = new TemporaryDirectory();
    const path = directory.file("video.mp4");
    await write(path, jpeg, toSamples(jpeg, TIMES_US), 4);
    const [stream] = ffprobe(path).streams;
    expect(stream).toMatchObject({
      codec_name: "mjpeg",
      codec_tag_string: "mp4v",
      width: 160,
      height: 96,
      color_range: "pc",
      time_base: "1/1000000",
      nb_read_frames: "10",
    });
  });

  test("carries its colours in a box of type nclx inside the sample entry", () => {
    const bytes = Buffer.from(new FragmentedMp4({ ...h264.track, colour: SMPTE170M }).initSegment());
    const at = bytes.indexOf("colr");
    expect(bytes.readUInt32BE(at - 4)).toBe(19);
    expect(bytes.subarray(at + 4, at + 15).toString("hex")).toBe(
      `${Buffer.from("nclx").toString("hex")}00060006000600`,
    );
    const entryAt = bytes.indexOf("avc1", bytes.indexOf("stsd"));
    expect(at).toBeLessThan(entryAt - 4 + bytes.readUInt32BE(entryAt - 4));
  });

  test("sets the top bit for full range", () => {
    const bytes = Buffer.from(
      new FragmentedMp4({ ...h264.track, colour: { ...REC709, fullRange: true } }).initSegment(),
    );
    const at = bytes.indexOf("nclx");
    expect(bytes.subarray(at + 4, at + 11).toString("hex")).toBe("00010001000180");
  });
});

describe("FragmentedMp4's fragment", () => {
  const mp4 = new FragmentedMp4(jpeg.track);
  const data = Uint8Array.of(0xff, 0xd8, 0xff, 0xd9);

  test("stores the decode time in 64 bits from the start", () => {
    const bytes = Buffer.concat(mp4.fragment([{ data, timeUs: 0, durationUs: 1, isKey: true }]));
    expect(bytes.readUInt8(bytes.indexOf("tfdt") + 4)).toBe(1);
  });

  test("refuses a sample that does not begin where the one before it ended", () => {
    const first = { data, timeUs: 0, durationUs: 10, isKey: true };
    expect(() => mp4.fragment([first, { ...first, timeUs: 11 }])).toThrow("expected at 10 µs");
  });

  test("refuses times that are not whole microseconds, and no samples at all", () => {
    expect(() => mp4.fragment([{ data, timeUs: 0.5, durationUs: 10, isKey: true }])).toThrow("sample time 0.5 µs");
    expect(() => mp4.fragment([{ data, timeUs: 0, durationUs: 2 ** 32, isKey: true }])).toThrow(
      "duration 4294967296 µs",
    );
    expect(() => mp4.fragment([])).toThrow("a fragment needs a sample");
  });

  test("leaves nothing behind in memory", () => {
    const writeFragments = (count: number) => {
      for (let index = 0; index < count; index++) {
        mp4.fragment(
          Array.from({ length: 20 }, (_, k) => ({ data, timeUs: 20 * index + k, durationUs: 1, isKey: true })),
        );
      }
      Bun.gc(true);
      return heapStats().objectCount;
    };
    const before = writeFragments(100);
    expect(writeFragments(1000) - before).toBeLessThan(1000);
  });
});
