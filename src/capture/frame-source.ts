import type { RuntimeError } from "../errors.ts";
import type { CapturedFrame } from "./captured-frame.ts";
import type { StreamFormat } from "./stream-format.ts";

/** Where the frames of a source lie, where that is in dmabufs. */
export interface FrameMemory {
  /** Behind the planes of one of the buffers. Valid as long as the source is open. */
  readonly dmabufFds: readonly number[];
  /** Of each plane in its dmabuf, bytes; the same in all buffers. */
  readonly dmabufOffsets: readonly number[];
}

/** A camera as it presents itself once it is open. */
export interface StreamInfo {
  /** Stable across reboots where the hardware has such an id. */
  readonly cameraId: string;
  /** The sensor's name, e.g. `imx296`. */
  readonly model: string;
  readonly format: StreamFormat;
  /** Buffers that frames are lent from: all of them held means that the camera has nothing to write to. */
  readonly bufferCount: number;
  /** Frame duration that the camera was set to, ns; 0 where it has no such control. */
  readonly frameDurationNs: number;
  /** undefined: frames do not lie in dmabufs, or not all alike. */
  readonly memory?: FrameMemory | undefined;
  /** Of the library that runs, where frames come from libcamera. */
  readonly libcameraVersion?: string;
}

export interface FrameSourceEvents {
  /** A new frame, held by the callee: it calls `release()` when done. */
  onFrame(frame: CapturedFrame): void;
  /** Frames that the source captured but can't deliver. `frameNumber`: which one, where it knows. */
  onBadFrame(reason: "frame_error" | "capture_overflow", frameCount: number, frameNumber: number | null): void;
  /** The source is dead: no more frames. `close()` is still owed. */
  onFailure(error: RuntimeError): void;
}

/** Something that delivers frames: a camera, a generator, a file. One stream in its life: open once, close once. */
export interface FrameSource extends AsyncDisposable {
  /**
   * Opens the device and starts its frames; the first may arrive before this resolves.
   * Aborting rejects with the signal's reason; `close()` is owed after a failure too.
   */
  open(events: FrameSourceEvents, signal: AbortSignal): Promise<StreamInfo>;
  /** Stops and closes; no event comes after it resolves. Idempotent; also allowed while opening. Held frames stay valid until released. */
  close(): Promise<void>;
}
