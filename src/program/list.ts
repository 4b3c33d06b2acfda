import { RuntimeError } from "../errors.ts";
import { libcameraVersions, listCameras } from "../native/camera-list.ts";
import { encoderName } from "../native/encoder-library.ts";
import { listM2mNodes } from "../native/m2m-list.ts";
import { UsageError } from "../runtime/runtime-config.ts";
import { m2mNodeLines } from "./m2m-node-lines.ts";

/** Prints the cameras and encoders of this machine, and what is missing to have more. Returns the exit code. */
export function runList(argv: readonly string[]): number {
  if (argv.length > 0) throw new UsageError(`list: got ${argv.length} arguments, expected none`);
  const lines = [
    "Cameras:",
    ...orWhyNot(cameraLines),
    "",
    "Software encoders:",
    ...orWhyNot(() => [`  h264   ${encoderName("x264")}`]),
    ...orWhyNot(() => [`  mjpeg  ${encoderName("image")}`]),
    "",
    "Hardware encoders (V4L2 memory-to-memory):",
    ...orWhyNot(() => m2mNodeLines(listM2mNodes())),
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
  return 0;
}

function cameraLines(): string[] {
  const { build, runtime } = libcameraVersions();
  const cameras = listCameras().map(
    ({ id, model, nativeWidth, nativeHeight }, index) =>
      `  picam:${index}  ${model}  ${nativeWidth}x${nativeHeight}  ${id}`,
  );
  const none = ["  none: libcamera sees no CSI camera on this machine"];
  return [...(cameras.length > 0 ? cameras : none), `  (libcamera ${runtime}, built with ${build})`];
}

function orWhyNot(lines: () => string[]): string[] {
  try {
    return lines();
  } catch (error) {
    if (!(error instanceof RuntimeError)) throw error;
    return [`  ${error.message}`];
  }
}
