import { describe, expect, test } from "bun:test";
import { H264SampleReader } from "../../../src/recording/h264/h264-sample-reader.ts";
import { encodeAnnexB, encodeH264, splitAnnexB, toChunks, withLengths } from "./encode-h264.ts";

const SPS = Uint8Array.of(0x67, 0x42, 0, 30, 1);
const PPS = Uint8Array.of(0x68, 2);
const OTHER_PPS = Uint8Array.of(0x68, 3);
const SEI = Uint8Array.of(0x06, 4);
const AUD = Uint8Array.of(0x09, 0x10);
const IDR = Uint8Array.of(0x65, 0x88, 5);
const SLICE = Uint8Array.of(0x41, 0x9a, 6);

describe("H264SampleReader with libx264's stream", () => {
  const stream = encodeAnnexB({ frames: 12, x264: "slices=3:keyint=5:min-keyint=5:scenecut=0" });
  const units = splitAnnexB(stream);
  const chunks = toChunks(units);

  test("gives one sample per picture, key frames where the encoder put them", () => {
    const reader = new H264SampleReader();
    expect(chunks.map((chunk) => reader.read(chunk)?.isKey)).toEqual(
      Array.from({ length: 12 }, (_, index) => index % 5 === 0),
    );
  });

  test("leaves out the parameter sets and nothing else", () => {
    const reader = new H264SampleReader();
    const samples = chunks.map((chunk) => reader.read(chunk)?.data ?? new Uint8Array());
    const others = units.filter(([header = 0]) => ![7, 8].includes(header & 0x1f));
    expect(Buffer.concat(samples).equals(withLengths(others))).toBe(true);
    const { sps = [], pps = [] } = reader.parameterSets ?? {};
    expect([...sps, ...pps].map((set) => Buffer.from(set).toString("hex"))).toEqual(
      units.slice(0, 2).map((set) => Buffer.from(set).toString("hex")),
    );
  });

  test("does not copy where the parameter sets stand in front", () => {
    const reader = new H264SampleReader();
    expect(chunks.every((chunk) => reader.read(chunk)?.data.buffer === chunk.buffer)).toBe(true);
  });
});

describe("H264SampleReader", () => {
  test("copies a sample whose parameter sets stand behind something that stays", () => {
    const sample = new H264SampleReader().read(withLengths([AUD, SPS, PPS, SEI, IDR]));
    expect(sample).toEqual({ data: withLengths([AUD, SEI, IDR]), isKey: true });
  });

  test("takes parameter sets from a chunk of their own, which is no sample", () => {
    const reader = new H264SampleReader();
    expect(reader.parameterSets).toBeUndefined();
    expect(reader.read(withLengths([SPS, PPS]))).toBeUndefined();
    expect(reader.parameterSets).toEqual({ sps: [SPS], pps: [PPS] });
    expect(reader.read(withLengths([IDR]))).toEqual({ data: withLengths([IDR]), isKey: true });
    expect(reader.read(withLengths([SLICE, SLICE]))).toEqual({ data: withLengths([SLICE, SLICE]), isKey: false });
  });

  test("keeps its own copy of the parameter sets", () => {
    const reader = new H264SampleReader();
    const chunk = withLengths([SPS, PPS, IDR]);
    reader.read(chunk);
    chunk.fill(0);
    expect(reader.parameterSets).toEqual({ sps: [SPS], pps: [PPS] });
  });

  test("takes several picture parameter sets before the first picture", () => {
    const reader = new H264SampleReader();
    reader.read(withLengths([SPS, PPS, OTHER_PPS, IDR]));
    reader.read(withLengths([SPS, OTHER_PPS, IDR]));
    expect(reader.parameterSets).toEqual({ sps: [SPS], pps: [PPS, OTHER_PPS] });
  });

  test("reports parameter sets that change after the first picture", () => {
    const reader = new H264SampleReader();
    reader.read(withLengths([SPS, PPS, IDR]));
    expect(() => reader.read(withLengths([SPS, OTHER_PPS, IDR]))).toThrow(
      "H.264 picture parameter set changed in mid-stream: got 6803, expected those of the first picture",
    );
  });

  test("reports an encoder that was set up anew with another size", () => {
    const reader = new H264SampleReader();
    for (const chunk of encodeH264({ frames: 2 })) reader.read(chunk);
    const [other = new Uint8Array()] = encodeH264({ frames: 1, width: 176 });
    expect(() => reader.read(other)).toThrow("H.264 sequence parameter set changed in mid-stream");
  });

  test("reports a picture before any parameter sets", () => {
    expect(() => new H264SampleReader().read(withLengths([SLICE]))).toThrow("starts without parameter sets");
  });
});
