import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { pictureSize } from "../plan.ts";
import type { Ledger } from "../transcript.ts";
import { gridProblem, recordTimeProblems, sensorClockProblems } from "./clocks.ts";
import { colourBarProblems } from "./colour-bars.ts";
import { balanceProblem, dropNoteProblem } from "./ledger.ts";
import { decodeRgb, type Media, probe } from "./media.ts";
import { pictureOrderProblems } from "./picture-order.ts";
import type { Report } from "./report.ts";
import { readTimingCsv, type TimingRow } from "./timing-csv.ts";

/** What a recording should be. */
export interface ExpectedRecording {
  readonly codec: "h264" | "mjpeg";
  readonly trial: number;
  readonly deviceId: string;
  /** As the timing file has it, quotes included. */
  readonly csvLabel: string;
  readonly framesMin: number;
  /** As the guest has it. */
  readonly sensorScale: number;
}

/** Judges one recording by its files alone. `name` begins the claims; `videoPath` is where the file lies out here. */
export async function checkRecording(
  report: Report,
  name: string,
  videoPath: string,
  ledger: Ledger,
  expected: ExpectedRecording,
): Promise<void> {
  report.check(`${name}: is where the host contract has it`, pathProblems(videoPath, expected));
  report.check(`${name}: the ledger balances`, balanceProblem(ledger));
  await report.attempt(`${name}: each drop is noted`, async () => dropNoteProblem(videoPath, ledger));

  let rows: TimingRow[];
  let media: Media;
  let frames: Uint8Array[];
  try {
    rows = readTimingCsv(videoPath.replace(/\.mp4$/, "_timing.csv"));
    media = await probe(videoPath);
    frames = await decodeRgb(videoPath, media);
  } catch (thrown) {
    report.check(`${name}: its files can be read`, thrown instanceof Error ? thrown.message : String(thrown));
    return;
  }
  report.check(
    `${name}: ledger, rows, samples and decoded frames are the same number`,
    countProblems(rows, media, frames, ledger, expected),
  );
  report.check(`${name}: codec and size`, formatProblem(media, expected));
  report.check(`${name}: the rows are the trial's`, rowProblems(rows, expected));
  report.check(`${name}: sensor timestamps increase and are close to the arrival`, sensorClockProblems(rows));
  report.check(`${name}: sensor timestamps are measured, not a nominal grid`, gridProblem(rows));
  report.check(`${name}: both record times fit`, recordTimeProblems(rows));
  report.check(`${name}: each sample's time is its row's sensor timestamp`, sampleTimeProblems(rows, media));
  report.check(
    `${name}: begins with a key frame`,
    media.packets[0]?.isKey === true ? undefined : "the first packet is not key",
  );
  report.check(
    `${name}: colour bars in every frame`,
    frames.flatMap((rgb) => colourBarProblems(rgb, media.width, media.height)),
  );
  report.check(
    `${name}: each picture is the one of its row`,
    pictureOrderProblems(frames, { ...expected, width: media.width }, rows),
  );
}

function pathProblems(videoPath: string, { trial }: ExpectedRecording): string[] {
  const folder = dirname(videoPath);
  const label = basename(folder);
  const file = `20260106_143052_CSI_trial${String(trial).padStart(3, "0")}_${label}.mp4`;
  const problems: string[] = [];
  if (!existsSync(videoPath)) problems.push(`${videoPath} does not exist`);
  if (basename(videoPath) !== file) problems.push(`named ${basename(videoPath)}, expected ${file}`);
  if (!/^[\w.-]+$/.test(label)) problems.push(`camera label ${JSON.stringify(label)}`);
  const parents = join(basename(dirname(dirname(folder))), basename(dirname(folder)));
  if (parents !== "session_20260106_143052/CSICameras") problems.push(`lies in ${parents}`);
  return problems;
}

function countProblems(
  rows: readonly TimingRow[],
  media: Media,
  frames: readonly Uint8Array[],
  ledger: Ledger,
  { framesMin }: ExpectedRecording,
): string[] {
  const problems = rows.length < framesMin ? [`${rows.length} rows, expected ${framesMin} or more`] : [];
  const counts = [ledger.recorded, rows.length, media.packets.length, media.decodedFrames, frames.length];
  if (new Set(counts).size !== 1)
    problems.push(`ledger, rows, samples, ffprobe's frames, ffmpeg's frames: ${counts.join(", ")}`);
  return problems;
}

function formatProblem({ codec, width, height }: Media, expected: ExpectedRecording): string | undefined {
  const got = `${codec} ${width}x${height}`;
  const wanted = `${expected.codec} ${pictureSize.width}x${pictureSize.height}`;
  return got === wanted ? undefined : `${got}, expected ${wanted}`;
}

function rowProblems(rows: readonly TimingRow[], { trial, deviceId, csvLabel }: ExpectedRecording): string[] {
  return rows.flatMap((row, index) => {
    const got = [row.trial, row.module, row.deviceId, row.label, row.frameIndex, row.videoPts].join(" ");
    const wanted = [trial, "CSICameras", deviceId, csvLabel, index + 1, index + 1].join(" ");
    return got === wanted ? [] : [`row ${index + 1} has ${got}, expected ${wanted}`];
  });
}

/** To the microsecond: the sensor's time since the first frame, whether rounded or cut. */
function sampleTimeProblems(rows: readonly TimingRow[], media: Media): string[] {
  const firstNs = rows[0]?.sensorNs ?? 0n;
  return rows.flatMap(({ sensorNs, frameIndex }, index) => {
    const ptsNs = media.packets[index]?.ptsNs ?? -1n;
    const errorNs = ptsNs - (sensorNs - firstNs);
    return errorNs > -1000n && errorNs < 1000n
      ? []
      : [`sample ${frameIndex} is at ${ptsNs} ns, expected ${sensorNs - firstNs}`];
  });
}
