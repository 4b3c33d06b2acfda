import type { Pointer } from "bun:ffi";
import type { PlaneMemory } from "../capture/captured-frame.ts";
import type { Colour, StreamFormat } from "../capture/stream-format.ts";
import { type ErrorCode, RuntimeError } from "../errors.ts";
import { LAYOUT_BYTES, readLayout, writeColour } from "./layout-struct.ts";
import { checkStructSizes, loadLibrary } from "./load-library.ts";
import { cString, newStruct, readText } from "./struct.ts";

export interface NativeCameraConfig {
  /** libcamera's id; undefined: choose by index. */
  readonly cameraId: string | undefined;
  /** In the list sorted by id. */
  readonly cameraIndex: number;
  /** undefined: the sensor's native size. */
  readonly size: { readonly width: number; readonly height: number } | undefined;
  readonly bufferCount: number;
  /** Given as both FrameDurationLimits, µs; 0 leaves the camera's default. */
  readonly frameDurationUs: number;
  readonly colour: Colour;
}

export interface NativeCameraStream {
  readonly format: StreamFormat;
  readonly bufferCount: number;
  /** What was set, ns; 0 where the camera has no such control. */
  readonly frameDurationNs: number;
  readonly cameraId: string;
  readonly model: string;
}

export type NativeCameraEvent =
  | {
      readonly kind: "frame";
      readonly buffer: number;
      readonly sequence: number;
      readonly sensorTimestampNs: bigint;
      readonly monotonicNs: bigint;
      readonly realtimeNs: bigint;
      readonly frameDurationNs: number;
    }
  | { readonly kind: "opened" | "bad_frame" | "lost" | "closed" }
  | { readonly kind: "failed"; readonly error: RuntimeError };

export interface CameraListEntry {
  readonly id: string;
  readonly model: string;
  readonly nativeWidth: number;
  readonly nativeHeight: number;
}

const SYMBOLS = {
  csi_camera_struct_size: { args: ["u32"], returns: "u32" },
  csi_camera_build_version: { args: [], returns: "cstring" },
  csi_camera_runtime_version: { args: [], returns: "cstring" },
  csi_camera_list: { args: ["ptr", "u32"], returns: "i32" },
  csi_camera_open: { args: ["ptr", "ptr", "ptr"], returns: "i32" },
  csi_camera_take: { args: ["ptr", "ptr"], returns: "i32" },
  csi_camera_stream: { args: ["ptr", "ptr"], returns: "i32" },
  csi_camera_buffer: { args: ["ptr", "u32", "ptr"], returns: "i32" },
  csi_camera_release: { args: ["ptr", "u32"], returns: "i32" },
  csi_camera_overflow_count: { args: ["ptr"], returns: "u64" },
  csi_camera_error: { args: ["ptr"], returns: "cstring" },
  csi_camera_close: { args: ["ptr"], returns: "i32" },
  csi_camera_destroy: { args: ["ptr"], returns: "i32" },
} as const;

const TEXT_BYTES = 256;
const CONFIG_BYTES = 288;
const STREAM_BYTES = 560;
const BUFFER_BYTES = 72;
const EVENT_BYTES = 48;
const INFO_BYTES = 520;
const CAMERAS_MAX = 16;
// errno.h
const EAGAIN = 11;
const EBUSY = 16;
const ENODEV = 19;
const ENOTSUP = 95;

let loaded: ReturnType<typeof load> | undefined;

function load() {
  const symbols = loadLibrary("camera", SYMBOLS);
  checkStructSizes("camera", symbols.csi_camera_struct_size, [
    CONFIG_BYTES,
    STREAM_BYTES,
    BUFFER_BYTES,
    EVENT_BYTES,
    INFO_BYTES,
    LAYOUT_BYTES,
  ]);
  return symbols;
}

function library(): ReturnType<typeof load> {
  loaded ??= load();
  return loaded;
}

/** libcamera's version: of the headers that the shim was built with, and of the library that runs. */
export function libcameraVersions(): { build: string; runtime: string } {
  const native = library();
  return { build: cString(native.csi_camera_build_version()), runtime: cString(native.csi_camera_runtime_version()) };
}

/** The cameras that libcamera sees, sorted by id, without USB ones. Waits for libcamera to start: for one-shot programs only. */
export function listCameras(): CameraListEntry[] {
  const out = new Uint8Array(INFO_BYTES * CAMERAS_MAX);
  const count = library().csi_camera_list(out, CAMERAS_MAX);
  if (count < 0) throw new RuntimeError(codeOf(count), `libcamera could not list the cameras (errno ${-count})`);
  return Array.from({ length: Math.min(count, CAMERAS_MAX) }, (_, index) => {
    const info = out.subarray(index * INFO_BYTES, (index + 1) * INFO_BYTES);
    const view = new DataView(info.buffer, info.byteOffset);
    return {
      id: readText(info, 0, TEXT_BYTES),
      model: readText(info, TEXT_BYTES, TEXT_BYTES),
      nativeWidth: view.getUint32(2 * TEXT_BYTES, true),
      nativeHeight: view.getUint32(2 * TEXT_BYTES + 4, true),
    };
  });
}

/** One camera; the docstrings of csi_camera.h hold. */
export class NativeCamera {
  /** Read end of the wake-up pipe; its reader owns it. */
  readonly wakeFd: number;
  readonly #native = library();
  readonly #event = newStruct(EVENT_BYTES);
  #handle: Pointer | null;

