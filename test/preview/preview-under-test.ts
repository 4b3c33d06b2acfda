import type { CapturedFrame } from "../../src/capture/captured-frame.ts";
import type { RuntimeError } from "../../src/errors.ts";
import { Preview, type PreviewSettings } from "../../src/preview/preview.ts";
import type { JpegPicture } from "../../src/preview/jpeg-picture.ts";
import { waitUntil } from "../log/wait-until.ts";

/** A preview that keeps what it makes; it scales by half, and takes each frame that it can. */
export class PreviewUnderTest implements AsyncDisposable {
  readonly pictures: JpegPicture[] = [];
  readonly failures: RuntimeError[] = [];
  timesToldLeftOut = 0;
  readonly preview: Preview;

  constructor(settings: Partial<PreviewSettings> = {}) {
    this.preview = new Preview(
      { rate: 1000, scale: 0.5, quality: 85, ...settings },
      {
        onPicture: (picture) => this.pictures.push(picture),
        onFailure: (error) => this.failures.push(error),
        onLeftOut: () => this.timesToldLeftOut++,
      },
    );
  }

  /** As the router does. */
  offer(frame: CapturedFrame, inputIntervalNs = 1e9 / 60): void {
    this.preview.offer(frame, inputIntervalNs);
    frame.release();
  }

  /** As the router does with a frame that can't be spared. */
  passOver(frame: CapturedFrame, inputIntervalNs = 1e9 / 60): void {
    this.preview.passOver(frame, inputIntervalNs);
    frame.release();
  }

  async pictureOf(frame: CapturedFrame): Promise<JpegPicture> {
    const count = this.pictures.length;
    this.offer(frame);
    await waitUntil("a picture", () => this.pictures.length > count);
    const picture = this.pictures.at(-1);
    if (picture === undefined) throw new Error("there is no picture");
    return picture;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.preview.close();
  }
}
