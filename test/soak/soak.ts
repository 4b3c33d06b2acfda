/**
 * `npm run soak -- --minutes N`: records for long while two look on and metrics are scraped, and then judges: no frame
 * dropped, no gap, every ledger balanced, every file sound, memory and descriptors flat. Exit code 0 only where all of that
 * is so; 2 where it was called wrongly. `--help` tells the options; the report is report.md, plot.svg and samples.csv.
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { programOptions } from "../support/program-options.ts";
import { parseOptions, type SoakOptions, USAGE } from "./options.ts";
import { plotSamples } from "./plot.ts";
import { describeRun, markdownReport, samplesCsv, verdictText } from "./report.ts";
import { RunWitness } from "./run-description.ts";
import { runSoak } from "./run-soak.ts";
import { thinSamples } from "./thin-samples.ts";
import { isSound, judge } from "./verdict.ts";

/** In samples.csv, whose lines are some 45 bytes, and in the plot, which has fewer columns. */
const SAMPLES_KEPT = 1600;
const SAMPLES_DRAWN = 800;

process.exitCode = (await soak(programOptions(parseOptions, USAGE))) ? 0 : 1;

async function soak(options: SoakOptions): Promise<boolean> {
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => stop.abort(new Error(`ended by ${signal}`)));
  const witness = new RunWitness();
  mkdirSync(options.folder, { recursive: true });
  const sessionDir = mkdtempSync(join(options.folder, "recordings-"));
  console.error(describeRun(options));
  const say = (sentence: string): void => console.error(`${new Date().toISOString().slice(11, 19)}  ${sentence}`);
  const found = await runSoak({ options, sessionDir, signal: stop.signal, say });
  const verdict = judge(options, found);
  const description = witness.describe(options.folder);
  const write = (name: string, text: string) => Bun.write(join(options.folder, name), text);
  await write("report.md", markdownReport({ options, description, verdict, found }));
  await write("samples.csv", samplesCsv(thinSamples(found.samples, SAMPLES_KEPT)));
  const plotted = thinSamples(found.samples, SAMPLES_DRAWN);
  const title = describeRun(options);
  await write("plot.svg", plotSamples(plotted, { title, isMemoryLimited: !options.isAccelerated }));
  console.log(verdictText(verdict));
  // What is not sound is for somebody to look at.
  if (isSound(verdict)) rmSync(sessionDir, { recursive: true });
  else console.error(`what was recorded is left in ${sessionDir}`);
  console.error(`the report is ${join(options.folder, "report.md")}`);
  return isSound(verdict);
}
