import { join } from "node:path";
import { planeOffsets } from "../../../../src/capture/buffer-pool.ts";
import type { Clip } from "../clip.ts";
import { type Contender, type Job, SETTINGS } from "../contender.ts";
import { runMeasured } from "../run-measured.ts";

/** GStreamer on the same file, once for each time round, one behind the other. Its mp4mux takes no JPEG: qtmux does. */
export const gstreamer: Contender = {
  name: "GStreamer",
  missing: whatIsMissing(),
  async run(job) {
    const outputPath = join(job.folder, "gstreamer.mp4");
    return { frames: job.frames, outputPath, ...(await runMeasured(command(job, outputPath), job.turns)) };
  },
};

function whatIsMissing(): string | undefined {
  if (Bun.which("gst-launch-1.0") === null) return "sh scripts/setup.sh bench installs it";
  const elements = ["concat", "rawvideoparse", "x264enc", "jpegenc", "mp4mux"];
  const absent = elements.filter((name) => Bun.spawnSync(["gst-inspect-1.0", "--exists", name]).exitCode !== 0);
  return absent.length === 0 ? undefined : `without ${absent.join(", ")}: sh scripts/setup.sh bench installs them`;
}

function command({ codec, clip, frames, bitrate = SETTINGS.bitrate }: Job, outputPath: string): string[] {
  const { frameRate, jpegQuality } = SETTINGS;
  const x264 = `x264enc speed-preset=ultrafast tune=zerolatency bitrate=${bitrate / 1000} vbv-buf-capacity=1000 threads=0`;
  const encoder =
    codec === "h264"
      ? `${x264} key-int-max=${frameRate} option-string=scenecut=0 ! video/x-h264,profile=constrained-baseline ! mp4mux`
      : `jpegenc quality=${jpegQuality} ! qtmux`;
  const rounds = Array.from({ length: Math.ceil(frames / clip.frameCount) }, () => `${reader(clip)} ! all.`);
  // It ends the stream with the picture after so many, which it drops.
  const pipeline = `concat name=all ! identity eos-after=${frames + 1} ! ${encoder} ! filesink location=${outputPath}`;
  return ["gst-launch-1.0", "-q", ...`${pipeline} ${rounds.join(" ")}`.split(" ")];
}

function reader({ path, format, pictureBytes }: Clip): string {
  const { width, height, strides } = format;
  const size = `width=${width} height=${height} framerate=${SETTINGS.frameRate}/1 frame-size=${pictureBytes}`;
  const planes = `plane-strides=<${strides.join(",")}> plane-offsets=<${planeOffsets(format).join(",")}>`;
  return `filesrc location=${path} ! rawvideoparse format=i420 ${size} ${planes}`;
}
