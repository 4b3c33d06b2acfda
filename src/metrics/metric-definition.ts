import type { MetricsReport } from "./metrics-report.ts";

type Labels = Readonly<Record<string, string>>;

/** One number, or one for each set of labels. Labels have few values: never names, paths or sentences of others. */
export interface MetricDefinition {
  readonly kind: "counter" | "gauge";
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
  readonly read: (report: MetricsReport) => readonly (readonly [Labels, number])[];
}

export function counter(name: string, help: string, read: (report: MetricsReport) => number): MetricDefinition {
  return counters(name, help, [], (report) => [[{}, read(report)]]);
}

export function gauge(name: string, help: string, read: (report: MetricsReport) => number): MetricDefinition {
  return gauges(name, help, [], (report) => [[{}, read(report)]]);
}

type Read = MetricDefinition["read"];

export function counters(name: string, help: string, labels: readonly string[], read: Read): MetricDefinition {
  return { kind: "counter", name, help, labels, read };
}

export function gauges(name: string, help: string, labels: readonly string[], read: Read): MetricDefinition {
  return { kind: "gauge", name, help, labels, read };
}

/** A number for each value of one label. */
export function byLabel(label: string, values: Readonly<Record<string, number>>): [Labels, number][] {
  return Object.entries(values).map(([name, value]) => [{ [label]: name }, value]);
}
