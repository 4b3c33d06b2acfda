import { expect, test } from "bun:test";
import { buildAvcConfiguration } from "../../../src/recording/h264/avc-configuration.ts";
import { H264SampleReader } from "../../../src/recording/h264/h264-sample-reader.ts";
import { TemporaryDirectory } from "../../log/temporary-directory.ts";
import { encodeAnnexB, ffmpeg, splitAnnexB, toChunks } from "./encode-h264.ts";

test.each([
  ["Baseline", "yuv420p", "baseline"],
  ["Main", "yuv420p", "main"],
  ["High", "yuv420p", "high"],
  ["High 10", "yuv420p10le", "high10"],
  ["High 4:2:2", "yuv422p", "high422"],
  ["High 4:4:4", "yuv444p", "high444"],
])(
  "avcC of %s is byte for byte the one that ffmpeg writes",
  (_name, pixelFormat, profile) => {
    using directory = new TemporaryDirectory();
    const stream = encodeAnnexB({ frames: 1, pixelFormat, options: ["-profile:v", profile] });
    const reader = new H264SampleReader();
    for (const chunk of toChunks(splitAnnexB(stream))) reader.read(chunk);
    const { parameterSets = { sps: [], pps: [] } } = reader;
    expect(Buffer.from(buildAvcConfiguration(parameterSets)).toString("hex")).toBe(
      ffmpegAvcConfiguration(stream, directory.file("reference.mp4")),
    );
  },
  20_000,
);

function ffmpegAvcConfiguration(stream: Uint8Array<ArrayBuffer>, path: string): string {
  ffmpeg(["-f", "h264", "-i", "-", "-c", "copy", "-y", path], stream);
  const bytes = ffmpeg(["-i", path, "-c", "copy", "-f", "mp4", "-movflags", "empty_moov", "pipe:1"]);
  const box = Buffer.from(bytes);
  const at = box.indexOf("avcC");
  return box.subarray(at + 4, at - 4 + box.readUInt32BE(at - 4)).toString("hex");
}
