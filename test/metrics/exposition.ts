/**
 * Reads Prometheus's text format, version 0.0.4, and takes nothing that the format's rules forbid:
 * https://prometheus.io/docs/instrumenting/exposition_formats/
 */
interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Family {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  readonly samples: readonly Sample[];
}

const NAME = "[a-zA-Z_:][a-zA-Z0-9_:]*";
const LABEL = `[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\\\\n]|\\\\\\\\|\\\\"|\\\\n)*"`;
const SAMPLE = new RegExp(`^(${NAME})(?:\\{((?:${LABEL})(?:,${LABEL})*)\\})? (\\S+)$`);
const NUMBER = /^[+-]?(?:\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|Inf)$|^NaN$/;
const SUFFIXES: Record<string, readonly string[]> = { histogram: ["_bucket", "_sum", "_count"] };

/** Throws what is wrong with the text. */
export function parseExposition(text: string): Map<string, Family> {
  if (!text.endsWith("\n")) throw new Error("the last line has no end");
  const families = new Map<string, Family & { samples: Sample[] }>();
  const series = new Set<string>();
  let help: { name: string; text: string } | undefined;
  let family: (Family & { samples: Sample[] }) | undefined;
  for (const line of text.slice(0, -1).split("\n")) {
    if (line === "") continue;
    const comment = /^# (HELP|TYPE) (\S+) (.+)$/.exec(line);
    if (comment !== null) {
      const [, kind, name = "", rest = ""] = comment;
      if (!new RegExp(`^${NAME}$`).test(name)) throw new Error(`no name of a metric: ${line}`);
      if (families.has(name)) throw new Error(`${name} comes twice`);
      if (kind === "HELP") {
        help = { name, text: rest };
        continue;
      }
      if (help?.name !== name) throw new Error(`${name} has no HELP before its TYPE`);
      if (!["counter", "gauge", "histogram"].includes(rest)) throw new Error(`no type: ${line}`);
      family = { name, type: rest, help: help.text, samples: [] };
      families.set(name, family);
      continue;
    }
    const sample = parseSample(line);
    const names = (SUFFIXES[family?.type ?? ""] ?? [""]).map((suffix) => `${family?.name}${suffix}`);
    if (family === undefined || !names.includes(sample.name)) throw new Error(`${line} is not in its family`);
    const key = `${sample.name}${JSON.stringify(Object.entries(sample.labels).toSorted(([one], [other]) => one.localeCompare(other)))}`;
    if (series.has(key)) throw new Error(`${key} comes twice`);
    series.add(key);
    family.samples.push(sample);
  }
  for (const one of families.values()) checkFamily(one);
  return families;
}

function parseSample(line: string): Sample {
  const [, name = "", labelText = "", number = ""] = SAMPLE.exec(line) ?? [];
  if (name === "" || !NUMBER.test(number)) throw new Error(`no sample: ${JSON.stringify(line)}`);
  const labels: Record<string, string> = {};
  for (const [part] of labelText.matchAll(new RegExp(LABEL, "g"))) {
    const at = part.indexOf("=");
    const label = part.slice(0, at);
    if (label in labels) throw new Error(`${label} comes twice: ${line}`);
    labels[label] = part
      .slice(at + 2, -1)
      .replace(/\\(.)/g, (_all, escaped: string) => (escaped === "n" ? "\n" : escaped));
  }
  return { name, labels, value: Number(number.replace("Inf", "Infinity")) };
}

function checkFamily({ name, type, samples }: Family): void {
  if (type === "counter" && !name.endsWith("_total")) throw new Error(`the counter ${name} is no _total`);
  if (type !== "counter" && name.endsWith("_total")) throw new Error(`${name} is no counter`);
  for (const { value } of samples) {
    if (!Number.isFinite(value)) throw new Error(`${name} is ${value}`);
    if (type !== "gauge" && value < 0) throw new Error(`${name} is negative`);
  }
  if (type === "histogram") checkHistogram(name, samples);
}

function checkHistogram(name: string, samples: readonly Sample[]): void {
  const buckets = samples.filter((sample) => sample.name.endsWith("_bucket"));
  const bounds = buckets.map(({ labels }) => Number((labels["le"] ?? "").replace("Inf", "Infinity")));
  const counts = buckets.map(({ value }) => value);
  const isAscending = (numbers: readonly number[]): boolean =>
    numbers.every((number, index) => index === 0 || number >= (numbers[index - 1] ?? 0));
  if (new Set(bounds).size !== bounds.length || !isAscending(bounds)) throw new Error(`${name}: bounds ${bounds}`);
  if (bounds.at(-1) !== Number.POSITIVE_INFINITY || !isAscending(counts)) throw new Error(`${name}: counts ${counts}`);
  const count = samples.filter((sample) => sample.name === `${name}_count`);
  if (count.length !== 1 || count[0]?.value !== counts.at(-1)) throw new Error(`${name}: _count is not that of +Inf`);
  if (!samples.some((sample) => sample.name === `${name}_sum`)) throw new Error(`${name} has no _sum`);
}
