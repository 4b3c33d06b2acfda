import { BufferPool } from "../../capture/buffer-pool.ts";
import { type BorrowedPixels, CapturedFrame } from "../../capture/captured-frame.ts";
import type { StreamFormat } from "../../capture/stream-format.ts";
import { SyntheticPicture } from "../../capture/synthetic-picture.ts";
import { RuntimeError } from "../../errors.ts";
import { openVideoEncoder } from "../../recording/encoders/open-video-encoder.ts";
import type { VideoEncoderOptions } from "../../recording/encoders/video-encoder-options.ts";

export interface EncoderTrial {
  /** E.g. `libx264 core 164`. */
  readonly name: string;
  readonly framesPerSecond: number;
  /** On average. */
  readonly bytesPerFrame: number;
}

/** Different pictures, painted beforehand: an encoder has less to do with one that does not move. */
const PICTURES = 6;
/** As many as a camera of 8 buffers leaves to the encoder at least. */
const QUEUE_FRAMES = 4;
const TRIAL_MS = 1500;

/**
 * Encodes moving pictures for a second and a half as fast as it goes, a key frame a second as a recording has. Of a
 * `format` other than YUV420 the pictures move as well, with as fine detail, in colours as they come. Throws `encoder_unavailable` or `encoder_failed`.
 */
export async function tryEncoder(
  options: Pick<VideoEncoderOptions, "choice" | "codec" | "format" | "frameRate" | "bitrate" | "jpegQuality">,
): Promise<EncoderTrial> {
  let [chunks, skipped, byteCount] = [0, 0, 0];
  let failure: RuntimeError | undefined;
  let answered = Promise.withResolvers<void>();
  const onAnswer = (): void => {
    answered.resolve();
    answered = Promise.withResolvers();
  };
  const opened = await openVideoEncoder(
    { ...options, memory: undefined, bufferCount: PICTURES, queueFramesMax: QUEUE_FRAMES },
    {
      onChunk: ({ data }) => {
        chunks++;
        byteCount += data.length;
        onAnswer();
      },
      onSkipped: () => {
        skipped++;
        onAnswer();
      },
      onWarning: () => {},
      onFailure: (error) => {
        failure = error;
        onAnswer();
      },
    },
  );
  await using encoder = opened.encoder;
  const pictures = paint(options.format);
  const keyInterval = Math.max(1, Math.round(options.frameRate));
  const startMs = performance.now();
  for (let number = 0; failure === undefined && performance.now() - startMs < TRIAL_MS; number++) {
    const frame = frameOf(pictures, number, options);
    const forceKey = number % keyInterval === 0;
    while (failure === undefined && !encoder.submit(frame, { forceKey })) await answered.promise;
    frame.release();
  }
  await encoder.drain();
  const seconds = (performance.now() - startMs) / 1000;
  if (failure !== undefined) throw failure;
  if (chunks === 0) {
    throw new RuntimeError("encoder_failed", `${encoder.info.name} made nothing of ${skipped} frames`);
  }
  return { name: encoder.info.name, framesPerSecond: chunks / seconds, bytesPerFrame: byteCount / chunks };
}

function paint(format: StreamFormat): BorrowedPixels[] {
  const pool = new BufferPool(format, PICTURES);
  const picture = new SyntheticPicture(format);
  return Array.from({ length: PICTURES }, (_, number) => {
    const buffer = pool.take();
    if (buffer === undefined) throw new Error("the pool has fewer buffers than it was made with");
    buffer.write((bytes) => picture.paint(bytes, number));
    // Never given back: it may be in the encoder more than once. `buffer` keeps the memory behind the planes.
    return { buffer, planes: buffer.planes, giveBack: () => {} };
  });
}

function frameOf(
  pictures: readonly BorrowedPixels[],
  frameNumber: number,
  { format, frameRate }: Pick<VideoEncoderOptions, "format" | "frameRate">,
): CapturedFrame {
  const frameDurationNs = Math.round(1e9 / frameRate);
  const sensorTimestampNs = BigInt(frameNumber + 1) * BigInt(frameDurationNs);
  const times = { sensorTimestampNs, monotonicNs: sensorTimestampNs, realtimeNs: sensorTimestampNs };
  const pixels = pictures[frameNumber % pictures.length];
  if (pixels === undefined) throw new Error("there is no picture to encode");
  return new CapturedFrame({ frameNumber, frameDurationNs, ...times }, format, pixels);
}
