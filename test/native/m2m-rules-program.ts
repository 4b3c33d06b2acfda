/** Encodes numbered pictures as its first argument says, into the file of its second, and prints what happened: `m2m-rules-story.ts`. */
import { writeFileSync } from "node:fs";
import { BufferPool, pictureBytes, type PoolBuffer } from "../../src/capture/buffer-pool.ts";
import { CapturedFrame } from "../../src/capture/captured-frame.ts";
import { REC709, SMPTE170M, type StreamFormat, SYCC } from "../../src/capture/stream-format.ts";
import { SyntheticPicture } from "../../src/capture/synthetic-picture.ts";
import { toRuntimeError } from "../../src/errors.ts";
import { allocateDmaBuffers } from "../../src/native/dma-heap.ts";
import { nativeConfig } from "../../src/recording/encoders/native-config.ts";
import { NativeVideoEncoder } from "../../src/recording/encoders/native-video-encoder.ts";
import type { VideoEncoderEvents } from "../../src/recording/video-encoder.ts";
import { sleep } from "../../src/sleep.ts";
import { frameAt, parsePlayOptions, type PlayEvent, timestampNsOf } from "./m2m-rules-story.ts";

/** What a camera leaves of a picture that it has its buffer back of: no frame number. */
const SPOILT = 0x55;

const [, , optionsText = "", streamPath = ""] = process.argv;
const options = parsePlayOptions(optionsText);
const { codec, memory, width, height, stride = width } = options;
const colour = { mjpeg: SYCC, h264: options.colour === "rec709" ? REC709 : SMPTE170M }[codec];
const format: StreamFormat = {
  ...{ width, height, pixelFormat: "YUV420", colour },
  strides: [stride, stride / 2, stride / 2],
};

type Note = PlayEvent extends infer Event ? (Event extends PlayEvent ? Omit<Event, "atMs"> : never) : never;
const story: (Note & { atMs: number })[] = [];
const chunks: Uint8Array[] = [];
let happened = Promise.withResolvers<void>();

function note(event: Note): void {
  story.push({ ...event, atMs: performance.now() });
  happened.resolve();
  happened = Promise.withResolvers();
}

const answers: VideoEncoderEvents = {
  onChunk: ({ data, sensorTimestampNs, isKey }) => {
    chunks.push(data);
    note({ kind: "chunk", frame: frameAt(sensorTimestampNs), isKey, byteCount: data.length });
  },
  onSkipped: (timestampNs, reason) => note({ kind: "skipped", frame: frameAt(timestampNs), reason }),
  onWarning: (code, message) => note({ kind: "warning", code, message }),
  onFailure: ({ code, message }) => note({ kind: "failed", code, message }),
};

const never = new AbortController().signal;
using pool =
  memory === "own" ? new BufferPool(format, options.buffers) : await BufferPool.inDmabufs(format, options.buffers);
try {
  await using encoder = await open();
  const { name, zeroCopy } = encoder.info;
  note({ kind: "opened", name, zeroCopy });
  await feed(encoder);
  note({ kind: "draining" });
  await encoder.drain();
  note({ kind: "drained" });
  await encoder.close();
  note({ kind: "closed", zeroCopy: encoder.info.zeroCopy, copiedFrames: encoder.info.copiedFrames });
} catch (thrown) {
  const { code, message } = toRuntimeError(thrown);
  note({ kind: "not_opened", code, message });
}
writeFileSync(streamPath, Buffer.concat(chunks));
process.stdout.write(JSON.stringify(story));

async function open(): Promise<NativeVideoEncoder> {
  const config = nativeConfig(
    {
      ...{ ...options, choice: { kind: "v4l2m2m" }, format, bufferCount: options.buffers, jpegQuality: 90 },
      memory: memory === "short_dmabuf" ? await shortMemory() : pool.frameMemory,
    },
    "high",
  );
  return await NativeVideoEncoder.open("m2m", codec, config, answers);
}

/** As the pool's, but of a dmabuf with half of a picture's bytes. */
async function shortMemory() {
  const [short] = await allocateDmaBuffers(pictureBytes(format) / 2, 1);
  const { dmabufOffsets } = pool.frameMemory ?? { dmabufOffsets: [] };
  return { dmabufFds: dmabufOffsets.map(() => short?.dmabufFd ?? -1), dmabufOffsets };
}

async function feed(encoder: NativeVideoEncoder): Promise<void> {
  const picture = new SyntheticPicture(format);
  for (let number = 0; number < options.frames; number++) {
    await pauseBefore(number);
    const buffer = await pool.takeWhenFree(never);
    buffer.write((bytes) => picture.paint(bytes, number));
    const frame = capturedFrame(number, buffer);
    while (!encoder.submit(frame, { forceKey: options.forceKey.includes(number) })) {
      if (story.some(({ kind }) => kind === "failed")) return;
      await happened.promise;
    }
    note({ kind: "submitted", frame: number });
    frame.release();
  }
  await pauseBefore(options.frames);
}

async function pauseBefore(frame: number): Promise<void> {
  if (frame === options.pause?.beforeFrame) await sleep(options.pause.ms, never);
}

/** Its picture is spoilt as soon as the last holder lets go of it. */
function capturedFrame(frameNumber: number, buffer: PoolBuffer): CapturedFrame {
  const sensorTimestampNs = timestampNsOf(frameNumber);
  const metadata = {
    frameNumber,
    sensorTimestampNs,
    monotonicNs: sensorTimestampNs,
    realtimeNs: 0n,
    frameDurationNs: 0,
  };
  return new CapturedFrame(metadata, format, {
    planes: buffer.planes,
    giveBack: () => {
      note({ kind: "released", frame: frameNumber });
      buffer.write((bytes) => bytes.fill(SPOILT));
      buffer.giveBack();
    },
  });
}
