/** What ffmpeg's libx264 is asked for. */
export interface EncodeOptions {
  readonly frames: number;
  readonly width?: number;
  readonly height?: number;
  readonly pixelFormat?: string;
  /** Appended to `-x264-params`. */
  readonly x264?: string;
  /** Further output options, e.g. `["-profile:v", "baseline"]`. */
  readonly options?: readonly string[];
}

/** An elementary stream of a moving test picture, with start codes (Annex B); no B-frames, headers before each key frame. */
export function encodeAnnexB({
  frames,
  width = 160,
  height = 96,
  pixelFormat = "yuv420p",
  x264,
  options = [],
}: EncodeOptions) {
  const source = `testsrc2=size=${width}x${height}:rate=30,format=${pixelFormat}`;
  const x264Params = ["bframes=0", "repeat-headers=1", "threads=1", ...(x264 ? [x264] : [])].join(":");
  const input = ["-f", "lavfi", "-i", source, "-frames:v", String(frames)];
  return ffmpeg([...input, "-c:v", "libx264", "-x264-params", x264Params, ...options, "-f", "h264", "-"]);
}

/** The stream's pictures as an encoder of ours gives them: NAL units after 4-byte lengths, headers with the key frames. */
export function encodeH264(options: EncodeOptions): Uint8Array<ArrayBuffer>[] {
  return toChunks(splitAnnexB(encodeAnnexB(options)));
}

export function ffmpeg(args: readonly string[], stdin?: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const command = ["ffmpeg", "-hide_banner", "-loglevel", "error", "-nostdin", ...args];
  const { exitCode, stdout, stderr } = Bun.spawnSync(command, stdin ? { stdin } : {});
  if (exitCode !== 0) throw new Error(`${command.join(" ")}: ${stderr.toString()}`);
  return Uint8Array.from(stdout);
}

/** NAL units between start codes 00 00 01, without the zeros around them. */
export function splitAnnexB(stream: Uint8Array): Uint8Array[] {
  const bytes = Buffer.from(stream.buffer, stream.byteOffset, stream.byteLength);
  const startCode = Buffer.from([0, 0, 1]);
  const units: Uint8Array[] = [];
  for (let at = bytes.indexOf(startCode); at >= 0; ) {
    const next = bytes.indexOf(startCode, at + 3);
    let end = next < 0 ? bytes.length : next;
    while (bytes[end - 1] === 0) end--;
    units.push(stream.subarray(at + 3, end));
    at = next;
  }
  return units;
}

/** Groups NAL units into pictures: one begins with whatever comes after slices, or with a slice of macroblock 0. */
export function toChunks(units: readonly Uint8Array[]): Uint8Array<ArrayBuffer>[] {
  const pictures: Uint8Array[][] = [];
  let hasSlice = true;
  for (const unit of units) {
    const type = (unit[0] ?? 0) & 0x1f;
    const isSlice = type === 1 || type === 5;
    const isFirstSlice = isSlice && ((unit[1] ?? 0) & 0x80) !== 0; // first_mb_in_slice = 0 is a single 1 bit
    if (hasSlice && (!isSlice || isFirstSlice)) {
      pictures.push([]);
      hasSlice = false;
    }
    pictures.at(-1)?.push(unit);
    hasSlice ||= isSlice;
  }
  return pictures.map(withLengths);
}

/** NAL units, each after its length in 4 bytes, as one chunk. */
export function withLengths(units: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const parts = units.flatMap((unit) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(unit.byteLength);
    return [length, unit];
  });
  return Uint8Array.from(Buffer.concat(parts));
}
