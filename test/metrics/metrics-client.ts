import type { MetricsReport } from "../../src/metrics/metrics-report.ts";
import { ModuleProcess, type ModuleProcessOptions } from "../support/module-process.ts";
import { type Family, parseExposition } from "./exposition.ts";

/** A port that nobody has at the moment. */
function freePort(): number {
  const listener = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data() {} } });
  const { port } = listener;
  listener.stop(true);
  return port;
}

export interface HealthAnswer {
  readonly code: number;
  readonly status: string;
  readonly state: string;
  readonly reason: string | null;
}

/** What a module says of itself over HTTP. */
export class MetricsClient {
  readonly port: number;

  constructor(port: number) {
    this.port = port;
  }

  fetch(path: string, init: RequestInit = {}): Promise<Response> {
    return fetch(`http://127.0.0.1:${this.port}${path}`, init);
  }

  /** What there is, which may be 100 ms old. */
  async scrapeAny(): Promise<Map<string, Family>> {
    return parseExposition(await (await this.fetch("/metrics")).text());
  }

  /** As it is now: made after the call. */
  async scrape(): Promise<Map<string, Family>> {
    const uptime = (families: ReadonlyMap<string, Family>): number => valueOf(families, "csi_camera_uptime_seconds");
    const first = await this.scrapeAny();
    for (;;) {
      const families = await this.scrapeAny();
      if (uptime(families) !== uptime(first)) return families;
    }
  }

  /** As it is now: made after the call. */
  async json(): Promise<MetricsReport> {
    const read = async (): Promise<MetricsReport> =>
      (await (await this.fetch("/metrics/json")).json()) as MetricsReport;
    const first = await read();
    for (;;) {
      const report = await read();
      if (report.uptime_s !== first.uptime_s) return report;
    }
  }

  async health(): Promise<HealthAnswer> {
    const response = await this.fetch("/health");
    return { code: response.status, ...((await response.json()) as Omit<HealthAnswer, "code">) };
  }
}

/** A module that serves metrics and has said `ready`. */
export async function startMeasured(
  args: readonly string[],
  options: ModuleProcessOptions = {},
): Promise<{ host: ModuleProcess; metrics: MetricsClient }> {
  const metrics = new MetricsClient(freePort());
  const host = new ModuleProcess(["--metrics-port", String(metrics.port), ...args], options);
  try {
    await host.waitFor("ready", ({ status }) => status === "ready");
    return { host, metrics };
  } catch (error) {
    await host[Symbol.asyncDispose]();
    throw error;
  }
}

/** The value of the one sample that has these labels. */
export function valueOf(
  families: ReadonlyMap<string, Family>,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number {
  const all = [...families.values()].flatMap(({ samples }) => samples).filter((sample) => sample.name === name);
  const found = all.filter((sample) => Object.entries(labels).every(([label, text]) => sample.labels[label] === text));
  const [only, ...more] = found;
  if (only === undefined || more.length > 0)
    throw new Error(`${found.length} samples of ${name} are ${JSON.stringify(labels)}`);
  return only.value;
}

/** By name and labels: all that must never fall. */
export function risingValues(families: ReadonlyMap<string, Family>): Map<string, number> {
  const rising = [...families.values()].filter(({ type }) => type !== "gauge").flatMap(({ samples }) => samples);
  return new Map(rising.map(({ name, labels, value }) => [`${name}${JSON.stringify(labels)}`, value]));
}
