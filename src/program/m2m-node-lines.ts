import type { M2mNode, SizeRange } from "../native/m2m-list.ts";

type EncoderNode = Extract<M2mNode, { kind: "encoder" }>;

// errno.h
const EPERM = 1;
const ENOENT = 2;
const EACCES = 13;
const EBUSY = 16;

/** What a recording calls the codecs; of fwht it makes no use. */
const USED_FOR: Record<EncoderNode["codecs"][number], string> = {
  h264: "--codec h264",
  jpeg: "--codec mjpeg",
  fwht: "nothing here (FWHT)",
};

/** The V4L2 encoders of a machine as lines of text. */
export function m2mNodeLines(nodes: readonly M2mNode[]): string[] {
  if (nodes.length === 0)
    return ["  none: this machine has no hardware encoder (a Raspberry Pi 5 has none), software encodes"];
  return nodes.flatMap((node) =>
    node.kind === "encoder" ? encoderLines(node) : [`  ${node.path}  can't be looked at: ${whyUnreadable(node.errno)}`],
  );
}

function encoderLines(node: EncoderNode): string[] {
  const { path, driver, card, codecs, codedFormats, rawFormats, isMultiplanar, width, height, controls } = node;
  const facts: readonly (readonly [string, string])[] = [
    ["for", codecs.map((codec) => USED_FOR[codec]).join(", ") || "nothing here"],
    ["out", codedFormats],
    ["in", `${rawFormats} (${isMultiplanar ? "multi-planar" : "single-planar"} API)`],
    ["size", sizes(width, height)],
    ["zero copy", "where the camera's layout fits: recording_started says whether it does"],
    ...controls.map((control, index) => [index === 0 ? "controls" : "", control] as const),
  ];
  return [`  ${path}  ${driver}  ${card}`, ...facts.map(([name, text]) => `    ${name.padEnd(9)}  ${text}`)];
}

function sizes(width: SizeRange, height: SizeRange): string {
  if (width.max === 0 || height.max === 0) return "the driver does not tell";
  const range = `${width.min}x${height.min} to ${width.max}x${height.max}`;
  return width.step > 1 || height.step > 1 ? `${range} in steps of ${width.step}x${height.step}` : range;
}

/** Why a video node can't be looked at, and what to do. */
export function whyUnreadable(errno: number): string {
  switch (errno) {
    case EACCES:
    case EPERM:
      return 'no permission; members of the group video have it: "sudo usermod -aG video $USER", then log in again';
    case EBUSY:
      return "another program uses it";
    case ENOENT:
      return "it is gone";
    default:
      return `errno ${errno}`;
  }
}
