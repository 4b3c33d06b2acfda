import { availableParallelism } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { TemporaryDirectory } from "../log/temporary-directory.ts";
import { runTool } from "./run-tool.ts";

/** `test/native/m2m-device/switches.h` says what they mean. */
export interface M2mSwitches {
  readonly node?: `/dev/video${number}`;
  readonly kind?: "encoder" | "decoder" | "camera" | "not_v4l2";
  readonly codec?: "h264" | "jpeg";
  readonly planar?: "multi" | "single";
  /** Of YU12, YV12, NV12 and NV21, with a + between. */
  readonly formats?: string;
  readonly max_size?: `${number}x${number}`;
  readonly stride_align?: number;
  readonly height_align?: number;
  readonly sizes?:
    | "ok"
    | "garbage_zero"
    | "garbage_small_stride"
    | "garbage_small_sizeimage"
    | "garbage_huge"
    | "garbage_planes";
  readonly controls?: "bcm2835" | "all" | "no_force_key" | "none";
  readonly headers?: "first" | "each" | "separate" | "separate_zero_timestamp";
  readonly key_flags?: "right" | "wrong" | "none";
  readonly split?: number;
  readonly skip?: number;
  readonly error?: number;
  readonly encode_delay?: number;
  readonly dmabuf?: "ok" | "refuse_reqbufs" | "refuse_prepare" | "refuse_queue";
  readonly prepare_buf?: "yes" | "no";
  readonly drain?: "flag_empty" | "flag_on_last" | "eos_event" | "unsupported";
  readonly drain_delay?: number;
  readonly stall?: number;
  readonly stall_always?: 1;
  readonly eio?: number;
  /** E.g. `S_PARM:ENOTTY+ENCODER_CMD:EBUSY:2`. */
  readonly refuse?: string;
  readonly buffers_max?: number;
  readonly vanish?: number;
  readonly streamoff_delay?: number;
  readonly open_error?: string;
  readonly canned?: 1;
  readonly trace?: 1;
}

const Format = z.object({
  fourcc: z.string(),
  width: z.number(),
  height: z.number(),
  bytesPerLine: z.number(),
  sizeImage: z.number(),
  /** enum v4l2_colorspace, and the three that refine it. */
  colourSpace: z.number(),
  transfer: z.number(),
  matrix: z.number(),
  quantization: z.number(),
});

/** One open of a node. */
const Context = z.object({
  number: z.number(),
  node: z.string(),
  isClosed: z.boolean(),
  outputFormat: Format.nullable(),
  captureFormat: Format.nullable(),
  frameInterval: z.tuple([z.number(), z.number()]).nullable(),
  crop: z.tuple([z.number(), z.number()]).nullable(),
  /** The last value that each control was set to, by V4L2's name of it. */
  controls: z.record(z.string(), z.number()),
  keyFramesForced: z.number(),
  outputMemory: z.enum(["mmap", "dmabuf"]).nullable(),
  outputBuffers: z.number(),
  captureBuffers: z.number(),
  /** Most OUTPUT buffers between QBUF and DQBUF at one time. */
  outputBuffersHeldMax: z.number(),
  wasOutputStreamedOff: z.boolean(),
  wasCaptureStreamedOff: z.boolean(),
  framesQueued: z.number(),
  framesEncoded: z.number(),
  framesSkipped: z.number(),
  framesGivenBack: z.number(),
  captureBuffersDelivered: z.number(),
  /** By index of the OUTPUT buffer: how often its dmabuf was mapped anew, and how often it was the one from before. */
  imports: z.array(z.object({ fresh: z.number(), reused: z.number() })),
  buffersMapped: z.number(),
  buffersUnmapped: z.number(),
  /** CPU time of the encoder's thread. */
  encoderCpuNs: z.number(),
});

const M2mDeviceReport = z.object({
  contexts: z.array(Context),
  /** dmabufs that a dma-heap gave out. */
  heapBuffers: z.number(),
  /** Pairs of DMA_BUF_IOCTL_SYNC. */
  readsSynced: z.number(),
  writesSynced: z.number(),
  /** Rules of V4L2 and dma-buf that were broken, a sentence each. */
  violations: z.array(z.string()),
  /** Every ioctl in order, of nodes with `trace`. */
  trace: z.array(
    z.object({
      context: z.number(),
      call: z.string(),
      queue: z.string(),
      detail: z.string(),
      error: z.string(),
    }),
  ),
});
export type M2mDeviceReport = z.infer<typeof M2mDeviceReport>;

const BUILD = join(import.meta.dir, "../../shim/build/test");

/** The library to preload, and the program that proves it. */
export const M2M_DEVICE_FILES = {
  library: join(BUILD, "libm2m_device.so"),
  driver: join(BUILD, "m2m-driver"),
} as const;

const SOURCES = join(import.meta.dir, "../native/m2m-device");
const make = ["make", "-C", SOURCES, "-s", `-j${availableParallelism()}`];
// At import: the first build takes longer than a test may, and a test that is late has its children killed. One
// process at a time.
await runTool("flock", join(SOURCES, "Makefile"), ...make);

/** V4L2 encoder nodes, and dma-heaps, for child processes that get `env`. */
class M2mDevice implements Disposable {
  readonly env: Readonly<Record<string, string>>;
  readonly #directory = new TemporaryDirectory();

  constructor(nodes: readonly M2mSwitches[]) {
    this.env = {
      LD_PRELOAD: M2M_DEVICE_FILES.library,
      CSI_TEST_M2M: nodes.map(assignments).join(";"),
      CSI_TEST_M2M_REPORT: this.#path,
    };
  }

  /** What the child said last: when a node was closed, or when the child ended. */
  async report(): Promise<M2mDeviceReport> {
    return M2mDeviceReport.parse(await Bun.file(this.#path).json());
  }

  [Symbol.dispose](): void {
    this.#directory[Symbol.dispose]();
  }

  get #path(): string {
    return this.#directory.file("m2m-report.json");
  }
}

/** The device as the switches say, one node for each. Dispose of it after the child. */
export async function m2mDevice(...nodes: readonly M2mSwitches[]): Promise<M2mDevice> {
  return new M2mDevice(nodes);
}

function assignments(switches: M2mSwitches): string {
  const all = { kind: "encoder", ...switches };
  return Object.entries(all)
    .map(([key, value]) => `${key}=${value}`)
    .join(",");
}
