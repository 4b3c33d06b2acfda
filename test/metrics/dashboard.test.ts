import { beforeAll, describe, expect, test } from "bun:test";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { TemporaryDirectory } from "../log/temporary-directory.ts";
import { assign, startRecording, waitForRows } from "../support/record.ts";
import { startMeasured } from "./metrics-client.ts";
import { metricsIn } from "./promql.ts";

const DASHBOARD: unknown = JSON.parse(readFileSync(join(import.meta.dir, "../../grafana/csi-camera.json"), "utf8"));

/** Prometheus itself gives these to all that it scrapes. */
const TARGET_LABELS = ["job", "instance"];
/** Exported, and of no use in a plot. */
const NOT_SHOWN = ["csi_camera_uptime_seconds", "process_start_time_seconds"];

/** All texts under this key, at any depth. */
function textsUnder(key: string, value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    name === key && typeof inner === "string" ? [inner] : textsUnder(key, inner),
  );
}

const expressions = [...textsUnder("expr", DASHBOARD), ...textsUnder("definition", DASHBOARD)].map((text) =>
  // label_values(metric, label): the last is a label, not a metric.
  text.replace(/^label_values\((.*), (\w+)\)$/, "sum by ($2) ($1)"),
);

/** Samples of the real program, with their labels; after a recording and a camera failed, so that their codes are there. */
const exported = new Map<string, Set<string>>();
const families = new Set<string>();

beforeAll(async () => {
  using directory = new TemporaryDirectory();
  const { host, metrics } = await startMeasured(["--source", "synthetic:stall=120", "--size", "320x240"]);
  await using _host = host;
  await assign(host);
  const paths = await startRecording(host, directory.file("session_1"));
  await waitForRows(paths, 15);
  rmSync(directory.file("session_1"), { recursive: true });
  await host.waitFor("the recording's end", ({ status }) => status === "recording_stopped");
  await host.waitFor("the camera's end", ({ data }) => data["code"] === "camera_stalled");
  for (const { name, samples } of (await metrics.scrape()).values()) {
    families.add(name);
    for (const sample of samples) {
      const labels = exported.get(sample.name) ?? new Set();
      for (const label of Object.keys(sample.labels)) labels.add(label);
      exported.set(sample.name, labels);
    }
  }
}, 40_000);

describe("the Grafana dashboard", () => {
  test("asks only for metrics and labels that the program exports", () => {
    expect(expressions.length).toBeGreaterThan(40);
    for (const expression of expressions) {
      const uses = metricsIn(expression);
      expect(uses.length).toBeGreaterThan(0);
      for (const { name, labels } of uses) {
        expect([expression, name, exported.has(name)]).toEqual([expression, name, true]);
        const known = [...(exported.get(name) ?? []), ...TARGET_LABELS];
        expect([expression, labels.filter((label) => !known.includes(label))]).toEqual([expression, []]);
      }
    }
  });

  test("names in its legends only labels that the expression leaves", () => {
    for (const { expr, legend } of targetsIn(DASHBOARD)) {
      const known = metricsIn(expr).flatMap(({ name }) => [...(exported.get(name) ?? []), ...TARGET_LABELS]);
      for (const [, label = ""] of legend.matchAll(/\{\{(\w+)\}\}/g)) {
        const [, kept] = /^sum by \((\w+)\)/.exec(expr) ?? [];
        expect([expr, label, kept === undefined ? known.includes(label) : kept === label]).toEqual([expr, label, true]);
      }
    }
  });

  test("shows all that the program exports", () => {
    const used = new Set(expressions.flatMap(metricsIn).map(({ name }) => name.replace(/_(?:bucket|sum|count)$/, "")));
    expect([...families].filter((name) => !used.has(name)).toSorted()).toEqual(NOT_SHOWN);
  });

  test("has panels that lie side by side, each with a number of its own", () => {
    const { panels } = DASHBOARD as {
      panels: { id: number; gridPos: { x: number; y: number; w: number; h: number } }[];
    };
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, index) => `${x + (index % w)},${y + Math.floor(index / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    expect(Math.max(...panels.map(({ gridPos: { x, w } }) => x + w))).toBeLessThanOrEqual(24);
  });
});

test("a misspelt metric or label is found", () => {
  const good = 'sum by (reason) (rate(csi_camera_drops_total{job=~"$job"}[$__rate_interval])) > 0.5';
  expect(metricsIn(good)).toEqual([{ name: "csi_camera_drops_total", labels: ["job", "reason"] }]);
  expect(metricsIn("rates(x[5m])").map(({ name }) => name)).toEqual(["rates", "x"]);
  expect(() => metricsIn("a ? b")).toThrow("not understood");
});

function targetsIn(value: unknown): { expr: string; legend: string }[] {
  if (typeof value !== "object" || value === null) return [];
  if ("expr" in value && "legendFormat" in value)
    return [{ expr: String(value.expr), legend: String(value.legendFormat) }];
  return Object.values(value).flatMap(targetsIn);
}
