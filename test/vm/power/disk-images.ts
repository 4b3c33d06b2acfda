import { closeSync, openSync, readFileSync, truncateSync, writeFileSync, writeSync } from "node:fs";
import { runTool } from "../../support/run-tool.ts";
import { makeFileSystem } from "./file-system.ts";
import { diskBytes, marksAt } from "./plan.ts";
import type { DiskRequest } from "./write-log.ts";

/** Draws a whole number from 0 to `max`. */
type Draw = (max: number) => number;

/** What a disk writes wholly or not at all. */
const SECTOR_BYTES = 512;

/** A new disk with an empty file system. */
export async function formatDisk(path: string): Promise<void> {
  writeFileSync(path, "");
  truncateSync(path, marksAt);
  await makeFileSystem(path);
  truncateSync(path, diskBytes);
}

export async function copyDisk(from: string, to: string): Promise<void> {
  await runTool("cp", "--sparse=always", from, to);
}

/**
 * Changes a disk as these requests did, if the power went after the last of them: what a flush came after is there; of
 * what the disk still held in its own memory, nothing is there, or some writes, or some sectors. Returns which.
 */
export function loseUnflushed(path: string, requests: readonly DiskRequest[], draw: Draw): string {
  const flushedCount = requests.findLastIndex(({ kind }) => kind === "flush") + 1;
  const kept = ["nothing", "some writes", "some sectors"][draw(2)] ?? "";
  const disk = openSync(path, "r+");
  for (const [index, request] of requests.entries()) {
    if (request.kind !== "write") continue;
    const { at, bytes } = request;
    if (index < flushedCount || (kept === "some writes" && draw(1) === 0)) writeSync(disk, bytes, 0, bytes.length, at);
    else if (kept === "some sectors") writeSomeSectors(disk, at, bytes, draw);
  }
  closeSync(disk);
  return kept;
}

function writeSomeSectors(disk: number, at: number, bytes: Buffer, draw: Draw): void {
  for (let offset = 0; offset < bytes.length; offset += SECTOR_BYTES)
    if (draw(1) === 0) writeSync(disk, bytes, offset, SECTOR_BYTES, at + offset);
}

/** Whether the requests lead from one disk to the other. What comes after the last flush may have been under way. */
export function leadTo(requests: readonly DiskRequest[], before: string, after: string): boolean {
  const [expected, got] = [readFileSync(before), readFileSync(after)];
  const flushedCount = requests.findLastIndex(({ kind }) => kind === "flush") + 1;
  for (const [index, request] of requests.entries()) {
    if (request.kind !== "write") continue;
    const { at, bytes } = request;
    if (index < flushedCount) bytes.copy(expected, at);
    else got.copy(expected, at, at, at + bytes.length);
  }
  return expected.equals(got);
}
