import type { Pointer } from "bun:ffi";
import type { PlaneMemory } from "../capture/captured-frame.ts";
import { type ErrorCode, RuntimeError } from "../errors.ts";
import {
  ENCODER_BYTES,
  encoderConfigStruct,
  type NativeEncoderConfig,
  type NativeEncoderInfo,
  readEncoderInfo,
} from "./encoder-structs.ts";
import { checkStructSizes, loadLibrary } from "./load-library.ts";
import { cString, newStruct, readText } from "./struct.ts";

/** The libraries that speak shim/include/csi_encoder.h. */
export type EncoderLibraryName = "m2m" | "x264" | "image";

/** Why an encoder gave nothing for a frame, in the order of `enum CsiSkipReason`. */
const SKIP_REASONS = [
  "swallowed", // it just gave nothing
  "damaged", // what it gave is damaged, or needs a damaged picture to be decoded
  "stalled", // it was in an encoder that gave nothing at all any more
  "lost", // it was in an encoder that failed
] as const;
export type SkipReason = (typeof SKIP_REASONS)[number];

export type NativeEncoderEvent =
  | { readonly kind: "released"; readonly timestampNs: bigint }
  | { readonly kind: "skipped"; readonly timestampNs: bigint; readonly reason: SkipReason }
  | { readonly kind: "packet"; readonly timestampNs: bigint; readonly isKey: boolean; readonly data: Uint8Array }
  /** `sentence`: why. The info is a new one. */
  | { readonly kind: "restarted"; readonly sentence: string }
  | { readonly kind: "opened" | "drained" | "failed" };

const SYMBOLS = {
  csi_encoder_struct_size: { args: ["u32"], returns: "u32" },
  csi_encoder_name: { args: [], returns: "cstring" },
  csi_encoder_create: { args: ["ptr", "ptr", "ptr", "ptr", "u32"], returns: "i32" },
  csi_encoder_info: { args: ["ptr", "ptr"], returns: "i32" },
  csi_encoder_submit: { args: ["ptr", "ptr"], returns: "i32" },
  csi_encoder_drain: { args: ["ptr"], returns: "i32" },
  csi_encoder_take: { args: ["ptr", "ptr"], returns: "i32" },
  csi_encoder_read: { args: ["ptr", "ptr", "u32"], returns: "i32" },
  csi_encoder_error: { args: ["ptr"], returns: "cstring" },
  csi_encoder_destroy: { args: ["ptr"], returns: "i32" },
} as const;

const FORCE_KEY = 1;
const PACKET_KEY = 1;
// errno.h
const ENOENT = 2;
const EAGAIN = 11;
const ENODEV = 19;
const EPIPE = 32;

const libraries = new Map<EncoderLibraryName, ReturnType<typeof load>>();

