import type { MetricsReport } from "../../src/metrics/metrics-report.ts";
import type { Ledger } from "../support/record.ts";
import type { Sample } from "./sample.ts";

/** A recording, as the module spoke of it. */
export interface Trial {
  readonly video: string;
  readonly ledger: Ledger;
  readonly encoder: string;
  /** From `recording_started` to the command that ended it. */
  readonly seconds: number;
}

/** A recording, as `verify` found it. */
export interface Verified {
  readonly video: string;
  readonly problems: readonly string[];
  readonly samples: number;
  /** Intervals in which frames are missing. */
  readonly gaps: number;
  /** Frames per second, by the sensor's clock. */
  readonly rate: number;
}

/** What two viewers and a Prometheus got. */
interface Watched {
  /** For how long they were there. */
  readonly seconds: number;
  /** Previews per second that the module means to make. */
  readonly previewRate: number;
  readonly previews: readonly number[];
  /** How often the module said that it leaves some out, for the recording's sake. */
  readonly leftOutTimes: number;
  readonly scrapes: number;
  readonly slowestScrapeMs: number;
  /** What was wrong with either, as sentences. */
  readonly viewerProblems: readonly string[];
  readonly scrapeProblems: readonly string[];
}

/** Everything that was seen of a run, be it whole or not. */
export interface Findings {
  /** The long one first. */
  readonly trials: readonly Trial[];
  readonly verified: readonly Verified[];
  readonly samples: readonly Sample[];
  readonly watched: Watched;
  /** What is open after each trial, with nothing recorded: paths, and names such as `pipe:[123]`. */
  readonly openAtRest: readonly (readonly string[])[];
  readonly peakBytes: number;
  /** The module's own, at the end; undefined where it could not be asked. */
  readonly histograms: MetricsReport["histograms"] | undefined;
  /** Why it did not come to its end, or what else went wrong, the contract's violations among it: sentences. */
  readonly problems: readonly string[];
}
