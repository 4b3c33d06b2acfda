import type { CapturedFrame } from "../../capture/captured-frame.ts";
import type { FrameSource, StreamInfo } from "../../capture/frame-source.ts";
import { type RuntimeError, toRuntimeError } from "../../errors.ts";
import { sleep } from "../../sleep.ts";
import { AssignedCamera } from "../../runtime/assigned-camera.ts";

export type CaptureTrial =
  | {
      readonly kind: "frames";
      /** Its memory is gone. */
      readonly info: StreamInfo;
      readonly firstFrameMs: number;
      /** By the sensor's clock; undefined: fewer than two frames came. */
      readonly framesPerSecond: number | undefined;
    }
  | { readonly kind: "failed"; readonly error: RuntimeError };

/** How long frames are counted after the first: ms, and frames where those take longer. */
const COUNT_MS = { min: 1000, max: 10_000 };
const COUNT_FRAMES = 3;
const CLOSE_MS = 5000;

/** Opens the camera, waits for its first frame, counts frames for a second or a few frames, and closes it. */
export async function tryCapture(
  source: FrameSource,
  options: { deviceId: string; firstFrameTimeoutMs: number; captureFps: number },
): Promise<CaptureTrial> {
  const { deviceId, firstFrameTimeoutMs, captureFps } = options;
  const countMs = Math.min(COUNT_MS.max, Math.max(COUNT_MS.min, (COUNT_FRAMES * 1000) / captureFps));
  const signal = new AbortController().signal;
  const timestampsNs: bigint[] = [];
  const counter = { offer: ({ sensorTimestampNs }: CapturedFrame) => void timestampsNs.push(sensorTimestampNs) };
  const startMs = performance.now();
  try {
    const camera = await AssignedCamera.open(
      source,
      { deviceId, firstFrameTimeoutMs, labelOf: () => deviceId, consumersOf: () => [counter] },
      { onCameraFault: () => {}, onConsumerError: () => {}, onRecordingFault: () => {} },
      signal,
    );
    const firstFrameMs = performance.now() - startMs;
    try {
      await sleep(countMs, signal);
      if (camera.fault !== undefined) return { kind: "failed", error: camera.fault };
    } finally {
      await camera.close(CLOSE_MS);
    }
    return { kind: "frames", info: camera.info, firstFrameMs, framesPerSecond: rateOf(timestampsNs) };
  } catch (thrown) {
    return { kind: "failed", error: toRuntimeError(thrown) };
  }
}

function rateOf(timestampsNs: readonly bigint[]): number | undefined {
  const [first, last] = [timestampsNs[0], timestampsNs.at(-1)];
  if (first === undefined || last === undefined || last <= first) return undefined;
  return ((timestampsNs.length - 1) * 1e9) / Number(last - first);
}
