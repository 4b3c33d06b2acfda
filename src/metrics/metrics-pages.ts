import type { Telemetry } from "../telemetry/telemetry.ts";
import type { Page, Pages } from "./answer-metrics.ts";
import { metricsReport } from "./metrics-report.ts";
import { MetricsRegistry } from "./metrics-registry.ts";

/** However often somebody asks, numbers are gathered no more often than this. */
const KEPT_MS = 100;
const JSON_TYPE = "application/json; charset=utf-8";

/** The pages of the metrics. Each is made when it is asked for; those of many numbers are kept for 100 ms. */
export class MetricsPages implements Pages {
  readonly #telemetry: Telemetry;
  readonly #registry: MetricsRegistry;
  readonly #kept = new Map<string, { readonly page: Promise<Page>; readonly atMs: number }>();

  constructor(telemetry: Telemetry) {
    this.#telemetry = telemetry;
    this.#registry = new MetricsRegistry(telemetry);
  }

  page(path: string): Promise<Page> | undefined {
    switch (path) {
      case "/metrics":
        return this.#keep(path, () => this.#metricsPage());
      case "/metrics/json":
        return this.#keep(path, async () => this.#jsonPage());
      case "/health":
        return Promise.resolve(healthPage(this.#telemetry));
      default:
        return undefined;
    }
  }

  #keep(path: string, make: () => Promise<Page>): Promise<Page> {
    const kept = this.#kept.get(path);
    if (kept !== undefined && performance.now() - kept.atMs < KEPT_MS) return kept.page;
    const page = make();
    this.#kept.set(path, { page, atMs: performance.now() });
    return page;
  }

  async #metricsPage(): Promise<Page> {
    return { status: 200, contentType: this.#registry.contentType, body: await this.#registry.text() };
  }

  #jsonPage(): Page {
    return { status: 200, contentType: JSON_TYPE, body: toText(metricsReport(this.#telemetry, "metrics/json")) };
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
