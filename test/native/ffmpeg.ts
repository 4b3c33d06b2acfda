/** What the stream says of its own colour, and how many pictures it decodes to. */
export interface StreamReport {
  readonly pix_fmt: string;
  readonly color_range?: string;
  readonly color_space?: string;
  readonly color_transfer?: string;
  readonly color_primaries?: string;
  readonly level: number;
  readonly nb_read_frames: string;
}

/** NAL units after 4-byte lengths (ISO/IEC 14496-15) as a byte stream with start codes (ITU-T H.264, annex B). */
export function annexB(packets: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(packets.flatMap((packet) => nalUnits(packet).flatMap((unit) => [START_CODE, unit])));
}

const START_CODE = Uint8Array.of(0, 0, 0, 1);

function nalUnits(packet: Uint8Array): Uint8Array[] {
  const view = new DataView(packet.buffer, packet.byteOffset, packet.byteLength);
  const units: Uint8Array[] = [];
  for (let start = 0; start < packet.length; ) {
    const end = start + 4 + view.getUint32(start);
    units.push(packet.subarray(start + 4, end));
    start = end;
  }
  return units;
}

/** nal_unit_type of each unit: 5 = IDR slice, 1 = other slice, 7 = SPS, 8 = PPS (ITU-T H.264, table 7-1). */
export function nalTypes(packet: Uint8Array): number[] {
  return nalUnits(packet).map((unit) => (unit[0] ?? 0) & 0x1f);
}

/** The decoded pictures, one behind the other, in the decoder's own layout unless `pixelFormat` names another. */
export async function decode(demuxer: "h264" | "mjpeg", stream: Uint8Array, pixelFormat?: string): Promise<Uint8Array> {
  const layout = pixelFormat === undefined ? [] : ["-pix_fmt", pixelFormat];
  return run(
    ["ffmpeg", "-v", "error", "-f", demuxer, "-i", "-", ...layout, "-f", "rawvideo", "-fps_mode", "passthrough", "-"],
    stream,
  );
}

export async function probe(demuxer: "h264" | "mjpeg", stream: Uint8Array): Promise<StreamReport> {
  const out = await run(
    ["ffprobe", "-v", "error", "-f", demuxer, "-count_frames", "-show_streams", "-of", "json", "-"],
    stream,
  );
  const [report] = (JSON.parse(new TextDecoder().decode(out)) as { streams: StreamReport[] }).streams;
  if (report === undefined) throw new Error("ffprobe finds no stream");
  return report;
}

async function run(command: string[], input: Uint8Array): Promise<Uint8Array> {
  const child = Bun.spawn(command, { stdin: input, stdout: "pipe", stderr: "pipe" });
  const [out, errors, status] = await Promise.all([child.stdout.bytes(), child.stderr.text(), child.exited]);
  if (status !== 0 || errors !== "") throw new Error(`${command[0]} ended with ${status}: ${errors}`);
  return out;
}

/** Y, U and V of one pixel of a decoded 4:2:0 picture. */
export function yuvAt(picture: Uint8Array, width: number, height: number, x: number, y: number): number[] {
  const chroma = width * height + (y >> 1) * (width / 2) + (x >> 1);
  return [picture[y * width + x] ?? -1, picture[chroma] ?? -1, picture[chroma + (width * height) / 4] ?? -1];
}
