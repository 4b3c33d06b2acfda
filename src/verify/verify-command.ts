import type { RecordingReport } from "./recording-report.ts";
import { UnreadableFileError } from "./unreadable-file-error.ts";
import { verifyRecording } from "./verify-recording.ts";

/** Every recording is sound; at least one is not; at least one could not be read. */
const EXIT_SOUND = 0;
const EXIT_NOT_SOUND = 1;
const EXIT_UNREADABLE = 2;

/** Checks recordings one after the other and tells people about each. Returns the exit code: the worst of all files. */
export async function runVerify(paths: readonly string[], out: { write(text: string): unknown }): Promise<number> {
  let exitCode = EXIT_SOUND;
  for (const path of paths) {
    const { lines, code } = await describe(path);
    out.write(`${path}\n${lines.map((line) => `  ${line}\n`).join("")}`);
    exitCode = Math.max(exitCode, code);
  }
  return exitCode;
}

async function describe(path: string): Promise<{ lines: string[]; code: number }> {
  try {
    const report = await verifyRecording(path);
    const isSound = report.problems.length === 0;
    const verdict = isSound ? ["sound"] : ["NOT SOUND", ...report.problems.map((problem) => `- ${problem}`)];
    return { lines: [...summarize(report), ...verdict], code: isSound ? EXIT_SOUND : EXIT_NOT_SOUND };
  } catch (error) {
    if (!(error instanceof UnreadableFileError)) throw error;
    return { lines: [`UNREADABLE: ${error.message}`], code: EXIT_UNREADABLE };
  }
}

function summarize(report: RecordingReport): string[] {
  const { codec, width, height, samples, keyFrames, rows, durationSeconds, rate } = report;
  const lines = [
    `${codec} ${width}x${height}, ${samples} samples (${keyFrames} key frames), ${rows} rows`,
    `${durationSeconds.toFixed(6)} s, ${rate.toFixed(3)} frames/s`,
  ];
  const { firstSensorTimestampNs, lastSensorTimestampNs } = report;
  if (firstSensorTimestampNs !== undefined)
    lines.push(`sensor time ${firstSensorTimestampNs} to ${lastSensorTimestampNs} ns`);
  return lines;
}
