import { type Colour, REC709, SYCC } from "../../../src/capture/stream-format.ts";
import { H264SampleReader } from "../../../src/recording/h264/h264-sample-reader.ts";
import type { Mp4Sample, VideoTrack } from "../../../src/recording/mp4/video-track.ts";
import { encodeH264, type EncodeOptions, ffmpeg } from "../h264/encode-h264.ts";

/** Encoded pictures and the track that they belong into. */
export interface EncodedVideo {
  readonly track: VideoTrack;
  readonly pictures: readonly Pick<Mp4Sample, "data" | "isKey">[];
}

/** x264's words for a colour, for its VUI. */
const X264_REC709 = "colorprim=bt709:transfer=bt709:colormatrix=bt709:range=tv";

export function encodeH264Video(options: EncodeOptions & { colour?: Colour }): EncodedVideo {
  const { width = 160, height = 96, colour = REC709, x264 = "" } = options;
  const reader = new H264SampleReader();
  const chunks = encodeH264({ ...options, x264: [X264_REC709, x264].filter(Boolean).join(":") });
  const pictures = chunks.flatMap((chunk) => reader.read(chunk) ?? []);
  const { parameterSets } = reader;
  if (!parameterSets) throw new Error("no parameter sets");
  return { track: { codec: "h264", width, height, colour, parameterSets }, pictures };
}

export function encodeJpegVideo(frames: number, width = 160, height = 96): EncodedVideo {
  const source = `testsrc2=size=${width}x${height}:rate=30`;
  const encoder = ["-c:v", "mjpeg", "-pix_fmt", "yuvj420p", "-f", "image2pipe", "-"];
  const stream = Buffer.from(ffmpeg(["-f", "lavfi", "-i", source, "-frames:v", String(frames), ...encoder]));
  const pictures: { data: Uint8Array; isKey: boolean }[] = [];
  const endAndStart = Buffer.from([0xff, 0xd9, 0xff, 0xd8]);
  for (let at = 0; at < stream.length; ) {
    const next = stream.indexOf(endAndStart, at);
    const end = next < 0 ? stream.length : next + 2;
    pictures.push({ data: stream.subarray(at, end), isKey: true });
    at = end;
  }
  return { track: { codec: "mjpeg", width, height, colour: SYCC }, pictures };
}

/** Samples that begin at these times; the last one lasts `lastDurationUs`. */
export function toSamples(
  { pictures }: EncodedVideo,
  timesUs: readonly number[],
  lastDurationUs = 16_667,
): Mp4Sample[] {
  return pictures.map((picture, index) => {
    const timeUs = timesUs[index] ?? 0;
    return { ...picture, timeUs, durationUs: (timesUs[index + 1] ?? timeUs + lastDurationUs) - timeUs };
  });
}

/** Groups of at most `size`. */
export function inGroups<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
