import type { Pointer } from "bun:ffi";
import type { PlaneMemory } from "../capture/captured-frame.ts";
import type { Colour, StreamFormat } from "../capture/stream-format.ts";
import { RuntimeError } from "../errors.ts";
import { LAYOUT_BYTES, readColour, writeLayout } from "./layout-struct.ts";
import { checkStructSizes, loadLibrary } from "./load-library.ts";
import { cString, newStruct, readText } from "./struct.ts";

/** The libraries that speak shim/include/csi_encoder.h. */
export type EncoderLibraryName = "x264" | "image";

export interface NativeEncoderConfig {
  readonly input: StreamFormat;
  readonly outputWidth: number;
  readonly outputHeight: number;
  /** Nominal frames per second, for rate control. */
  readonly frameRate: number;
  /** bit/s. */
  readonly bitrate: number;
  readonly keyIntervalFrames: number;
  /** H.264 level times ten. */
  readonly levelIdc: number;
  /** JPEG quality, 1..100. */
  readonly quality: number;
  readonly queueFramesMax: number;
}

export type NativeEncoderEvent =
  | { readonly kind: "released" | "skipped"; readonly timestampNs: bigint }
  | { readonly kind: "packet"; readonly timestampNs: bigint; readonly isKey: boolean; readonly data: Uint8Array }
  | { readonly kind: "opened" | "drained" | "failed" };

const SYMBOLS = {
  csi_encoder_struct_size: { args: ["u32"], returns: "u32" },
  csi_encoder_name: { args: [], returns: "cstring" },
  csi_encoder_create: { args: ["ptr", "ptr", "ptr", "ptr", "u32"], returns: "i32" },
  csi_encoder_colour: { args: ["ptr", "ptr"], returns: "i32" },
  csi_encoder_submit: { args: ["ptr", "ptr"], returns: "i32" },
  csi_encoder_drain: { args: ["ptr"], returns: "i32" },
  csi_encoder_take: { args: ["ptr", "ptr"], returns: "i32" },
  csi_encoder_read: { args: ["ptr", "ptr", "u32"], returns: "i32" },
  csi_encoder_error: { args: ["ptr"], returns: "cstring" },
  csi_encoder_destroy: { args: ["ptr"], returns: "void" },
} as const;

const CONFIG_BYTES = LAYOUT_BYTES + 40;
const FRAME_BYTES = 48;
const EVENT_BYTES = 24;
const FORCE_KEY = 1;
const PACKET_KEY = 1;
// errno.h
const EAGAIN = 11;
const EPIPE = 32;
/** Rates travel as a fraction of this denominator. */
const RATE_DENOMINATOR = 1000;

const libraries = new Map<EncoderLibraryName, ReturnType<typeof load>>();

function load(name: EncoderLibraryName) {
  const symbols = loadLibrary(name, SYMBOLS);
  checkStructSizes(name, symbols.csi_encoder_struct_size, [CONFIG_BYTES, FRAME_BYTES, EVENT_BYTES, LAYOUT_BYTES]);
  return symbols;
}

function library(name: EncoderLibraryName): ReturnType<typeof load> {
  const loaded = libraries.get(name) ?? load(name);
  libraries.set(name, loaded);
  return loaded;
}

/** E.g. `libx264 core 164`. Throws `encoder_unavailable` where the library is not built. */
export function encoderName(name: EncoderLibraryName): string {
  return cString(library(name).csi_encoder_name());
}

/** One encoder of a native library; the docstrings of csi_encoder.h hold. */
export class NativeEncoder {
  /** Read end of the wake-up pipe; its reader owns it. */
  readonly wakeFd: number;
  readonly #native: ReturnType<typeof load>;
  readonly #frame = newStruct(FRAME_BYTES);
  readonly #event = newStruct(EVENT_BYTES);
  #handle: Pointer | null;

  constructor(name: EncoderLibraryName, config: NativeEncoderConfig) {
    this.#native = library(name);
    const handleOut = new BigUint64Array(1);
    const fdOut = new Int32Array(1);
    const error = new Uint8Array(512);
    const result = this.#native.csi_encoder_create(configStruct(config), handleOut, fdOut, error, error.length);
    if (result !== 0) throw new RuntimeError("encoder_failed", `${name} encoder: ${readText(error)}`);
    this.#handle = Number(handleOut[0]) as Pointer;
    this.wakeFd = fdOut[0] ?? -1;
  }

