import type { Sample } from "./sample.ts";

/**
 * At most about so many samples, each for several of one trial that follow one another: of memory, descriptors, threads and
 * the longest delay the most, of the processor's and the mean delay the mean. No peak is lost.
 */
export function thinSamples(samples: readonly Sample[], countMax: number): Sample[] {
  const size = Math.ceil(samples.length / countMax);
  if (size <= 1) return [...samples];
  const groups: Sample[][] = [];
  for (const sample of samples) {
    const group = groups.at(-1);
    if (group === undefined || group.length === size || group[0]?.trial !== sample.trial) groups.push([sample]);
    else group.push(sample);
  }
  return groups.flatMap((group) => together(group) ?? []);
}

function together(group: readonly Sample[]): Sample | undefined {
  const last = group.at(-1);
  if (last === undefined) return undefined;
  const most = (of: (sample: Sample) => number): number => Math.max(...group.map(of));
  const delays = (of: (sample: Sample) => number | undefined): number[] => group.flatMap((sample) => of(sample) ?? []);
  const maxima = delays(({ delayMaxMs }) => delayMaxMs);
  return {
    seconds: last.seconds,
    trial: last.trial,
    residentBytes: most(({ residentBytes }) => residentBytes),
    descriptors: most(({ descriptors }) => descriptors),
    threads: most(({ threads }) => threads),
    cpuPercent: mean(group.map(({ cpuPercent }) => cpuPercent)) ?? 0,
    delayMeanMs: mean(delays(({ delayMeanMs }) => delayMeanMs)),
    delayMaxMs: maxima.length === 0 ? undefined : Math.max(...maxima),
  };
}

function mean(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;
}
