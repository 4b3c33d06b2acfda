import { RuntimeError, shorten } from "../errors.ts";
import { type Colour, SMPTE170M, type StreamFormat, SYCC } from "./stream-format.ts";

export interface Y4mHeader {
  readonly format: StreamFormat;
  /** Frames per second. */
  readonly frameRate: number;
  /** Where the first frame's marker begins, bytes. */
  readonly headerBytes: number;
}

/** The longest first line that is read. */
export const Y4M_HEADER_BYTES_MAX = 4096;

const SUBSAMPLINGS_420 = new Set(["420", "420jpeg", "420mpeg2", "420paldv"]);

/**
 * Reads the first line of a YUV4MPEG2 file (yuv4mpeg(5), MJPEG tools): 8-bit 4:2:0 only. `start` holds the file's
 * first bytes. Throws `bad_source_file` with what was expected.
 */
export function parseY4mHeader(start: Uint8Array): Y4mHeader {
  const lineEnd = start.indexOf(0x0a);
  const line = new TextDecoder("latin1").decode(start.subarray(0, Math.max(0, lineEnd)));
  const [magic, ...fields] = line.split(" ");
  if (lineEnd < 0 || magic !== "YUV4MPEG2") throw bad("it does not start with a YUV4MPEG2 line");
  const tags = new Map(fields.filter((field) => !field.startsWith("X")).map((field) => [field[0], field.slice(1)]));
  const width = wholeNumber(tags.get("W"), "width W");
  const height = wholeNumber(tags.get("H"), "height H");
  const subsampling = tags.get("C") ?? "420jpeg";
  if (!SUBSAMPLINGS_420.has(subsampling)) throw bad(`pixel layout C${shorten(subsampling, 40)}: expected 8-bit 4:2:0`);
  const chroma = Math.ceil(width / 2);
  return {
    format: { width, height, pixelFormat: "YUV420", strides: [width, chroma, chroma], colour: colourOf(fields) },
    frameRate: frameRateOf(tags.get("F")),
    headerBytes: lineEnd + 1,
  };
}

function colourOf(fields: readonly string[]): Colour {
  return fields.includes("XCOLORRANGE=FULL") ? SYCC : SMPTE170M;
}

/** Frames per second: what `--capture-fps` takes as well. */
const FRAME_RATE_MIN = 0.1;
const FRAME_RATE_MAX = 1000;

function frameRateOf(text = "30:1"): number {
  const [, numerator, denominator] = /^(\d+):(\d+)$/.exec(text) ?? [];
  const rate = Number(numerator) / Number(denominator);
  if (!(rate >= FRAME_RATE_MIN && rate <= FRAME_RATE_MAX)) {
    const expected = `expected numerator:denominator from ${FRAME_RATE_MIN} to ${FRAME_RATE_MAX}`;
    throw bad(`frame rate F${shorten(text, 40)}: ${expected}`);
  }
  return rate;
}

function wholeNumber(text: string | undefined, what: string): number {
  const value = /^\d+$/.test(text ?? "") ? Number(text) : 0;
  if (!(value > 0 && value <= 16_384)) {
    throw bad(`${what} is ${shorten(text ?? "missing", 40)}: expected a number of pixels up to 16384`);
  }
  return value;
}

function bad(why: string): RuntimeError {
  return new RuntimeError("bad_source_file", `not a Y4M file that can be played: ${why}`);
}