  /** The colour that the stream is written with. */
  get colour(): Colour {
    const out = newStruct(4);
    this.#check("csi_encoder_colour", this.#native.csi_encoder_colour(this.#open(), out.bytes));
    return readColour(out.view, 0);
  }

  /** False where the encoder holds as many frames as it may. The planes stay readable until "released" was taken. */
  submit(planes: readonly PlaneMemory[], timestampNs: bigint, forceKey: boolean): boolean {
    for (let index = 0; index < 3; index++) {
      const plane = planes[index];
      this.#frame.view.setBigUint64(8 * index, BigInt(plane?.address ?? 0), true);
      this.#frame.view.setInt32(24 + 4 * index, plane?.dmabufFd ?? -1, true);
    }
    this.#frame.view.setUint32(36, forceKey ? FORCE_KEY : 0, true);
    this.#frame.view.setBigInt64(40, timestampNs, true);
    const result = this.#native.csi_encoder_submit(this.#open(), this.#frame.bytes);
    // EPIPE: it has failed, and the event that says so is on its way.
    if (result === -EAGAIN || result === -EPIPE) return false;
    this.#check("csi_encoder_submit", result);
    return true;
  }

  /** The oldest event, with its packet's bytes as a copy of ours; undefined when there is none. */
  take(): NativeEncoderEvent | undefined {
    const result = this.#native.csi_encoder_take(this.#open(), this.#event.bytes);
    if (result === -EAGAIN) return undefined;
    this.#check("csi_encoder_take", result);
    const kind = this.#event.view.getUint32(0, true);
    const timestampNs = this.#event.view.getBigInt64(8, true);
    switch (kind) {
      case 1:
        return { kind: "released", timestampNs };
      case 2:
        return {
          kind: "packet",
          timestampNs,
          isKey: (this.#event.view.getUint32(4, true) & PACKET_KEY) !== 0,
          data: this.#read(),
        };
      case 3:
        return { kind: "skipped", timestampNs };
      case 4:
        return { kind: "drained" };
      case 5:
        return { kind: "failed" };
      case 6:
        return { kind: "opened" };
      default:
        throw new Error(`encoder library sent event ${kind}, expected 1 to 6`);
    }
  }

  drain(): void {
    this.#check("csi_encoder_drain", this.#native.csi_encoder_drain(this.#open()));
  }

  /** Why it failed. */
  failure(): RuntimeError {
    return new RuntimeError("encoder_failed", cString(this.#native.csi_encoder_error(this.#open())));
  }

  /** Idempotent. Every frame is released when it returns. */
  destroy(): void {
    if (this.#handle !== null) this.#native.csi_encoder_destroy(this.#handle);
    this.#handle = null;
  }

  #read(): Uint8Array {
    const data = new Uint8Array(this.#event.view.getUint32(16, true));
    if (data.length > 0)
      this.#check("csi_encoder_read", this.#native.csi_encoder_read(this.#open(), data, data.length));
    return data;
  }

  #open(): Pointer {
    if (this.#handle === null) throw new Error("encoder was used after destroy()");
    return this.#handle;
  }

  #check(call: string, result: number): void {
    if (result < 0) throw new RuntimeError("encoder_failed", `${call} failed with errno ${-result}`);
  }
}

function configStruct(config: NativeEncoderConfig): Uint8Array {
  const { bytes, view } = newStruct(CONFIG_BYTES);
  writeLayout(view, 0, config.input);
  const fields = [
    config.outputWidth,
    config.outputHeight,
    Math.round(config.frameRate * RATE_DENOMINATOR),
    RATE_DENOMINATOR,
    config.bitrate,
    config.keyIntervalFrames,
    config.levelIdc,
    config.quality,
    0, // threads: as many as the encoder thinks best
    config.queueFramesMax,
  ];
  fields.forEach((value, index) => {
    view.setUint32(LAYOUT_BYTES + 4 * index, value, true);
  });
  return bytes;
}
