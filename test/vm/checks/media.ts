import { z } from "zod";

const Probe = z.object({
  streams: z.array(
    z.object({
      codec_name: z.string(),
      width: z.number(),
      height: z.number(),
      time_base: z.string(),
      nb_read_frames: z.coerce.number(),
    }),
  ),
  packets: z.array(z.object({ pts: z.number(), dts: z.number(), flags: z.string() })),
});

export interface Media {
  readonly codec: string;
  readonly width: number;
  readonly height: number;
  /** Frames that a decoder gets out of it. */
  readonly decodedFrames: number;
  readonly packets: readonly { readonly ptsNs: bigint; readonly isKey: boolean }[];
}

/** What ffprobe finds in a file with one video stream. Throws when it complains about anything. */
export async function probe(path: string): Promise<Media> {
  const entries = "stream=codec_name,width,height,time_base,nb_read_frames:packet=pts,dts,flags";
  const text = await run(`ffprobe -v warning -of json -count_frames -show_packets -show_entries ${entries}`, path);
  const { streams, packets } = Probe.parse(JSON.parse(new TextDecoder().decode(text)));
  const [stream] = streams;
  if (stream === undefined || streams.length !== 1) throw new Error(`it has ${streams.length} streams, expected 1`);
  const [numerator = "", denominator = ""] = stream.time_base.split("/");
  return {
    codec: stream.codec_name,
    width: stream.width,
    height: stream.height,
    decodedFrames: stream.nb_read_frames,
    packets: packets.map(({ pts, flags }) => ({
      ptsNs: (BigInt(pts) * 1_000_000_000n * BigInt(numerator)) / BigInt(denominator),
      isKey: flags.startsWith("K"),
    })),
  };
}

/** All frames of a file, decoded: 3 bytes a pixel, R G B, no padding. */
export async function decodeRgb(path: string, { width, height }: Media): Promise<Uint8Array[]> {
  const toRgb =
    "-fps_mode passthrough -enc_time_base -1 -sws_flags accurate_rnd+full_chroma_int -f rawvideo -pix_fmt rgb24 -";
  const bytes = await run("ffmpeg -v error -i", path, toRgb);
  const frameBytes = width * height * 3;
  return Array.from({ length: Math.ceil(bytes.length / frameBytes) }, (_, index) =>
    bytes.subarray(index * frameBytes, (index + 1) * frameBytes),
  );
}

/** Runs `options` (words), the file and more words; its output. Throws when it complains. */
async function run(options: string, path: string, more = ""): Promise<Uint8Array> {
  const command = [...options.split(" "), path, ...more.split(" ").filter((word) => word !== "")];
  const child = Bun.spawn(command, { stdin: "ignore", stdout: "pipe", stderr: "pipe" });
  const [output, complaints, status] = await Promise.all([
    new Response(child.stdout).bytes(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  if (status !== 0 || complaints !== "") throw new Error(`${command[0]} exits with ${status}: ${complaints.trim()}`);
  return output;
}
