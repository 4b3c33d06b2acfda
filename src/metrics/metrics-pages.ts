import type { Telemetry } from "../telemetry/telemetry.ts";
import type { Page, Pages } from "./answer-metrics.ts";
import { metricsReport } from "./metrics-report.ts";
import { MetricsRegistry } from "./metrics-registry.ts";

/** However often somebody asks, numbers are gathered no more often than this. */
const KEPT_MS = 100;
const JSON_TYPE = "application/json; charset=utf-8";

/** The pages of the metrics. Each is made when it is asked for, and kept for 100 ms. */
export class MetricsPages implements Pages {
  readonly #telemetry: Telemetry;
  readonly #registry: MetricsRegistry;
  readonly #kept = new Map<string, { readonly page: Promise<Page>; readonly atMs: number }>();

  constructor(telemetry: Telemetry) {
    this.#telemetry = telemetry;
    this.#registry = new MetricsRegistry(telemetry);
  }

  page(path: string): Promise<Page> | undefined {
    const make = this.#maker(path);
    if (make === undefined) return undefined;
    const kept = this.#kept.get(path);
    if (kept !== undefined && performance.now() - kept.atMs < KEPT_MS) return kept.page;
    const page = make();
    this.#kept.set(path, { page, atMs: performance.now() });
    return page;
  }

  #maker(path: string): (() => Promise<Page>) | undefined {
    switch (path) {
      case "/metrics":
        return async () => ({
          status: 200,
          contentType: this.#registry.contentType,
          body: await this.#registry.text(),
        });
      case "/metrics/json":
        return async () => ({
          status: 200,
          contentType: JSON_TYPE,
          body: toText(metricsReport(this.#telemetry, "metrics/json")),
        });
      case "/health":
        return async () => healthPage(this.#telemetry);
      default:
        return undefined;
    }
  }
}

/** 503: who watches over the module should look after it. */
function healthPage(telemetry: Telemetry): Page {
  const { health, state } = telemetry;
  const body = toText({ status: health.ok ? "ok" : "failing", state, reason: health.reason });
  return { status: health.ok ? 200 : 503, contentType: JSON_TYPE, body };
}

function toText(value: unknown): string {
  return `${JSON.stringify(value)}\n`;
}
