import { RuntimeError } from "../errors.ts";
import { CODECS, ENCODER_BYTES, type NativeEncoderConfig } from "./encoder-structs.ts";
import { checkStructSizes, loadLibrary } from "./load-library.ts";
import { newStruct, readText } from "./struct.ts";

/** From `min` to `max` in steps of `step`, pixels; all 0 where the driver does not tell. */
export interface SizeRange {
  readonly min: number;
  readonly max: number;
  readonly step: number;
}

/** A video node that encodes, or one that may and can't be looked at. */
export type M2mNode =
  | {
      readonly kind: "encoder";
      /** `/dev/video11`. */
      readonly path: string;
      readonly driver: string;
      readonly card: string;
      /** Of those that we know. */
      readonly codecs: readonly NativeEncoderConfig["codec"][];
      readonly isMultiplanar: boolean;
      readonly width: SizeRange;
      readonly height: SizeRange;
      /** Four-character codes with a blank between: what comes out, what goes in. */
      readonly codedFormats: string;
      readonly rawFormats: string;
      /** One line each: name, range and default. */
      readonly controls: readonly string[];
    }
  | { readonly kind: "unreadable"; readonly path: string; readonly errno: number };

const SYMBOLS = {
  csi_m2m_struct_size: { args: ["u32"], returns: "u32" },
  csi_m2m_list: { args: ["ptr", "u32"], returns: "i32" },
} as const;

/** Fields of `CsiM2mNode` (csi_m2m.h): offset and bytes of the texts, offset of the numbers. */
const NODE = {
  path: [0, ENCODER_BYTES.device],
  driver: [64, 16],
  card: [80, 32],
  codecs: 112,
  multiplanar: 116,
  width: 120,
  height: 132,
  result: 144,
  codedFormats: [148, 64],
  rawFormats: [212, 256],
  controls: [468, 4096],
} as const;
const NODE_BYTES = 4564;
const NODES_MAX = 64;

/**
 * The encoder nodes of this machine, sorted by path. Opens and closes every video node: for one-shot programs only.
 * Throws `encoder_unavailable` where the library is not built.
 */
export function listM2mNodes(): M2mNode[] {
  const native = loadLibrary("m2m", SYMBOLS);
  checkStructSizes("m2m", native.csi_m2m_struct_size, [NODE_BYTES]);
  const { bytes } = newStruct(NODE_BYTES * NODES_MAX);
  const count = native.csi_m2m_list(bytes, NODES_MAX);
  if (count < 0) throw new RuntimeError("encoder_failed", `the video nodes could not be listed (errno ${-count})`);
  return Array.from({ length: Math.min(count, NODES_MAX) }, (_, index) =>
    readM2mNode(bytes.subarray(index * NODE_BYTES, (index + 1) * NODE_BYTES)),
  );
}

function readM2mNode(bytes: Uint8Array): M2mNode {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const text = ([offset, byteCount]: readonly [number, number]) => readText(bytes, offset, byteCount);
  const number = (offset: number) => view.getUint32(offset, true);
  const range = (offset: number) => ({ min: number(offset), max: number(offset + 4), step: number(offset + 8) });
  const path = text(NODE.path);
  const result = view.getInt32(NODE.result, true);
  if (result < 0) return { kind: "unreadable", path, errno: -result };
  return {
    kind: "encoder",
    path,
    driver: text(NODE.driver),
    card: text(NODE.card),
    codecs: CODECS.filter((_, bit) => (number(NODE.codecs) & (1 << bit)) !== 0),
    isMultiplanar: number(NODE.multiplanar) !== 0,
    width: range(NODE.width),
    height: range(NODE.height),
    codedFormats: text(NODE.codedFormats),
    rawFormats: text(NODE.rawFormats),
    controls: text(NODE.controls)
      .split("\n")
      .filter((line) => line !== ""),
  };
}
