import { toArrayBuffer } from "bun:ffi";
import { setImmediate } from "node:timers/promises";
import type { PictureMemory } from "../capture/picture-memory.ts";
import { messageOf, RuntimeError } from "../errors.ts";
import { checkStructSizes, loadLibrary } from "./load-library.ts";
import { newStruct, readText, type Struct } from "./struct.ts";

/**
 * Where dmabufs come from, the first that gives all of them. Contiguous memory before scattered: the codecs of Raspberry
 * Pis up to 4 read nothing else.
 *
 * - `vidbuf_cached`: Raspberry Pi OS's name for the one that fits the board (rpicam-apps, core/dma_heaps.cpp);
 * - `linux,cma`, `reserved`, `default-pool`: the contiguous one before Linux 6.17, by platform, and `default_cma_region`
 *   since (kernel: Documentation/userspace-api/dma-buf-heaps.rst);
 * - `system`: scattered pages.
 */
const HEAPS = ["vidbuf_cached", "linux,cma", "default_cma_region", "reserved", "default-pool", "system"].map(
  (name) => `/dev/dma_heap/${name}`,
);

const SYMBOLS = {
  csi_dmaheap_struct_size: { args: ["u32"], returns: "u32" },
  csi_dmaheap_allocate: { args: ["ptr", "u64", "ptr", "ptr", "u32"], returns: "i32" },
  csi_dmaheap_free: { args: ["ptr"], returns: "i32" },
  csi_dmaheap_begin_write: { args: ["i32"], returns: "i32" },
  csi_dmaheap_end_write: { args: ["i32"], returns: "i32" },
} as const;

/** Bytes of `CsiDmaBuffer` of csi_dmaheap.h. */
const BUFFER_BYTES = 24;

let loaded: ReturnType<typeof load> | undefined;

function load() {
  const symbols = loadLibrary("dmaheap", SYMBOLS);
  checkStructSizes("dmaheap", symbols.csi_dmaheap_struct_size, [BUFFER_BYTES]);
  return symbols;
}

function library(): ReturnType<typeof load> {
  loaded ??= load();
  return loaded;
}

/**
 * `count` dmabufs of `byteCount` bytes each, all from the same heap; the caller frees each of them. The kernel clears
 * them, so they are made one at a time, with the event loop's other work in between. Throws `camera_unavailable` with
 * what was tried.
 */
export async function allocateDmaBuffers(byteCount: number, count: number): Promise<PictureMemory[]> {
  library();
  const refusals: string[] = [];
  for (const heap of HEAPS) {
    const buffers: DmaBuffer[] = [];
    try {
      while (buffers.length < count) {
        buffers.push(DmaBuffer.allocate(heap, byteCount));
        await setImmediate();
      }
      return buffers;
    } catch (error) {
      for (const buffer of buffers) buffer.free();
      refusals.push(messageOf(error));
    }
  }
  throw new RuntimeError(
    "camera_unavailable",
    `no dma-heap gives ${count} buffers of ${byteCount} bytes for pictures: ${refusals.join("; ")}`,
  );
}

/** One dmabuf, mapped for reading and writing. */
class DmaBuffer implements PictureMemory {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly address: number;
  readonly dmabufFd: number;
  readonly #struct: Struct;
  #isFreed = false;

  /** Throws with the library's sentence. */
  static allocate(heap: string, byteCount: number): DmaBuffer {
    const struct = newStruct(BUFFER_BYTES);
    const path = new TextEncoder().encode(`${heap}\0`);
    const error = new Uint8Array(512);
    const result = library().csi_dmaheap_allocate(path, byteCount, struct.bytes, error, error.length);
    if (result !== 0) throw new RuntimeError("camera_unavailable", readText(error));
    return new DmaBuffer(struct, byteCount);
  }

  private constructor(struct: Struct, byteCount: number) {
    this.#struct = struct;
    this.address = Number(struct.view.getBigUint64(0, true));
    this.dmabufFd = struct.view.getInt32(16, true);
    this.bytes = new Uint8Array(toArrayBuffer(this.address, 0, byteCount));
  }

  write(fill: (bytes: Uint8Array) => void): void {
    check("csi_dmaheap_begin_write", library().csi_dmaheap_begin_write(this.dmabufFd));
    try {
      fill(this.bytes);
    } finally {
      check("csi_dmaheap_end_write", library().csi_dmaheap_end_write(this.dmabufFd));
    }
  }

  free(): void {
    if (this.#isFreed) return;
    this.#isFreed = true;
    // Detached first: whoever still has `bytes` finds it empty instead of reading memory that is gone.
    this.bytes.buffer.transfer(0);
    check("csi_dmaheap_free", library().csi_dmaheap_free(this.#struct.bytes));
  }
}

function check(call: string, result: number): void {
  if (result < 0) throw new RuntimeError("camera_failed", `${call} failed with errno ${-result}`);
}
