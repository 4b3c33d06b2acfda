import { rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { WatchingClient } from "../../debug/watching-client.ts";
import { readDrops } from "../../support/drop-lines.ts";
import { expectPayload } from "../../support/expect-payload.ts";
import { ModuleProcess } from "../../support/module-process.ts";
import { cpuSeconds, peakMemoryBytes } from "../../support/process-usage.ts";
import { assign, type Ledger, type RecordingPaths, startRecording } from "../../support/record.ts";
import { verdictOn } from "../../support/run-program.ts";
import { ProcessorLoad, type TakenByOthers } from "./processor-load.ts";

export const RATE = 30;
export const PREVIEW_RATE = 5;

/** What a viewer is told comes each second. */
const NEXT_SNAPSHOT_MS = 1500;
/** With many more modules than there are cores, what is in the encoders takes its time. */
const STOP_MS_MAX = 60_000;

/** One of several modules side by side. */
export interface ModuleCost {
  readonly ledger: Ledger;
  /** For each frame that was recorded. */
  readonly cpuMsPerFrame: number;
  readonly previewsPerSecond: number;
  /** Previews that were due and never made. */
  readonly previewsLeftOut: number;
  /** Since the recording began, s: when it told the host that previews are left out, and when it dropped a frame first. */
  readonly toldAtSeconds: number | null;
  readonly droppedAtSeconds: number | null;
  /** Of the first frame that was dropped, how many frames before it was the last of which there is a preview. */
  readonly framesSincePreview: number | null;
  /** Lines in the list of dropped frames. */
  readonly dropLines: number;
  /** What `verify` says: the ledger balances, row k is sample k, each dropped frame has its line. */
  readonly isSound: boolean;
  readonly peakBytes: number;
}

export interface Trial extends TakenByOthers {
  readonly modules: readonly ModuleCost[];
  /** Of all processors, by anybody, while all record. */
  readonly busyShare: number;
}

/** So many modules at once, each recording H.264 of a made-up camera at 30 frames/s, with a viewer who wants 5 previews/s. */
export async function sideBySide(count: number, folder: string, seconds: number): Promise<Trial> {
  const load = new ProcessorLoad();
  const trial = await recordSideBySide(count, folder, seconds);
  // When all have ended: before that, what they took looks like somebody else's.
  return { ...trial, ...load.taken() };
}

async function recordSideBySide(
  count: number,
  folder: string,
  seconds: number,
): Promise<Pick<Trial, "modules" | "busyShare">> {
  const session = join(folder, `side-by-side-${count}`);
  try {
    await using modules = new AsyncDisposableStack();
    const started = Array.from({ length: count }, (_, index) =>
      modules.use(new ModuleAtWork(join(folder, `${index}.sock`))),
    );
    await Promise.all(started.map((module) => module.start()));
    const load = new ProcessorLoad();
    await Promise.all(started.map((module) => module.record(session)));
    await delay(1000 * seconds);
    const busyShare = load.busyShare();
    const stopped = await Promise.all(started.map((module) => module.stop()));
    // When all are gone: reading takes time as well.
    const costs = [];
    for (const examine of stopped) costs.push(await examine());
    return { modules: costs, busyShare };
  } finally {
    rmSync(session, { recursive: true, force: true });
  }
}

class ModuleAtWork implements AsyncDisposable {
  readonly #host: ModuleProcess;
  readonly #socketPath: string;
  #viewer: WatchingClient | undefined;
  #recording: RecordingPaths | undefined;
  #cpuSeconds = 0;
  #previews = 0;
  #startedAt = 0;

  constructor(socketPath: string) {
    this.#socketPath = socketPath;
    const camera = ["--source", "synthetic", "--size", "1456x1088"];
    const rates = ["--capture-fps", `${RATE}`, "--record-fps", `${RATE}`, "--preview-fps", `${PREVIEW_RATE}`];
    this.#host = new ModuleProcess([...camera, ...rates, "--debug-socket", socketPath]);
  }

  async start(): Promise<void> {
    await assign(this.#host);
    this.#viewer = await WatchingClient.open(`ws+unix://${this.#socketPath}:/ws`);
  }

  /** What came before does not count. */
  async record(session: string): Promise<void> {
    this.#previews = this.#viewer?.previews.length ?? 0;
    this.#cpuSeconds = cpuSeconds(this.#host.pid);
    this.#startedAt = Date.now();
    this.#recording = await startRecording(this.#host, session);
  }

  /** Ends the module; what it returns looks at what it left. */
  async stop(): Promise<() => Promise<ModuleCost>> {
    const { pid } = this.#host;
    const seconds = (Date.now() - this.#startedAt) / 1000;
    const { previews = [] } = this.#viewer ?? {};
    const previewsPerSecond = (previews.length - this.#previews) / seconds;
    const id = this.#host.sendCommand("stop_recording");
    const reply = await this.#host.waitFor("the end", ({ in_reply_to }) => in_reply_to === id, STOP_MS_MAX);
    const { ledger } = expectPayload(reply, "recording_stopped");
    const usedMs = 1000 * (cpuSeconds(pid) - this.#cpuSeconds);
    const peakBytes = peakMemoryBytes(pid);
    await delay(NEXT_SNAPSHOT_MS);
    const previewsLeftOut = this.#viewer?.snapshots.at(-1)?.snapshot.viewers.previews_left_out ?? 0;
    await this.#viewer?.[Symbol.asyncDispose]();
    expectPayload(await this.#host.ask("quit"), "quitting");
    const cpuMsPerFrame = usedMs / ledger.recorded;
    return async () => {
      const drops = readDrops(this.#recording?.drops ?? "");
      const [told, dropped] = [this.#host.statuses.find(saysLeftOut)?.timestamp, drops[0]?.ts];
      return {
        ...{ ledger, cpuMsPerFrame, previewsPerSecond, previewsLeftOut },
        toldAtSeconds: this.#secondsAt(told),
        droppedAtSeconds: this.#secondsAt(dropped),
        framesSincePreview: framesSince(previews, drops[0]?.frame_num ?? null),
        dropLines: drops.length,
        isSound: (await verdictOn(this.#recording?.video ?? "")).exitCode === 0,
        peakBytes,
      };
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#host[Symbol.asyncDispose]();
  }

  #secondsAt(time: string | undefined): number | null {
    return time === undefined ? null : (Date.parse(time) - this.#startedAt) / 1000;
  }
}

function framesSince(previews: WatchingClient["previews"], frameNumber: number | null): number | null {
  const shown = previews.map(({ header }) => header.frameNumber).filter((number) => number < (frameNumber ?? 0));
  return frameNumber === null || shown.length === 0 ? null : frameNumber - Math.max(...shown);
}

function saysLeftOut({ status, data }: ModuleProcess["statuses"][number]): boolean {
  return status === "warning" && data["code"] === "previews_left_out";
}
