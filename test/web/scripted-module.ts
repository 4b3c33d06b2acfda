import { loadPage } from "../../src/debug/page.ts";
import { encodePreview } from "../../src/debug/preview-packet.ts";
import type { SnapshotMessage, TrafficEntry, ViewerMessage } from "../../src/debug/viewer-messages.ts";
import type { ModuleSnapshot } from "../../src/telemetry/module-snapshot.ts";
import { snapshot } from "./made-up-snapshot.ts";

/** As the viewer's server sends them: the page has to do under these. */
const HEADERS = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-resource-policy": "same-origin",
  "cache-control": "no-store",
};

const PREVIEW_SIZE = { width: 368, height: 272 };

/** Serves the page, and says over `/ws` what a test wants said. */
export class ScriptedModule implements AsyncDisposable {
  #server: Bun.Server<undefined> | undefined;
  readonly #viewers = new Set<Bun.ServerWebSocket>();
  readonly #port: number;
  /** What a viewer is told when it comes. */
  #snapshot: ModuleSnapshot = snapshot();
  #traffic: TrafficEntry[] = [];
  #frameNumber = 0;
  readonly #timers: ReturnType<typeof setInterval>[] = [];
  /** Why there are no pictures; null: there are. Told with the next snapshot. */
  previewError: string | null = null;
  /** The sub-protocols that the last viewer offered. */
  offeredProtocols: string | null = null;

  static async start(): Promise<ScriptedModule> {
    await loadPage();
    return new ScriptedModule();
  }

  private constructor() {
    this.#port = this.#listen(0);
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}/`;
  }

  get viewers(): number {
    return this.#viewers.size;
  }

  /** From now on, once now and every second, as it is then. */
  show(shown: ModuleSnapshot): void {
    this.#snapshot = shown;
    this.#sendSnapshot();
  }

  /** Traffic from now on; what came before is told to those who come later. */
  say(...entries: TrafficEntry[]): void {
    this.#traffic.push(...entries);
    this.send({ kind: "traffic", entries });
  }

  send(message: ViewerMessage): void {
    this.sendRaw(JSON.stringify(message));
  }

  sendRaw(message: string | Uint8Array): void {
    for (const viewer of this.#viewers) viewer.send(message);
  }

  /** One preview; `lagMs`: from exposure to now. */
  sendPicture(jpeg: Uint8Array, frameNumber: number, lagMs = 9): void {
    const sentNs = BigInt(Math.round(performance.now() * 1e6)) + 10n ** 12n;
    const arrivedNs = sentNs - 4_000_000n;
    const sensorTimestampNs = sentNs - BigInt(lagMs) * 1_000_000n;
    this.sendRaw(encodePreview({ ...PREVIEW_SIZE, frameNumber, sensorTimestampNs, arrivedNs, sentNs }, jpeg));
  }

  /** Sends the pictures 1, 2, …, round and round, until the module ends; frame numbers go on. */
  play(jpegs: readonly Uint8Array[], picturesPerSecond = 10): void {
    const next = () =>
      this.sendPicture(jpegs[this.#frameNumber++ % jpegs.length] ?? new Uint8Array(), this.#frameNumber);
    this.#timers.push(setInterval(next, 1000 / picturesPerSecond));
  }

  /** From now on nothing is said any more, while the connection stays. */
  fallSilent(): void {
    for (const timer of this.#timers.splice(0)) clearInterval(timer);
  }

  startAgain(): void {
    this.#traffic = [];
    this.#listen(this.#port);
  }

  async stop(): Promise<void> {
    this.fallSilent();
    await this.#server?.stop(true);
    this.#viewers.clear();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #sendSnapshot(): void {
    this.send(this.#snapshotMessage());
  }

  #snapshotMessage(): SnapshotMessage {
    const told = { ...this.#snapshot, at: new Date().toISOString() };
    return { kind: "snapshot", snapshot: told, preview_error: this.previewError };
  }

  #listen(port: number): number {
    this.#timers.push(setInterval(() => this.#sendSnapshot(), 1000));
    this.#server = Bun.serve({
      hostname: "127.0.0.1",
      port,
      fetch: async (request, server) => {
        const { pathname } = new URL(request.url);
        if (pathname === "/ws") return this.#upgrade(request, server);
        const file = (await loadPage()).get(pathname);
        if (file === undefined) return new Response(null, { status: 404, headers: HEADERS });
        return new Response(file.body, { headers: { ...HEADERS, "content-type": file.contentType } });
      },
      websocket: {
        open: (viewer) => this.#welcome(viewer),
        close: (viewer) => void this.#viewers.delete(viewer),
        message: () => undefined,
      },
    });
    return this.#server.port ?? 0;
  }

  #upgrade(request: Request, server: Bun.Server<undefined>): Response | undefined {
    this.offeredProtocols = request.headers.get("sec-websocket-protocol");
    const headers = { "sec-websocket-protocol": "csi-camera" };
    return server.upgrade(request, { headers, data: undefined }) ? undefined : new Response(null, { status: 400 });
  }

  #welcome(viewer: Bun.ServerWebSocket): void {
    const say = (message: ViewerMessage) => viewer.send(JSON.stringify(message));
    say({ kind: "hello", protocol: 1, versions: { csi_camera: "0.1.0", bun: Bun.version } });
    say({ kind: "traffic", entries: this.#traffic.slice(-500) });
    say(this.#snapshotMessage());
    this.#viewers.add(viewer);
  }
}
