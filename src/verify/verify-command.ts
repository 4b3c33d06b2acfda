import { printable } from "./printable.ts";
import type { RecordingReport } from "./recording-report.ts";
import { reportJson, toJsonText, unreadableJson } from "./report-json.ts";
import { reportTable } from "./report-table.ts";
import { UnreadableFileError } from "./unreadable-file-error.ts";
import { verifyRecording } from "./verify-recording.ts";

/** Every recording is sound; at least one is not; at least one could not be read. */
const EXIT_SOUND = 0;
const EXIT_NOT_SOUND = 1;
const EXIT_UNREADABLE = 2;

/** A file, and what came of reading it: a report, or why there is none. */
interface Outcome {
  readonly path: string;
  readonly report: RecordingReport | undefined;
  readonly reason: string;
}

/**
 * Checks recordings one after the other and tells of each: people by a table, programs (`isJson`) by one JSON document for
 * all, an array. Returns the exit code: the worst of all files.
 */
export async function runVerify(
  paths: readonly string[],
  out: { write(text: string): unknown },
  { isJson = false }: { isJson?: boolean } = {},
): Promise<number> {
  let exitCode = EXIT_SOUND;
  for (const [index, path] of paths.entries()) {
    const outcome = await verify(path);
    exitCode = Math.max(exitCode, codeOf(outcome));
    if (isJson) out.write(`${index === 0 ? "[\n" : ",\n"}${describeToPrograms(outcome)}`);
    else out.write(describeToPeople(outcome));
  }
  if (isJson) out.write(paths.length === 0 ? "[]\n" : "\n]\n");
  return exitCode;
}

async function verify(path: string): Promise<Outcome> {
  try {
    return { path, report: await verifyRecording(path), reason: "" };
  } catch (error) {
    if (!(error instanceof UnreadableFileError)) throw error;
    return { path, report: undefined, reason: error.message };
  }
}

function codeOf({ report }: Outcome): number {
  if (report === undefined) return EXIT_UNREADABLE;
  return report.problems.length === 0 ? EXIT_SOUND : EXIT_NOT_SOUND;
}

function describeToPeople({ path, report, reason }: Outcome): string {
  const lines = report === undefined ? [`UNREADABLE: ${reason}`] : reportTable(report);
  return [path, ...lines.map((line) => `  ${line}`)].map((line) => `${printable(line)}\n`).join("");
}

function describeToPrograms({ path, report, reason }: Outcome): string {
  return toJsonText(report === undefined ? unreadableJson(path, reason) : reportJson(report));
}
