import { Counter, Gauge, Registry } from "prom-client";
import type { Telemetry } from "../telemetry/telemetry.ts";
import { CollectedHistogram } from "./collected-histogram.ts";
import { HISTOGRAMS } from "./histogram-definitions.ts";
import type { MetricDefinition } from "./metric-definition.ts";
import { METRICS } from "./metric-definitions.ts";
import { type MetricsReport, metricsReport } from "./metrics-report.ts";

/** The metrics as Prometheus reads them. */
export class MetricsRegistry {
  readonly #telemetry: Telemetry;
  readonly #registry = new Registry();
  readonly #updates: readonly ((report: MetricsReport) => void)[];

  constructor(telemetry: Telemetry) {
    this.#telemetry = telemetry;
    this.#updates = METRICS.map((definition) => registered(definition, this.#registry));
    for (const { name, help, read } of HISTOGRAMS) {
      this.#registry.registerMetric(new CollectedHistogram({ name, help, read: () => read(telemetry) }));
    }
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  /** As they are now, in Prometheus's text format. */
  async text(): Promise<string> {
    const report = metricsReport(this.#telemetry, "metrics");
    for (const update of this.#updates) update(report);
    return await this.#registry.metrics();
  }
}

/** How to bring the metric up to date. All are set at once, before anything waits: they belong to the same moment. */
function registered(
  { kind, name, help, labels, read }: MetricDefinition,
  registry: Registry,
): (r: MetricsReport) => void {
  const options = { name, help, labelNames: labels, registers: [registry] };
  if (kind === "gauge") {
    const gauge = new Gauge(options);
    return (report) => {
      gauge.reset();
      for (const [values, value] of read(report)) gauge.set(values, value);
    };
  }
  const counter = new Counter(options);
  return (report) => {
    counter.reset();
    for (const [values, value] of read(report)) counter.inc(values, value);
  };
}
