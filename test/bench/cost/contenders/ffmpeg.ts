import { join } from "node:path";
import { type Contender, type Job, SETTINGS } from "../contender.ts";
import { runMeasured } from "../run-measured.ts";
import { levelOf } from "./floor.ts";

/** Of its own JPEG encoder: the whole number whose pictures come nearest to libjpeg-turbo's of quality 85 (PSNR, both 42.1 dB). */
const MJPEG_SCALE = "3";

/** ffmpeg on the same file: rows are read whole, as a wider picture, and what is too much is cut off without a copy. */
export const ffmpeg: Contender = {
  name: "ffmpeg",
  missing: Bun.which("ffmpeg") === null ? "install ffmpeg" : undefined,
  async run(job) {
    const outputPath = join(job.folder, "ffmpeg.mp4");
    return { frames: job.frames, outputPath, ...(await runMeasured([...command(job), "-y", outputPath], job.turns)) };
  },
};

function command(job: Job): string[] {
  const { codec, clip, frames } = job;
  const { width, height, strides } = clip.format;
  const rounds = Math.ceil(frames / clip.frameCount) - 1;
  const pixels = codec === "h264" ? "yuv420p" : "yuvj420p";
  const input = ["-f", "rawvideo", "-pix_fmt", pixels, "-s", `${strides[0]}x${height}`, "-r", `${SETTINGS.frameRate}`];
  return [
    ...["ffmpeg", "-v", "error", "-nostdin", ...input, "-stream_loop", `${rounds}`, "-i", clip.path],
    ...["-frames:v", `${frames}`, "-vf", `crop=${width}:${height}:0:0`],
    ...(codec === "h264" ? h264(job) : ["-c:v", "mjpeg", "-q:v", MJPEG_SCALE, "-huffman", "default", "-threads", "1"]),
  ];
}

function h264({ clip, bitrate = SETTINGS.bitrate }: Job): string[] {
  const { frameRate } = SETTINGS;
  const rate = ["-b:v", `${bitrate}`, "-maxrate", `${bitrate}`, "-bufsize", `${bitrate}`];
  const keys = ["-g", `${10 * frameRate}`, "-sc_threshold", "0", "-force_key_frames", "expr:gte(t,n_forced)"];
  const level = ["-level", (levelOf(clip, frameRate, bitrate) / 10).toFixed(1)];
  return ["-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", ...rate, ...keys, ...level];
}
