import { describe, expect, test } from "bun:test";
import { readdir, writeFile } from "node:fs/promises";
import { setImmediate } from "node:timers/promises";
import { checkDiskSpace, readDiskSpace } from "../../src/doctor/checks/disk-space.ts";
import { checkDiskSpeed } from "../../src/doctor/checks/disk-speed.ts";
import { tryDisk } from "../../src/doctor/trials/try-disk.ts";
import { RuntimeError } from "../../src/errors.ts";
import { TemporaryDirectory } from "../log/temporary-directory.ts";
import { openFiles } from "../support/open-files.ts";

const EXT4 = 0xef53;
const TMPFS = 0x0102_1994;
const FAT = 0x4d44;
/** exFAT; NTFS by its old driver, and by ntfs3. */
const WITHOUT_JOURNAL = [0x2011_bab0, 0x5346_544e, 0x7366_746e];

test("room for more than an hour is right, for less a warning, for next to nothing a failure", () => {
  const facts = { folder: "/data", bytesPerSecond: 1e6 };
  const at = (freeBytes: number, type = EXT4) => checkDiskSpace({ ...facts, disk: { freeBytes, type } });
  expect(at(29e9)).toMatchObject({ level: "ok", sentence: "29 GB free in /data: enough for 8 hours" });
  expect(at(3e9)).toMatchObject({ level: "warning", sentence: "3.00 GB free in /data: enough for 50 minutes" });
  expect(at(1e8)).toMatchObject({ level: "failure", values: { free_bytes: 1e8, minutes: 1 } });
  expect(at(29e9, TMPFS)).toMatchObject({ level: "warning", sentence: expect.stringContaining("in memory") });
  expect(at(29e9, FAT)).toMatchObject({ level: "warning", sentence: expect.stringContaining("4 GiB") });
  for (const type of WITHOUT_JOURNAL)
    expect(at(29e9, type)).toMatchObject({ level: "warning", advice: ["record to a disk with ext4"] });
});

test("room that is not known, or for a recording that is not, is not taken for right", async () => {
  const disk = await readDiskSpace("/");
  expect(disk?.freeBytes).toBeGreaterThan(0);
  expect(checkDiskSpace({ folder: "/", disk, bytesPerSecond: undefined })).toMatchObject({ level: "unknown" });
  const none = await readDiskSpace("/no/such/folder");
  expect(checkDiskSpace({ folder: "/", disk: none, bytesPerSecond: 1e6 })).toMatchObject({ level: "unknown" });
});

test("a disk slower than the bit rate is a failure, one near it or with long pauses a warning", () => {
  const at = (bytesPerSecond: number, longestMs = 100) =>
    checkDiskSpeed({
      folder: "/data",
      trial: { value: { byteCount: 2 * bytesPerSecond, seconds: 2, longestMs } },
      bytesPerSecond: 1e6,
    });
  expect(at(20e6)).toMatchObject({
    level: "ok",
    sentence: "20.0 MB/s with fdatasync, longest write 0.10 s; a recording needs 1.0 MB/s",
  });
  expect(at(2e6)).toMatchObject({ level: "warning" });
  expect(at(20e6, 6000)).toMatchObject({ level: "warning" });
  expect(at(9e5)).toMatchObject({ level: "failure", values: { bytes_per_second: 9e5, bytes_per_second_needed: 1e6 } });
  const error = new RuntimeError("disk_full", "no space");
  expect(checkDiskSpeed({ folder: "/", trial: { error }, bytesPerSecond: 1e6 })).toMatchObject({ level: "failure" });
});

describe("the write test", () => {
  test("measures a disk, and its file has no name while it is written: nothing can leave it behind", async () => {
    using directory = new TemporaryDirectory();
    let isOver = false;
    const trial = tryDisk(directory.path, { bytesPerSecond: 1e6, freeBytes: 64e6 }).finally(() => {
      isOver = true;
    });
    const seen = new Set<string>();
    // It takes at least a turn of the event loop for each of its 64 pieces.
    while (!isOver) {
      for (const path of openFiles()) if (path.startsWith(directory.path)) seen.add(path);
      await setImmediate();
    }
    expect([...seen].filter((path) => path.endsWith(" (deleted)"))).toHaveLength(1);
    const result = await trial;
    if ("error" in result) throw result.error;
    expect(result.value.byteCount).toBeGreaterThan(1e6);
    // Half of what is free stays free.
    expect(result.value.byteCount).toBeLessThanOrEqual(32e6);
    expect(checkDiskSpeed({ folder: directory.path, trial: result, bytesPerSecond: 1 })).toMatchObject({ level: "ok" });
    expect(await readdir(directory.path)).toEqual([]);
  }, 15_000);

  test("says where nothing can be written", async () => {
    using directory = new TemporaryDirectory();
    await writeFile(directory.file("file"), "");
    const folder = directory.file("file");
    const trial = await tryDisk(folder, { bytesPerSecond: 1e6, freeBytes: 1e9 });
    const sentence = expect.stringContaining(`cannot write to ${folder}`);
    expect(checkDiskSpeed({ folder, trial, bytesPerSecond: 1e6 })).toMatchObject({ level: "failure", sentence });
  });
});
