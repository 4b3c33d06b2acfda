import { join } from "node:path";
import { z } from "zod";
import { TemporaryDirectory } from "../log/temporary-directory.ts";
import { m2mDevice, type M2mDeviceReport, type M2mSwitches } from "../support/m2m-device.ts";
import { cleanEnvironment } from "../support/module-process.ts";
import { decodeNumbered, type NumberedPicture } from "./decode-numbered.ts";
import { nalTypes } from "./ffmpeg.ts";
import { PlayEvent, type PlayOptions } from "./m2m-rules-story.ts";

const PROGRAM = join(import.meta.dir, "m2m-rules-program.ts");
/** A few seconds are usual. */
const PLAY_MS_MAX = 60_000;

type EventOf<Kind extends PlayEvent["kind"]> = Extract<PlayEvent, { kind: Kind }>;
type Context = M2mDeviceReport["contexts"][number];
type TraceEntry = M2mDeviceReport["trace"][number];

/** What became of numbered pictures that the m2m library was given in a process of its own, and what the device saw of it. */
export class Played {
  readonly story: readonly PlayEvent[];
  readonly report: M2mDeviceReport;
  readonly packets: readonly Uint8Array[];
  /** What the packets are decoded to. */
  readonly pictures: readonly NumberedPicture[];

  constructor(
    story: readonly PlayEvent[],
    report: M2mDeviceReport,
    packets: readonly Uint8Array[],
    pictures: readonly NumberedPicture[],
  ) {
    this.story = story;
    this.report = report;
    this.packets = packets;
    this.pictures = pictures;
  }

  all<Kind extends PlayEvent["kind"]>(kind: Kind): EventOf<Kind>[] {
    return eventsOf(this.story, kind);
  }

  /** The only one of its kind. */
  the<Kind extends PlayEvent["kind"]>(kind: Kind): EventOf<Kind> {
    const [found, ...more] = this.all(kind);
    if (found === undefined || more.length > 0) throw new Error(`not one ${kind} in ${JSON.stringify(this.story)}`);
    return found;
  }

  frames(kind: "submitted" | "released" | "chunk" | "skipped"): number[] {
    return this.all(kind).map(({ frame }) => frame);
  }

  get keyFrames(): number[] {
    return this.all("chunk").flatMap(({ frame, isKey }) => (isKey ? [frame] : []));
  }

  /** Why frames came to nothing. */
  get reasons(): string[] {
    return [...new Set(this.all("skipped").map(({ reason }) => reason))];
  }

  /** From the last frame to the end, ms. */
  get drainMs(): number {
    return this.the("drained").atMs - this.the("draining").atMs;
  }

  /** NAL unit types of each packet. */
  get units(): number[][] {
    return this.packets.map(nalTypes);
  }

  /** Opens of a node that came as far as a format for pictures. */
  get contexts(): Context[] {
    return this.report.contexts.filter(({ outputFormat }) => outputFormat !== null);
  }

  /** The first of them. */
  get context(): Context {
    const [context] = this.contexts;
    if (context === undefined) throw new Error("no format was set");
    return context;
  }

  /** Its ioctls of these names. */
  calls(...names: string[]): TraceEntry[] {
    const { number } = this.context;
    return this.report.trace.filter(({ context, call }) => context === number && names.includes(call));
  }
}

/** Plays to the end. Every node is traced. */
export async function play(nodes: readonly M2mSwitches[], options: PlayOptions): Promise<Played> {
  using device = await m2mDevice(...nodes.map((node): M2mSwitches => ({ ...node, trace: 1 })));
  using directory = new TemporaryDirectory();
  const path = directory.file("stream");
  const child = Bun.spawn([process.execPath, PROGRAM, JSON.stringify(options), path], {
    env: { ...cleanEnvironment, ...device.env },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
    timeout: PLAY_MS_MAX,
  });
  const [text, errors, status] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  if (status !== 0 || errors !== "") throw new Error(`the program ended with ${status}: ${errors}`);
  const story = z.array(PlayEvent).parse(JSON.parse(text));
  const packets = cut(await Bun.file(path).bytes(), story);
  const { codec = "h264", width = 320, height = 240 } = options;
  return new Played(story, await device.report(), packets, await decodeNumbered(codec, packets, { width, height }));
}

function eventsOf<Kind extends PlayEvent["kind"]>(story: readonly PlayEvent[], kind: Kind): EventOf<Kind>[] {
  return story.filter((event): event is EventOf<Kind> => event.kind === kind);
}

function cut(stream: Uint8Array, story: readonly PlayEvent[]): Uint8Array[] {
  let start = 0;
  return eventsOf(story, "chunk").map(({ byteCount }) => {
    start += byteCount;
    return stream.subarray(start - byteCount, start);
  });
}
