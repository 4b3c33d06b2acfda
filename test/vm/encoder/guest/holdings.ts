import { readFileSync } from "node:fs";
import { openWakeDescriptors, shimThreads } from "../../../native/process-resources.ts";
import { openFiles } from "../../../support/open-files.ts";
import type { Journal } from "./journal.ts";

const SETTLE_MS = 2000;

/** What this process holds that an encoder could leave behind. */
export type Holdings = Record<string, number>;

export function noteHoldings(journal: Journal): Holdings {
  const what = holdings();
  journal.note({ kind: "holds", what });
  return what;
}

/** The same when it is what it was `before`, or 2 s later: a thread that was joined is listed for a moment. */
export async function noteHoldingsAgain(journal: Journal, before: Holdings): Promise<void> {
  const deadline = performance.now() + SETTLE_MS;
  while (JSON.stringify(holdings()) !== JSON.stringify(before) && performance.now() < deadline) await Bun.sleep(20);
  noteHoldings(journal);
}

function holdings(): Holdings {
  const files = openFiles();
  const mappings = readFileSync("/proc/self/maps", "utf8").split("\n");
  const count = (lines: readonly string[], pattern: RegExp) => lines.filter((line) => pattern.test(line)).length;
  return {
    video_descriptors: count(files, /^\/dev\/video/),
    dmabuf_descriptors: count(files, /^\/dmabuf:/),
    wake_descriptors: openWakeDescriptors(),
    descriptors: files.length,
    video_mappings: count(mappings, /\/dev\/video/),
    dmabuf_mappings: count(mappings, /\/dmabuf:/),
    shim_threads: shimThreads(),
  };
}
