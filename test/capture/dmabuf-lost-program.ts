/** Closes a dmabuf behind the back of the synthetic source that lends it. Prints a `LostDmabuf`. */
import { closeSync } from "node:fs";
import { REC709 } from "../../src/capture/stream-format.ts";
import { SyntheticSource } from "../../src/capture/synthetic-source.ts";
import { CollectingEvents, never } from "./collecting-events.ts";

export interface LostDmabuf {
  readonly code: string | undefined;
  readonly message: string | undefined;
  /** Failures that the source told of, and frames after the first one. */
  readonly failures: number;
  readonly framesAfterwards: number;
}

await using source = new SyntheticSource({ width: 320, height: 240, frameRate: 200, colour: REC709, inDmabufs: true });
let taken: number | undefined;
const events = new CollectingEvents((frame) => {
  taken ??= frame.planes[0]?.dmabufFd;
});
await source.open(events, never);
await events.untilFrames(1);
if (taken !== undefined) closeSync(taken);
const failure = await events.untilFailure();
const frames = events.frames.length;
await using other = new SyntheticSource({ width: 320, height: 240, frameRate: 200, colour: REC709 });
const probe = new CollectingEvents();
await other.open(probe, never);
await probe.untilFrames(10); // time enough for ten more
const lost: LostDmabuf = {
  ...{ code: failure?.code, message: failure?.message },
  ...{ failures: events.failures.length, framesAfterwards: events.frames.length - frames },
};
process.stdout.write(JSON.stringify(lost));
process.exit(0);
