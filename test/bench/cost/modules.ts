import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expectPayload } from "../../support/expect-payload.ts";
import { ModuleProcess } from "../../support/module-process.ts";
import { cpuSeconds, peakMemoryBytes } from "../../support/process-usage.ts";
import { assign, startRecording } from "../../support/record.ts";
import { droppedFrames } from "./contenders/module.ts";

const RATE = 30;
const PREVIEW_RATE = 5;

/** One of several modules side by side. */
export interface ModuleCost {
  readonly captured: number;
  readonly recorded: number;
  readonly dropped: Readonly<Record<string, number>>;
  /** Frames that the camera could not deliver, for want of buffers. */
  readonly missing: number;
  /** For each frame that was recorded. */
  readonly cpuMsPerFrame: number;
  readonly previewsPerSecond: number;
  readonly peakBytes: number;
}

/** So many modules at once, each recording H.264 of a made-up camera at 30 frames/s, with a viewer who wants 5 previews/s. */
export async function sideBySide(count: number, folder: string, seconds: number): Promise<ModuleCost[]> {
  await using modules = new AsyncDisposableStack();
  const started = await Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const module = modules.use(new ModuleAtWork(join(folder, `${count}-${index}.sock`)));
      await module.start(folder);
      return module;
    }),
  );
  for (const module of started) module.begin();
  await delay(1000 * seconds);
  return await Promise.all(started.map((module) => module.stop(seconds)));
}

class ModuleAtWork implements AsyncDisposable {
  readonly #host: ModuleProcess;
  readonly #socketPath: string;
  #viewer: WebSocket | undefined;
  #previews = 0;
  #cpuSeconds = 0;

  constructor(socketPath: string) {
    this.#socketPath = socketPath;
    const camera = [
      "--source",
      "synthetic",
      "--size",
      "1456x1088",
      "--capture-fps",
      `${RATE}`,
      "--record-fps",
      `${RATE}`,
    ];
    this.#host = new ModuleProcess([...camera, "--preview-fps", `${PREVIEW_RATE}`, "--debug-socket", socketPath]);
  }

  async start(folder: string): Promise<void> {
    await assign(this.#host);
    this.#viewer = new WebSocket(`ws+unix://${this.#socketPath}:/ws`, ["csi-camera"]);
    this.#viewer.binaryType = "arraybuffer";
    this.#viewer.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
      if (data instanceof ArrayBuffer) this.#previews++;
    });
    await startRecording(this.#host, folder);
  }

  /** What came before does not count. */
  begin(): void {
    this.#previews = 0;
    this.#cpuSeconds = cpuSeconds(this.#host.pid);
  }

  async stop(seconds: number): Promise<ModuleCost> {
    const { pid } = this.#host;
    const previewsPerSecond = this.#previews / seconds;
    const reply = await this.#host.ask("stop_recording");
    const { ledger } = expectPayload(reply, "recording_stopped");
    const usedMs = 1000 * (cpuSeconds(pid) - this.#cpuSeconds);
    const peakBytes = peakMemoryBytes(pid);
    this.#viewer?.close();
    expectPayload(await this.#host.ask("quit"), "quitting");
    const { captured, recorded, dropped, sensor_gaps: gaps } = ledger;
    if (captured !== recorded + droppedFrames(ledger)) throw new Error(`frames are missing: ${JSON.stringify(ledger)}`);
    const missing = gaps.missing_frames;
    return { captured, recorded, dropped, missing, cpuMsPerFrame: usedMs / recorded, previewsPerSecond, peakBytes };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#host[Symbol.asyncDispose]();
  }
}
