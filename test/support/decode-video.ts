import { FRAME_NUMBER_CODE } from "../../src/capture/frame-number-code.ts";
import { readFrameNumber } from "./read-frame-number.ts";
import { runTool } from "./run-tool.ts";

const RAW = ["-fps_mode", "passthrough", "-f", "rawvideo", "-"];

/** The number in every picture of the video, in order; undefined where one can't be read. */
export async function decodeFrameNumbers(path: string): Promise<(number | undefined)[]> {
  const { cellPixels, columns, rows } = FRAME_NUMBER_CODE;
  const [width, height] = [columns * cellPixels, rows * cellPixels];
  const filter = `extractplanes=y,crop=${width}:${height}:0:0`;
  const luma = await runTool("ffmpeg", "-v", "error", "-i", path, "-vf", filter, ...RAW);
  return pictures(luma, width * height).map((picture) => readFrameNumber(picture, width));
}

/** The first `count` pictures as they are coded, Y, U and V one behind the other. `pixelFormat`: the stream's own, so that nothing is converted. */
export async function decodePictures(
  path: string,
  { pixelFormat, pictureBytes, count }: { pixelFormat: string; pictureBytes: number; count: number },
): Promise<Uint8Array[]> {
  const limit = ["-frames:v", String(count), "-pix_fmt", pixelFormat];
  return pictures(await runTool("ffmpeg", "-v", "error", "-i", path, ...limit, ...RAW), pictureBytes);
}

function pictures(bytes: Uint8Array, pictureBytes: number): Uint8Array[] {
  const count = bytes.length / pictureBytes;
  if (!Number.isInteger(count)) throw new Error(`${bytes.length} bytes are no whole pictures of ${pictureBytes} bytes`);
  return Array.from({ length: count }, (_, index) => bytes.subarray(index * pictureBytes, (index + 1) * pictureBytes));
}
