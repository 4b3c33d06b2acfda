import pino from "pino";
import { DebugViewer, type DebugViewerOptions } from "../../src/debug/debug-viewer.ts";
import { parseListenAddress } from "../../src/http/listen-address.ts";
import type { ModuleSnapshot } from "../../src/telemetry/module-snapshot.ts";
import type { Endpoint } from "./raw-request.ts";

/** A viewer in this process, with a module made up around it. */
export class ViewerUnderTest implements AsyncDisposable {
  readonly viewer: DebugViewer;
  /** What it logged, as JSON lines. */
  readonly logged: string[] = [];
  snapshots = 0;

  static async open(address: string, options: Partial<DebugViewerOptions> = {}): Promise<ViewerUnderTest> {
    const under = new ViewerUnderTest(address, options);
    await under.viewer.open();
    return under;
  }

  private constructor(text: string, options: Partial<DebugViewerOptions>) {
    const address = parseListenAddress(text);
    if (address === undefined) throw new Error(`${text} is no address`);
    this.viewer = new DebugViewer({
      address,
      token: undefined,
      preview: { rate: 1000, scale: 0.5, quality: 85 },
      snapshot: () => madeUpSnapshot(++this.snapshots),
      monotonicMs: () => performance.now(),
      onLeftOut: () => undefined,
      log: pino({ level: "debug" }, { write: (line: string) => void this.logged.push(line) }),
      ...options,
    });
  }

  /** Where raw requests go. */
  get endpoint(): Endpoint {
    const { url } = this.viewer;
    if (!url.startsWith("http")) return { path: url };
    const { hostname, port } = new URL(url);
    const isWildcard = hostname === "0.0.0.0" || hostname === "[::]";
    return { host: isWildcard ? "127.0.0.1" : hostname.replace(/^\[|\]$/g, ""), port: Number(port) };
  }

  /** What a browser sends as `Host`. */
  get host(): string {
    const { endpoint } = this;
    return "port" in endpoint ? `localhost:${endpoint.port}` : "localhost";
  }

  /** As a browser or a program opens it. */
  webSocketUrl(): string {
    const { endpoint } = this;
    if ("path" in endpoint) return `ws+unix://${endpoint.path}:/ws`;
    return `ws://${endpoint.host?.includes(":") ? `[${endpoint.host}]` : endpoint.host}:${endpoint.port}/ws`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.viewer.close();
  }
}

function madeUpSnapshot(uptime: number): ModuleSnapshot {
  return {
    at: new Date().toISOString(),
    uptime_s: uptime,
    state: "idle",
    health: { ok: true, reason: null },
    camera: null,
    rates: {
      capture: { actual: 0, max: null },
      record: { actual: 0, target: 30 },
      display: { actual: 0, target: 5 },
    },
    frame_intervals_ms: [],
    recording: null,
    totals: {
      captured: 0,
      recorded: 0,
      skipped_by_rate_gate: 0,
      dropped: {},
      sensor_gaps: { gaps: 0, missing_frames: 0 },
    },
    viewers: { count: 0, previews_sent: 0, previews_dropped: 0, previews_left_out: 0 },
    process: { resident_bytes: 0, cpu: 0, event_loop_delay_ms: { mean: 0, max: 0 } },
  };
}
