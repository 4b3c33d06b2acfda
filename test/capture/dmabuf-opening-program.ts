/** Keeps synthetic sources in dmabufs from opening, in each way that there is. Prints `DmabufsInUse` after each. */
import { setImmediate } from "node:timers/promises";
import { REC709 } from "../../src/capture/stream-format.ts";
import { SyntheticSource } from "../../src/capture/synthetic-source.ts";
import { CollectingEvents, never } from "./collecting-events.ts";
import { type DmabufsInUse, dmabufsInUse } from "./dmabufs-in-use.ts";

export interface InterruptedOpening {
  readonly how: string;
  /** While it opened, and when opening had failed. */
  readonly before: DmabufsInUse;
  readonly after: DmabufsInUse;
  /** What opening rejected with. */
  readonly reason: string;
}

const sourceOf = () => new SyntheticSource({ width: 320, height: 240, frameRate: 30, colour: REC709, inDmabufs: true });

async function interrupt(
  how: string,
  open: (source: SyntheticSource) => { opening: Promise<unknown>; stop: () => void },
) {
  await using source = sourceOf();
  const { opening, stop } = open(source);
  const reason = opening.then(() => "it opened", String);
  await setImmediate();
  const before = dmabufsInUse();
  stop();
  const interrupted: InterruptedOpening = { how, before, reason: await reason, after: dmabufsInUse() };
  return interrupted;
}

const abort = new AbortController();
const openings = [
  await interrupt("closed", (source) => ({
    opening: source.open(new CollectingEvents(), never),
    stop: () => void source.close(),
  })),
  await interrupt("aborted", (source) => ({
    opening: source.open(new CollectingEvents(), abort.signal),
    stop: () => abort.abort(new Error("enough")),
  })),
];
process.stdout.write(JSON.stringify(openings));
