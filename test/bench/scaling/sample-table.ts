import { spreadOf } from "../cost/spread.ts";
import { textTable } from "../cost/table.ts";
import type { Axis, Sample } from "./sample.ts";

const CPU_WORDS: Record<Axis, string> = {
  resolution: "per frame",
  rate: "per second",
  length: "per frame, with its start",
};

/** Each place on each axis, with the medians of its rounds. */
export function sampleTable(samples: readonly Sample[]): string {
  const places = Map.groupBy(samples, ({ axis, codec, place }) => `${axis} ${codec} ${place}`);
  const head = ["", "", "at", "CPU ms", "module", "floor", "peak MB: module", "floor"];
  return textTable([head, ...[...places.values()].flatMap(placeLine)]);
}

function placeLine(measured: readonly Sample[]): string[][] {
  const median = (name: Sample["contender"], amountOf: (sample: Sample) => number, digits: number): string => {
    const amounts = measured.filter(({ contender }) => contender === name).map(amountOf);
    return amounts.length === 0 ? "" : spreadOf(amounts).median.toFixed(digits);
  };
  const cpu = (name: Sample["contender"]): string =>
    median(name, ({ axis, cpuMs, at }) => (axis === "length" ? cpuMs / at : cpuMs), 3);
  const memory = (name: Sample["contender"]): string => median(name, ({ peakBytes }) => peakBytes / 1e6, 0);
  return measured
    .slice(0, 1)
    .map(({ axis, codec, place }) => [
      ...[axis, codec, place, CPU_WORDS[axis]],
      ...[cpu("module"), cpu("floor"), memory("module"), memory("floor")],
    ]);
}
