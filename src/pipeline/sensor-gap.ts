import type { FrameMetadata } from "../capture/captured-frame.ts";

/**
 * How many frames the sensor made between two that arrived, and that never did.
 *
 * By time where the camera reports its frame duration (on a Raspberry Pi 4 the sequence number does not show frames
 * that the sensor interface lost): a gap is an interval beyond 1.5 durations. By the source's frame number otherwise.
 */
export function missingFrames(previous: FrameMetadata, next: FrameMetadata): number {
  if (next.frameDurationNs > 0) {
    const intervals = Number(next.sensorTimestampNs - previous.sensorTimestampNs) / next.frameDurationNs;
    return intervals > 1.5 ? Math.round(intervals) - 1 : 0;
  }
  return Math.max(0, next.frameNumber - previous.frameNumber - 1);
}
