import { readFileSync } from "node:fs";
import { openFiles } from "../support/open-files.ts";

/** What this process has of dma-heaps: open descriptors and mapped ranges. */
export interface DmabufsInUse {
  readonly descriptors: number;
  readonly mappings: number;
}

/** As /proc names them: the kernel's, and those of the device in test/native/m2m-device. */
const DMABUF = /\/(dmabuf:|memfd:dma-heap)/;

export function dmabufsInUse(): DmabufsInUse {
  return {
    descriptors: openFiles().filter((file) => DMABUF.test(file)).length,
    mappings: readFileSync("/proc/self/maps", "utf8")
      .split("\n")
      .filter((line) => DMABUF.test(line)).length,
  };
}
