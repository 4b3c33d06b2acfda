import { dlopen } from "bun:ffi";
import { beforeAll, describe, expect, test } from "bun:test";
import { closeSync, existsSync, openSync } from "node:fs";
import { join } from "node:path";
import { allocateDmaBuffers } from "../../src/native/dma-heap.ts";
import { newStruct, readText } from "../../src/native/struct.ts";
import { runWithHeaps } from "../capture/run-with-heaps.ts";
import type { M2mDeviceReport } from "../support/m2m-device.ts";
import { openFiles } from "../support/open-files.ts";

const { symbols: native } = dlopen(join(import.meta.dir, "../../shim/build/libcsi_dmaheap.so"), {
  csi_dmaheap_struct_size: { args: ["u32"], returns: "u32" },
  csi_dmaheap_allocate: { args: ["ptr", "u64", "ptr", "ptr", "u32"], returns: "i32" },
  csi_dmaheap_free: { args: ["ptr"], returns: "i32" },
  csi_dmaheap_begin_write: { args: ["i32"], returns: "i32" },
  csi_dmaheap_end_write: { args: ["i32"], returns: "i32" },
});

// errno.h
const EBADF = 9;
const EINVAL = 22;
const ENOENT = 2;
const ENOTTY = 25;

const text = (value: string) => new TextEncoder().encode(`${value}\0`);

/** What allocating from that path gives: the result, the sentence, and whether the struct was left alone. */
function allocate(path: string, errorBytes = 512): { result: number; sentence: string; isUntouched: boolean } {
  const { bytes } = newStruct(24);
  const error = new Uint8Array(512).fill(0x21);
  const result = native.csi_dmaheap_allocate(text(path), 4096, bytes, error, errorBytes);
  const sentence = errorBytes === 0 ? "" : readText(error);
  return { result, sentence, isUntouched: bytes.every((byte) => byte === 0) };
}

describe("csi_dmaheap.h", () => {
  test("its struct has the size that this program knows", () => {
    expect(native.csi_dmaheap_struct_size(0)).toBe(24);
    expect(native.csi_dmaheap_struct_size(1)).toBe(0);
  });

  test("a heap that does not exist is an error with a sentence", () => {
    expect(allocate("/dev/dma_heap/nowhere")).toEqual({
      result: -ENOENT,
      sentence: "/dev/dma_heap/nowhere: No such file or directory",
      isUntouched: true,
    });
  });

  test("a device that is no heap is an error with a sentence, and is closed again", () => {
    const before = openFiles().filter((file) => file === "/dev/zero").length;
    expect(allocate("/dev/zero")).toEqual({
      result: -ENOTTY,
      sentence: "/dev/zero gives no buffer of 4096 bytes: Inappropriate ioctl for device",
      isUntouched: true,
    });
    expect(openFiles().filter((file) => file === "/dev/zero")).toHaveLength(before);
  });

  test("the sentence is cut where there is no room for it", () => {
    expect(allocate("/dev/dma_heap/nowhere", 10).sentence).toBe("/dev/dma_");
    expect(allocate("/dev/dma_heap/nowhere", 0).result).toBe(-ENOENT);
  });

  test("nothing to work on is EINVAL", () => {
    const { bytes } = newStruct(24);
    expect(native.csi_dmaheap_allocate(null, 4096, bytes, null, 0)).toBe(-EINVAL);
    expect(native.csi_dmaheap_allocate(text("/dev/zero"), 4096, null, null, 0)).toBe(-EINVAL);
    expect(native.csi_dmaheap_free(null)).toBe(-EINVAL);
  });

  test("memory that is no dmabuf needs no brackets; a descriptor that is not open is an error", () => {
    const fd = openSync("/dev/zero", "r+");
    expect([native.csi_dmaheap_begin_write(fd), native.csi_dmaheap_end_write(fd)]).toEqual([0, 0]);
    closeSync(fd);
    expect([native.csi_dmaheap_begin_write(-1), native.csi_dmaheap_end_write(-1)]).toEqual([0, 0]);
    expect(native.csi_dmaheap_begin_write(2 ** 20)).toBe(-EBADF);
  });
});

describe.skipIf(existsSync("/dev/dma_heap"))("on a machine without dma-heaps", () => {
  test("allocating is refused with each heap that was tried, contiguous memory before scattered", async () => {
    const error = await allocateDmaBuffers(4096, 2).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: "RuntimeError", code: "camera_unavailable" });
    const tried = ["vidbuf_cached", "linux,cma", "default_cma_region", "reserved", "default-pool", "system"];
    const refusals = tried.map((name) => `/dev/dma_heap/${name}: No such file or directory`);
    expect(String(error)).toEndWith(`no dma-heap gives 2 buffers of 4096 bytes for pictures: ${refusals.join("; ")}`);
  });
});

describe("dmabufs", () => {
  let printed: unknown;
  let report: M2mDeviceReport;

  beforeAll(async () => {
    ({ printed, report } = await runWithHeaps(join(import.meta.dir, "dmaheap-program.ts")));
  }, 120_000); // the device is built first

  test("are clear, as long as asked for, and where they say", () => {
    expect(printed).toMatchObject({
      allocated: {
        ...{ count: 3, descriptors: 3, differentFds: 3, byteCounts: [5000, 5000, 5000] },
        ...{ areClear: true, areWhereTheySay: true },
      },
    });
  });

  test("are written in brackets, also where the writer throws", () => {
    expect(printed).toMatchObject({ written: { reachesTheDmabuf: true, thrown: "Error: enough" } });
    expect(report.violations).toEqual([]);
    expect(report.writesSynced).toBe(2);
  });

  test("are freed once, and their bytes are gone for whoever still looks", () => {
    expect(printed).toMatchObject({ freed: { descriptors: 0, byteCounts: [0, 0, 0] } });
  });

  test("that can't be had are refused by each heap, and nothing is left", () => {
    expect(printed).toMatchObject({
      tooBig: { reason: expect.stringMatching(/heap\/linux,cma.*heap\/system.*: \w/), descriptors: 0 },
    });
  });

  test("come from one heap, all of them or none", () => {
    expect(printed).toMatchObject({
      tooMany: {
        reason: expect.stringMatching(/heap\/linux,cma.*Too many open files.*heap\/system.*Too many open files/),
        descriptors: 0,
      },
    });
    expect(report.heapBuffers).toBeGreaterThan(3 + 2 * 2); // some were had of either
  });
});
