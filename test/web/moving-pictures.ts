import { SyntheticPicture } from "../../src/capture/synthetic-picture.ts";
import { SMPTE170M, type StreamFormat } from "../../src/capture/stream-format.ts";
import { TemporaryDirectory } from "../log/temporary-directory.ts";
import { runTool } from "../support/run-tool.ts";

/**
 * JPEGs of the synthetic camera's pictures 1, 2 … `count`, each with its number in its corner. `scale`: of the camera's
 * size, as previews are.
 */
export async function movingPictures(width: number, height: number, count: number, scale = 1): Promise<Uint8Array[]> {
  using directory = new TemporaryDirectory();
  const format: StreamFormat = {
    width,
    height,
    pixelFormat: "YUV420",
    strides: [width, width / 2, width / 2],
    colour: SMPTE170M,
  };
  const picture = new SyntheticPicture(format);
  const bytes = (width * height * 3) / 2;
  const raw = new Uint8Array(bytes * count);
  for (let index = 0; index < count; index++) {
    picture.paint(raw.subarray(index * bytes, (index + 1) * bytes), index + 1);
  }
  const file = directory.file("pictures.yuv");
  await Bun.write(file, raw);
  const input = ["-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", `${width}x${height}`, "-i", file];
  const scaled = ["-vf", `scale=${width * scale}:${height * scale}:out_range=full,format=yuvj420p`];
  const output = ["-c:v", "mjpeg", "-q:v", "3", "-f", "image2pipe", "-"];
  return splitJpegs(await runTool("ffmpeg", "-v", "error", ...input, ...scaled, ...output));
}

/** Images one behind the other: between SOI and EOI, 0xff in the data is always followed by something else. */
function splitJpegs(stream: Uint8Array): Uint8Array[] {
  const END_OF_IMAGE = Buffer.from([0xff, 0xd9]);
  const buffer = Buffer.from(stream);
  const images: Uint8Array[] = [];
  for (let start = 0, end = 0; start < buffer.length; start = end) {
    const found = buffer.indexOf(END_OF_IMAGE, start);
    if (found === -1) throw new Error("the last JPEG has no end");
    end = found + END_OF_IMAGE.length;
    images.push(buffer.subarray(start, end));
  }
  return images;
}
