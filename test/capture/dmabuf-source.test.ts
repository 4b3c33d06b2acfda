import { beforeAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import type { M2mDeviceReport } from "../support/m2m-device.ts";
import type { LostDmabuf } from "./dmabuf-lost-program.ts";
import type { InterruptedOpening } from "./dmabuf-opening-program.ts";
import type { DmabufRun } from "./dmabuf-source-program.ts";
import { runWithHeaps } from "./run-with-heaps.ts";

const program = (name: string) => join(import.meta.dir, name);

describe("SyntheticSource in dmabufs", () => {
  let run: DmabufRun;
  let report: M2mDeviceReport;

  beforeAll(async () => {
    const ended = await runWithHeaps(program("dmabuf-source-program.ts"));
    run = ended.printed as DmabufRun;
    report = ended.report;
  }, 120_000); // the device is built first

  test("says where its frames lie", () => {
    const { bufferCount, memory } = run.info;
    expect(bufferCount).toBe(16);
    expect(memory?.dmabufOffsets).toEqual([0, 512 * 240, 512 * 240 + 256 * 120]);
    expect(run.held.map(({ fds }) => fds)).toContainEqual([...(memory?.dmabufFds ?? [])]);
    for (const { offsets } of run.held) expect(offsets).toEqual([...(memory?.dmabufOffsets ?? [])]);
  });

  test("gives each buffer a dmabuf of its own, which its planes share", () => {
    expect(run.held).toHaveLength(run.info.bufferCount);
    for (const { fds } of run.held) expect(new Set(fds).size).toBe(1);
    expect(new Set(run.held.flatMap(({ fds }) => fds)).size).toBe(run.info.bufferCount);
    expect(report.heapBuffers).toBe(run.info.bufferCount);
    expect(run.streaming).toEqual({ descriptors: run.info.bufferCount, mappings: run.info.bufferCount });
  });

  test("every frame carries its picture", () => {
    expect(run.frames).toBeGreaterThanOrEqual(3 * run.info.bufferCount + 3);
    expect(run.readable).toBe(run.frames);
  });

  test("announces each picture's writing to the kernel, in pairs", () => {
    expect(report.violations).toEqual([]);
    expect(report.writesSynced).toBe(run.frames);
  });

  test("frames that are held stay readable after close, and nothing but they is kept", () => {
    expect(run.heldAtClose).toBeGreaterThanOrEqual(3);
    expect(run.readableAfterClose).toBe(run.heldAtClose);
    expect(run.closed).toEqual({ descriptors: run.heldAtClose, mappings: run.heldAtClose });
  });

  test("nothing is left of it once they are released", () => {
    expect(run.released).toEqual({ descriptors: 0, mappings: 0 });
  });
});

test("a source that is kept from opening gives its dmabufs back", async () => {
  const { printed } = await runWithHeaps(program("dmabuf-opening-program.ts"));
  const openings = printed as InterruptedOpening[];
  expect(openings.map(({ how, reason }) => [how, reason])).toEqual([
    ["closed", "RuntimeError: the camera was closed while it opened"],
    ["aborted", "Error: enough"],
  ]);
  for (const { before, after } of openings) {
    expect(before.descriptors).toBeGreaterThan(0);
    expect(after).toEqual({ descriptors: 0, mappings: 0 });
  }
}, 30_000);

test("a source whose dmabuf can't be written to has failed, once, and sends no more frames", async () => {
  const { printed } = await runWithHeaps(program("dmabuf-lost-program.ts"));
  const expected: LostDmabuf = {
    code: "camera_failed",
    message: "csi_dmaheap_begin_write failed with errno 9", // EBADF
    failures: 1,
    framesAfterwards: 0,
  };
  expect(printed).toEqual(expected);
}, 30_000);
