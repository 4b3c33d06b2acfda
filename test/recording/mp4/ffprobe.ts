/** What ffprobe says of a file's first stream; numbers of the container's timescale. */
export interface Probe {
  readonly streams: readonly Record<string, unknown>[];
  readonly packets: readonly {
    readonly pts: number;
    readonly dts: number;
    readonly duration: number;
    readonly size: string;
    readonly flags: string;
  }[];
}

export function ffprobe(path: string): Probe {
  const what = ["-show_streams", "-show_packets", "-count_frames", "-of", "json"];
  const { exitCode, stdout, stderr } = Bun.spawnSync(["ffprobe", "-v", "warning", ...what, path]);
  const said = stderr.toString();
  if (exitCode !== 0 || said !== "") throw new Error(`ffprobe ${path}: ${said}`);
  return JSON.parse(stdout.toString()) as Probe;
}

/** How many pictures ffmpeg decodes; it must have nothing to say about it unless `isDamaged`. */
export function countDecodedFrames(path: string, { isDamaged = false } = {}): number {
  const output = ["-fps_mode", "passthrough", "-f", "framehash", "-"];
  const decode = ["ffmpeg", "-v", "warning", "-nostdin", "-i", path, ...output];
  const { exitCode, stdout, stderr } = Bun.spawnSync(decode);
  const said = stderr.toString();
  if (!isDamaged && (exitCode !== 0 || said !== "")) throw new Error(`ffmpeg ${path}: ${said}`);
  const lines = stdout.toString().split("\n");
  return lines.filter((line) => /^\d/.test(line)).length;
}
