/** `take-frames-program.ts FRAMES`, in the VM: takes so many frames of the first camera, each of which goes back at once. */
import { PicamSource } from "../../../../src/capture/picam-source.ts";
import { REC709 } from "../../../../src/capture/stream-format.ts";

const PATIENCE_MS = 120_000;

const frames = Number(process.argv[2]);
const enough = Promise.withResolvers<void>();
let count = 0;
await using source = new PicamSource({
  cameraId: undefined,
  cameraIndex: 0,
  size: { width: 324, height: 240 },
  frameRate: 30,
  colour: REC709,
});
await source.open(
  {
    onFrame(frame) {
      frame.release();
      if (++count === frames) enough.resolve();
    },
    onBadFrame: (reason) => enough.reject(new Error(reason)),
    onFailure: (error) => enough.reject(error),
  },
  AbortSignal.timeout(PATIENCE_MS),
);
await enough.promise;
