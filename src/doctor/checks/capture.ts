import type { ErrorCode } from "../../errors.ts";
import type { Finding } from "../finding.ts";
import type { CaptureTrial } from "../trials/try-capture.ts";

export interface CaptureFacts {
  /** undefined: there is no camera to try. */
  readonly trial: CaptureTrial | undefined;
  /** Frames per second that the camera is set to. */
  readonly captureFps: number;
}

/** Below this part of the rate that was set, the camera is slower than asked. */
const RATE_PART_MIN = 0.95;

/** Slower ones are not waited for. */
const SLOW_FPS = 0.3;

const SEAT_CABLE = ["with the power off, seat the cable anew at both ends", "--first-frame-timeout 20 waits longer"];
const ASK_KERNEL = ['"sudo dmesg | tail" tells what the kernel says of it'];
const ADVICE: Partial<Record<ErrorCode, readonly string[]>> = {
  camera_busy: ["see In use"],
  camera_unsupported: ["try it without --size"],
  first_frame_timeout: SEAT_CABLE,
  camera_stalled: SEAT_CABLE,
  camera_lost: SEAT_CABLE,
};

export function checkCapture({ trial, captureFps }: CaptureFacts): Finding {
  const format = trial?.kind === "frames" ? trial.info.format : undefined;
  const rate = trial?.kind === "frames" ? trial.framesPerSecond : undefined;
  const finding = {
    check: "capture",
    values: {
      camera_id: trial?.kind === "frames" ? trial.info.cameraId : null,
      width: format?.width ?? null,
      height: format?.height ?? null,
      pixel_format: format?.pixelFormat ?? null,
      strides: format === undefined ? null : [...format.strides],
      buffers: trial?.kind === "frames" ? trial.info.bufferCount : null,
      in_dmabufs: trial?.kind === "frames" ? trial.info.memory !== undefined : null,
      first_frame_ms: trial?.kind === "frames" ? Math.round(trial.firstFrameMs) : null,
      frames_per_second: rate === undefined ? null : Math.round(rate * 100) / 100,
      error_code: trial?.kind === "failed" ? trial.error.code : null,
    },
  } as const;
  if (trial === undefined)
    return { ...finding, level: "unknown", sentence: "could not be tried without a camera", advice: ["see Cameras"] };
  if (trial.kind === "failed")
    return {
      ...finding,
      level: "failure",
      sentence: trial.error.message,
      advice: ADVICE[trial.error.code] ?? ASK_KERNEL,
    };
  const { info, firstFrameMs } = trial;
  const { width, height, pixelFormat } = info.format;
  const seen = `${width}x${height} ${pixelFormat}, first frame after ${(firstFrameMs / 1000).toFixed(1)} s`;
  if (rate === undefined) {
    const sentence = `${seen}, then no second one in time; ${captureFps} frames/s are asked for`;
    if (captureFps < SLOW_FPS)
      return { ...finding, level: "unknown", sentence, advice: ["try it with a higher --capture-fps"] };
    return { ...finding, level: "failure", sentence, advice: SEAT_CABLE };
  }
  const isSlow = rate < RATE_PART_MIN * captureFps;
  return {
    ...finding,
    level: isSlow ? "warning" : "ok",
    sentence: `${seen}, ${rate.toFixed(1)} frames/s of the ${captureFps} that are asked for`,
    advice: isSlow ? ["more light, a smaller --size, or a lower --record-fps: this camera is slower than asked"] : [],
  };
}