  /** Begins to open: "opened" or "failed" follows. */
  constructor(config: NativeCameraConfig) {
    const handleOut = new BigUint64Array(1);
    const fdOut = new Int32Array(1);
    const result = this.#native.csi_camera_open(configStruct(config), handleOut, fdOut);
    if (result !== 0) throw new RuntimeError(codeOf(result), `the camera library could not start (errno ${-result})`);
    this.#handle = Number(handleOut[0]) as Pointer;
    this.wakeFd = fdOut[0] ?? -1;
  }

  /** The oldest event; undefined when there is none. */
  take(): NativeCameraEvent | undefined {
    const result = this.#native.csi_camera_take(this.#open(), this.#event.bytes);
    if (result === -EAGAIN) return undefined;
    check("csi_camera_take", result);
    const event = this.#event.view;
    const kind = event.getUint32(0, true);
    switch (kind) {
      case 1:
        return { kind: "opened" };
      case 2:
        return {
          kind: "frame",
          buffer: event.getUint32(8, true),
          sequence: event.getUint32(12, true),
          sensorTimestampNs: event.getBigInt64(16, true),
          monotonicNs: event.getBigInt64(24, true),
          realtimeNs: event.getBigInt64(32, true),
          frameDurationNs: Number(event.getBigInt64(40, true)),
        };
      case 3:
        return { kind: "bad_frame" };
      case 4:
        return { kind: "lost" };
      case 5:
        return { kind: "failed", error: this.#failure(event.getInt32(4, true)) };
      case 6:
        return { kind: "closed" };
      default:
        throw new Error(`camera library sent event ${kind}, expected 1 to 6`);
    }
  }

  stream(): NativeCameraStream {
    const { bytes, view } = newStruct(STREAM_BYTES);
    check("csi_camera_stream", this.#native.csi_camera_stream(this.#open(), bytes));
    return {
      format: readLayout(view, 0),
      bufferCount: view.getUint32(32, true),
      frameDurationNs: Number(view.getBigInt64(40, true)) * 1000,
      cameraId: readText(bytes, 48, TEXT_BYTES),
      model: readText(bytes, 48 + TEXT_BYTES, TEXT_BYTES),
    };
  }

  /** The planes of a buffer; mapped until `destroy()`. */
  buffer(index: number, planeCount: number): PlaneMemory[] {
    const { bytes, view } = newStruct(BUFFER_BYTES);
    check("csi_camera_buffer", this.#native.csi_camera_buffer(this.#open(), index, bytes));
    return Array.from({ length: planeCount }, (_, plane) => ({
      address: Number(view.getBigUint64(8 * plane, true)),
      byteCount: Number(view.getBigUint64(24 + 8 * plane, true)),
      dmabufFd: view.getInt32(48 + 4 * plane, true),
      dmabufOffset: view.getUint32(60 + 4 * plane, true),
    }));
  }

  /** Gives a buffer back to the camera; harmless after `close()`. */
  release(buffer: number): void {
    check("csi_camera_release", this.#native.csi_camera_release(this.#open(), buffer));
  }

  /** Frames that the ring had no room for, since opening. */
  get overflowCount(): number {
    return Number(this.#native.csi_camera_overflow_count(this.#open()));
  }

  /** Begins to close: "closed" follows. */
  close(): void {
    check("csi_camera_close", this.#native.csi_camera_close(this.#open()));
  }

  /** After "closed", and after the last reader of its buffers. Idempotent. */
  destroy(): void {
    if (this.#handle !== null) check("csi_camera_destroy", this.#native.csi_camera_destroy(this.#handle));
    this.#handle = null;
  }

  #failure(result: number): RuntimeError {
    return new RuntimeError(codeOf(result), cString(this.#native.csi_camera_error(this.#open())));
  }

  #open(): Pointer {
    if (this.#handle === null) throw new Error("camera was used after destroy()");
    return this.#handle;
  }
}

function check(call: string, result: number): void {
  if (result < 0) throw new RuntimeError("camera_failed", `${call} failed with errno ${-result}`);
}

function codeOf(result: number): ErrorCode {
  switch (-result) {
    case ENODEV:
      return "camera_not_found";
    case EBUSY:
      return "camera_busy";
    case ENOTSUP:
      return "camera_unsupported";
    default:
      return "camera_failed";
  }
}

function configStruct(config: NativeCameraConfig): Uint8Array {
  const { bytes, view } = newStruct(CONFIG_BYTES);
  if (config.cameraId !== undefined) {
    const id = new TextEncoder().encode(config.cameraId);
    if (id.length >= TEXT_BYTES) {
      throw new RuntimeError(
        "camera_not_found",
        `camera id has ${id.length} bytes, expected at most ${TEXT_BYTES - 1}`,
      );
    }
    bytes.set(id);
  }
  view.setUint32(256, config.cameraIndex, true);
  view.setUint32(260, config.size?.width ?? 0, true);
  view.setUint32(264, config.size?.height ?? 0, true);
  view.setUint32(268, config.bufferCount, true);
  view.setBigInt64(272, BigInt(Math.round(config.frameDurationUs)), true);
  writeColour(view, 280, config.colour);
  return bytes;
}
