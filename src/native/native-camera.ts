import type { Pointer } from "bun:ffi";
import type { PlaneMemory } from "../capture/captured-frame.ts";
import type { Colour, StreamFormat } from "../capture/stream-format.ts";
import { RuntimeError } from "../errors.ts";
import { CAMERA_BYTES, cameraLibrary, codeOf } from "./camera-library.ts";
import { readLayout, writeColour } from "./layout-struct.ts";
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
  | { readonly kind: "bad_frame"; readonly sequence: number }
  | { readonly kind: "opened" | "closed" }
  | { readonly kind: "lost" | "failed"; readonly error: RuntimeError };

// errno.h
const EAGAIN = 11;

/** One camera; the docstrings of csi_camera.h hold. */
export class NativeCamera {
  /** Our end of the wake-up socket; its reader owns it. */
  readonly wakeFd: number;
  readonly #native = cameraLibrary();
  readonly #event = newStruct(CAMERA_BYTES.event);
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
        return { kind: "bad_frame", sequence: event.getUint32(12, true) };
      case 4:
        return { kind: "lost", error: new RuntimeError("camera_lost", this.#reason()) };
      case 5:
        return { kind: "failed", error: new RuntimeError(codeOf(event.getInt32(4, true)), this.#reason()) };
      case 6:
        return { kind: "closed" };
      default:
        throw new Error(`camera library sent event ${kind}, expected 1 to 6`);
    }
  }

  stream(): NativeCameraStream {
    const { bytes, view } = newStruct(CAMERA_BYTES.stream);
    check("csi_camera_stream", this.#native.csi_camera_stream(this.#open(), bytes));
    return {
      format: readLayout(view, 0),
      bufferCount: view.getUint32(32, true),
      frameDurationNs: Number(view.getBigInt64(40, true)) * 1000,
      cameraId: readText(bytes, 48, CAMERA_BYTES.text),
      model: readText(bytes, 48 + CAMERA_BYTES.text, CAMERA_BYTES.text),
    };
  }

  /** The planes of a buffer; mapped until `destroy()`. */
  buffer(index: number, planeCount: number): PlaneMemory[] {
    const { bytes, view } = newStruct(CAMERA_BYTES.buffer);
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

  #reason(): string {
    return cString(this.#native.csi_camera_error(this.#open()));
  }

  #open(): Pointer {
    if (this.#handle === null) throw new Error("camera was used after destroy()");
    return this.#handle;
  }
}

function check(call: string, result: number): void {
  if (result < 0) throw new RuntimeError("camera_failed", `${call} failed with errno ${-result}`);
}

function configStruct(config: NativeCameraConfig): Uint8Array {
  const { bytes, view } = newStruct(CAMERA_BYTES.config);
  if (config.cameraId !== undefined) {
    const id = new TextEncoder().encode(config.cameraId);
    if (id.length >= CAMERA_BYTES.text) {
      throw new RuntimeError(
        "camera_not_found",
        `camera id has ${id.length} bytes, expected at most ${CAMERA_BYTES.text - 1}`,
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
