import type { RecordingMetadata } from "../recording/metadata/recording-metadata.ts";
import { type DropLines, readDropLines } from "./drop-lines.ts";
import type { Intervals } from "./intervals.ts";
import { checkLedger } from "./ledger-checker.ts";
import { checkMetadata, type RecordedFacts } from "./metadata-checker.ts";
import type { Problems } from "./problems.ts";
import { readRecordedMetadata } from "./recorded-metadata.ts";
import { recordingPaths } from "./recording-paths.ts";
import { checkSensorGaps } from "./sensor-gap-checker.ts";

/**
 * Reads what a recording says of itself, its metadata and its list of drops, and holds it against what it is.
 * `inMovie`: what the video holds of the metadata.
 */
export function checkRecords(
  facts: RecordedFacts,
  inMovie: readonly Uint8Array[],
  intervals: Intervals,
  { problems, notes }: { problems: Problems; notes: string[] },
): { metadata: RecordingMetadata | undefined; drops: DropLines | undefined } {
  const paths = recordingPaths(facts.path);
  const metadata = readRecordedMetadata(paths.metadata, inMovie, { problems, notes });
  const isEndKnown = (metadata?.end ?? null) !== null;
  const drops = readDropLines(paths.drops, { mayBeTorn: !isEndKnown, problems, notes });
  if (metadata === undefined) return { metadata, drops };
  checkMetadata(metadata, facts, { problems, notes });
  if (metadata.end === null) {
    notes.push("metadata tell no end: the recording goes on or was broken off, its ledger is not known");
  } else {
    checkLedger(metadata.end, metadata.files.drops, { ...facts, drops }, problems);
    checkSensorGaps(metadata, intervals, problems);
  }
  return { metadata, drops };
}