function load(name: EncoderLibraryName) {
  const symbols = loadLibrary(name, SYMBOLS);
  checkStructSizes(name, symbols.csi_encoder_struct_size, [
    ENCODER_BYTES.config,
    ENCODER_BYTES.frame,
    ENCODER_BYTES.event,
    ENCODER_BYTES.info,
  ]);
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

/** Memory of this many bytes, whatever it holds. */
export type MemoryFor = (byteCount: number) => Uint8Array;

const newBytes: MemoryFor = (byteCount) => new Uint8Array(byteCount);

/** One encoder of a native library; the docstrings of csi_encoder.h hold. */
export class NativeEncoder {
  /** Our end of the wake-up socket; its reader owns it. */
  readonly wakeFd: number;
  readonly #native: ReturnType<typeof load>;
  readonly #memoryFor: MemoryFor;
  readonly #frame = newStruct(ENCODER_BYTES.frame);
  readonly #event = newStruct(ENCODER_BYTES.event);
  #handle: Pointer | null;
  #isOpen = false;
  #failureCode: ErrorCode = "encoder_failed";

  /** `memoryFor`: where packets are copied to. */
  constructor(name: EncoderLibraryName, config: NativeEncoderConfig, memoryFor: MemoryFor = newBytes) {
    this.#native = library(name);
    this.#memoryFor = memoryFor;
    const handleOut = new BigUint64Array(1);
    const fdOut = new Int32Array(1);
    const error = new Uint8Array(512);
    const result = this.#native.csi_encoder_create(encoderConfigStruct(config), handleOut, fdOut, error, error.length);
    if (result !== 0) throw new RuntimeError(codeOf(result), `${name} encoder: ${readText(error)}`);
    this.#handle = Number(handleOut[0]) as Pointer;
    this.wakeFd = fdOut[0] ?? -1;
  }

  /** Complete from "opened" on, and new after "restarted". */
  get info(): NativeEncoderInfo {
    const { bytes, view } = newStruct(ENCODER_BYTES.info);
    this.#check("csi_encoder_info", this.#native.csi_encoder_info(this.#open(), bytes));
    return readEncoderInfo(bytes, view);
  }

  /** False where the encoder holds as many frames as it may. The planes stay readable until "released" was taken. */
  submit(planes: readonly PlaneMemory[], timestampNs: bigint, forceKey: boolean): boolean {
    for (let index = 0; index < 3; index++) {
      const plane = planes[index];
      this.#frame.view.setBigUint64(8 * index, BigInt(plane?.address ?? 0), true);
      this.#frame.view.setInt32(24 + 4 * index, plane?.dmabufFd ?? -1, true);
      this.#frame.view.setUint32(36 + 4 * index, plane?.dmabufOffset ?? 0, true);
    }
    this.#frame.view.setUint32(48, forceKey ? FORCE_KEY : 0, true);
    this.#frame.view.setBigInt64(56, timestampNs, true);
    const result = this.#native.csi_encoder_submit(this.#open(), this.#frame.bytes);
    // EPIPE: it has failed, and the event that says so is on its way.
    if (result === -EAGAIN || result === -EPIPE) return false;
    this.#check("csi_encoder_submit", result);
    return true;
  }

  /** The oldest event, with its bytes as a copy of ours, which is the caller's; undefined when there is none. */
  take(): NativeEncoderEvent | undefined {
    const result = this.#native.csi_encoder_take(this.#open(), this.#event.bytes);
    if (result === -EAGAIN) return undefined;
    this.#check("csi_encoder_take", result);
    const event = this.#event.view;
    const kind = event.getUint32(0, true);
    const flags = event.getUint32(4, true);
    const timestampNs = event.getBigInt64(8, true);
    switch (kind) {
      case 1:
        return { kind: "released", timestampNs };
      case 2:
        return { kind: "packet", timestampNs, isKey: (flags & PACKET_KEY) !== 0, data: this.#read(this.#memoryFor) };
      case 3:
        return { kind: "skipped", timestampNs, reason: SKIP_REASONS[flags] ?? "swallowed" };
      case 4:
        return { kind: "drained" };
      case 5:
        // A device that went away while it worked has failed.
        if (!this.#isOpen) this.#failureCode = codeOf(event.getInt32(20, true));
        return { kind: "failed" };
      case 6:
        this.#isOpen = true;
        return { kind: "opened" };
      case 7:
        return { kind: "restarted", sentence: readText(this.#read(newBytes)) };
      default:
        throw new Error(`encoder library sent event ${kind}, expected 1 to 7`);
    }
  }

  drain(): void {
    this.#check("csi_encoder_drain", this.#native.csi_encoder_drain(this.#open()));
  }

  /** Why it failed: `encoder_unavailable` where there is no such encoder, else `encoder_failed`. */
  failure(): RuntimeError {
    return new RuntimeError(this.#failureCode, cString(this.#native.csi_encoder_error(this.#open())));
  }

  /** Idempotent. Every frame is released when it returns. */
  destroy(): void {
    if (this.#handle !== null) this.#check("csi_encoder_destroy", this.#native.csi_encoder_destroy(this.#handle));
    this.#handle = null;
  }

  #read(memoryFor: MemoryFor): Uint8Array {
    const data = memoryFor(this.#event.view.getUint32(16, true));
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

/** Why an encoder could not be opened, as a code that a host can act on. */
function codeOf(result: number): ErrorCode {
  return result === -ENODEV || result === -ENOENT ? "encoder_unavailable" : "encoder_failed";
}
