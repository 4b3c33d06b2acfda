import type { ErrorCode } from "../errors.ts";
import type { SizeRange } from "../native/m2m-list.ts";
import type { Found, Machine } from "./machine.ts";
import { whyUnreadable } from "./m2m-node-lines.ts";

/** What `list --json` prints. Keys may be added; one that changes its meaning changes `format_version`. */
export interface ListReport {
  readonly format_version: 1;
  /** In the order of `--camera-index`, USB cameras left out; empty also where they can't be listed. Pixels. */
  readonly cameras: readonly {
    readonly index: number;
    /** `picam:N`, with N the index: what a host assigns. */
    readonly device_id: string;
    /** libcamera's, the same as long as the camera is at this connector. */
    readonly id: string;
    readonly model: string;
    /** Of the sensor. */
    readonly width: number;
    readonly height: number;
  }[];
  /** Versions: of the library that runs, and of the headers that we were built with. null: not there. */
  readonly libcamera: { readonly runtime: string; readonly build: string } | null;
  readonly software_encoders: readonly { readonly codec: "h264" | "mjpeg"; readonly encoder: string }[];
  /** V4L2 memory-to-memory devices that encode, also to what we make no use of. */
  readonly hardware_encoders: readonly {
    /** `/dev/videoN` */
    readonly path: string;
    readonly driver: string;
    readonly card: string;
    readonly codecs: readonly ("h264" | "mjpeg")[];
    /** Pixels; null where the driver does not tell. */
    readonly width: SizeRange | null;
    readonly height: SizeRange | null;
  }[];
  /** What could not be looked at, and why. */
  readonly missing: readonly Missing[];
}

interface Missing {
  /** `cameras`, `h264` or `mjpeg` (the software encoders), `hardware_encoders`, or the path of one device. */
  readonly what: string;
  readonly code: ErrorCode;
  readonly reason: string;
}

export function listReport({ cameras, h264, mjpeg, nodes }: Machine): ListReport {
  return {
    format_version: 1,
    cameras: (valueOf(cameras)?.list ?? []).map(({ id, model, nativeWidth, nativeHeight }, index) => ({
      index,
      device_id: `picam:${index}`,
      id,
      model,
      width: nativeWidth,
      height: nativeHeight,
    })),
    libcamera: valueOf(cameras)?.libcamera ?? null,
    software_encoders: [...softwareEncoder("h264", h264), ...softwareEncoder("mjpeg", mjpeg)],
    hardware_encoders: hardwareEncoders(nodes),
    missing: [
      ...missing("cameras", cameras),
      ...missing("h264", h264),
      ...missing("mjpeg", mjpeg),
      ...missing("hardware_encoders", nodes),
      ...unreadableNodes(nodes),
    ],
  };
}

function softwareEncoder(codec: "h264" | "mjpeg", name: Found<string>): ListReport["software_encoders"] {
  return "value" in name ? [{ codec, encoder: name.value }] : [];
}

function hardwareEncoders(nodes: Machine["nodes"]): ListReport["hardware_encoders"] {
  return (valueOf(nodes) ?? []).flatMap((node) => {
    if (node.kind !== "encoder") return [];
    const { path, driver, card, codecs, width, height } = node;
    return {
      path,
      driver,
      card,
      codecs: codecs.flatMap((codec) => (codec === "fwht" ? [] : codec === "jpeg" ? "mjpeg" : codec)),
      width: width.max === 0 ? null : width,
      height: height.max === 0 ? null : height,
    };
  });
}

function missing(what: string, found: Found<unknown>): Missing[] {
  return "error" in found ? [{ what, code: found.error.code, reason: found.error.message }] : [];
}

function unreadableNodes(nodes: Machine["nodes"]): Missing[] {
  return (valueOf(nodes) ?? []).flatMap((node) =>
    node.kind === "unreadable"
      ? { what: node.path, code: "encoder_unavailable", reason: whyUnreadable(node.errno) }
      : [],
  );
}

function valueOf<Value>(found: Found<Value>): Value | undefined {
  return "value" in found ? found.value : undefined;
}
