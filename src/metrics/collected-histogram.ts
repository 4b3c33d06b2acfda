import { Histogram } from "prom-client";
import type { HistogramReport } from "../telemetry/histogram.ts";

interface Value {
  readonly metricName: string;
  readonly labels: Readonly<Record<string, string | number>>;
  readonly value: number;
}

export interface CollectedHistogramOptions {
  readonly name: string;
  readonly help: string;
  readonly read: () => HistogramReport;
}

/**
 * A histogram that is kept elsewhere: prom-client's own costs more per value than a frame may cost. Its registry asks
 * metrics for `getForPromString()` where they have it, as its histograms do.
 */
export class CollectedHistogram extends Histogram {
  readonly #options: CollectedHistogramOptions;

  constructor(options: CollectedHistogramOptions) {
    super({ name: options.name, help: options.help, registers: [] });
    this.#options = options;
  }

  async getForPromString(): Promise<{ name: string; help: string; type: "histogram"; values: Value[] }> {
    const { name, help, read } = this.#options;
    return { name, help, type: "histogram", values: valuesOf(name, read()) };
  }
}

function valuesOf(name: string, { bounds, counts, count, sum }: HistogramReport): Value[] {
  let below = 0;
  const buckets = bounds.map((bound, index) => {
    below += counts[index] ?? 0;
    return { metricName: `${name}_bucket`, labels: { le: bound }, value: below };
  });
  return [
    ...buckets,
    { metricName: `${name}_bucket`, labels: { le: "+Inf" }, value: count },
    { metricName: `${name}_sum`, labels: {}, value: sum },
    { metricName: `${name}_count`, labels: {}, value: count },
  ];
}
