/** One JPEG image (full-range BT.601) and the frame that it shows. */
export interface JpegPicture {
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  /** FrameMetadata's, of the frame. */
  readonly frameNumber: number;
  readonly sensorTimestampNs: bigint;
  /** CLOCK_MONOTONIC when the frame reached us, ns. */
  readonly arrivedNs: bigint;
  /** CLOCK_MONOTONIC when the image was there, ns. */
  readonly madeNs: bigint;
  readonly jpeg: Uint8Array;
}
