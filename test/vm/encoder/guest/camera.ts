import type { CapturedFrame } from "../../../../src/capture/captured-frame.ts";
import type { FrameSourceEvents, StreamInfo } from "../../../../src/capture/frame-source.ts";
import { PicamSource } from "../../../../src/capture/picam-source.ts";
import { REC709 } from "../../../../src/capture/stream-format.ts";

/**
 * vimc through the program's own camera class. vimc makes frames as fast as it can, which costs a CPU: while nobody looks
 * at them they are kept, so that it has nothing to write to.
 */
export class Camera implements AsyncDisposable {
  readonly #source: PicamSource;
  readonly #kept: CapturedFrame[] = [];
  #info: StreamInfo | undefined;
  #viewer: ((frame: CapturedFrame) => void) | undefined;

  static async open(size: { readonly width: number; readonly height: number }): Promise<Camera> {
    const camera = new Camera(size);
    camera.#info = await camera.#source.open(camera.#events(), AbortSignal.timeout(60_000));
    return camera;
  }

  private constructor(size: { readonly width: number; readonly height: number }) {
    this.#source = new PicamSource({ cameraId: undefined, cameraIndex: 0, size, frameRate: 30, colour: REC709 });
  }

  get info(): StreamInfo {
    if (this.#info === undefined) throw new Error("the camera is not open");
    return this.#info;
  }

  /** Shows each new frame to `look` until that says that it has seen enough. The frame is released when `look` returns. */
  async show(look: (frame: CapturedFrame) => "more" | "enough"): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#viewer = (frame) => {
      try {
        if (look(frame) === "more") return;
        resolve();
      } catch (thrown) {
        reject(thrown instanceof Error ? thrown : new Error(String(thrown)));
      } finally {
        frame.release();
      }
      this.#viewer = undefined;
    };
    this.#releaseKept();
    await promise;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#releaseKept();
    await this.#source.close();
    this.#releaseKept();
  }

  #releaseKept(): void {
    for (const frame of this.#kept.splice(0)) frame.release();
  }

  #events(): FrameSourceEvents {
    return {
      onFrame: (frame) => {
        if (this.#viewer === undefined) this.#kept.push(frame);
        else this.#viewer(frame);
      },
      onBadFrame: () => {},
      onFailure: ({ message }) => console.error(`camera: ${message}`), // no more frames: whoever waits gives up
    };
  }
}
