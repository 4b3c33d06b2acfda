import { quote } from "../errors.ts";
import { UsageError } from "../runtime/runtime-config.ts";
import { listReport } from "./list-report.ts";
import { type Cameras, type Found, lookAtMachine, type Machine } from "./machine.ts";
import { m2mNodeLines } from "./m2m-node-lines.ts";

/** Prints the cameras and encoders of this machine, and what is missing to have more. Returns the exit code. */
export function runList(argv: readonly string[]): number {
  const unknown = argv.find((argument) => argument !== "--json");
  if (unknown !== undefined) throw new UsageError(`list: got ${quote(unknown)}, expected --json or nothing`);
  const machine = lookAtMachine();
  process.stdout.write(argv.length > 0 ? `${JSON.stringify(listReport(machine), null, 2)}\n` : listText(machine));
  return 0;
}

function listText({ cameras, h264, mjpeg, nodes }: Machine): string {
  const lines = [
    "Cameras:",
    ...linesOf(cameras, cameraLines),
    "",
    "Software encoders:",
    ...linesOf(h264, (name) => [`  h264   ${name}`]),
    ...linesOf(mjpeg, (name) => [`  mjpeg  ${name}`]),
    "",
    "Hardware encoders (V4L2 memory-to-memory):",
    ...linesOf(nodes, m2mNodeLines),
  ];
  return `${lines.join("\n")}\n`;
}

function cameraLines({ list, libcamera }: Cameras): string[] {
  const cameras = list.map(
    ({ id, model, nativeWidth, nativeHeight }, index) =>
      `  picam:${index}  ${model}  ${nativeWidth}x${nativeHeight}  ${id}`,
  );
  const none = ["  none: libcamera sees no CSI camera on this machine"];
  return [
    ...(cameras.length > 0 ? cameras : none),
    `  (libcamera ${libcamera.runtime}, built with ${libcamera.build})`,
  ];
}

function linesOf<Value>(found: Found<Value>, lines: (value: Value) => string[]): string[] {
  return "value" in found ? lines(found.value) : [`  ${found.error.message}`];
}
