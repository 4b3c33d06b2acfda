import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { runRepair } from "../../../src/repair/repair-command.ts";
import { recordingPaths } from "../../../src/verify/recording-paths.ts";
import { verifyRecording } from "../../../src/verify/verify-recording.ts";
import { decodeFrameNumbers } from "../../support/decode-video.ts";
import { readTimingFile } from "../../support/timing-file.ts";
import { fileSystemProblem } from "./file-system.ts";
import { frameRate } from "./plan.ts";

/** A disk whose power went while a recording was written to it, and what was read from it later. */
export interface Remains {
  /** Tells it from other disks of the same cut. */
  readonly name: string;
  /** The disk is `PATH.img`, what was on it in the folder PATH, what could not be done is in `PATH.error`. */
  readonly path: string;
  /** When the power went, at the latest: the guest's CLOCK_MONOTONIC, ns. */
  readonly cutNs: bigint;
}

/** What must be true of a disk: each is looked at where the ones before are true. */
export const claims = {
  mount: "the disk mounts again, its file system sound",
  names: "the recording's files are there by name",
  torn: "verify complains of nothing but a torn end",
  repair: "repaired, verify calls it sound, and each picture is that of its row",
  loss: "no more than the last second is missing",
} as const;
export type Claim = keyof typeof claims;

export interface Verdict {
  readonly failure: { readonly claim: Claim; readonly text: string } | undefined;
  /** What verify said before the repair. */
  readonly torn: readonly string[];
  /** From the last picture to the end of the power, at most; undefined where there is none. */
  readonly lostSeconds: number | undefined;
}

const LOST_SECONDS_MAX = 1;

/** Judges one disk, and repairs the copy of its recording for that. */
export async function judgeRemains(remains: Remains): Promise<Verdict> {
  let torn: readonly string[] = [];
  let lostSeconds: number | undefined;
  try {
    await checkFileSystem(remains.path);
    const video = findVideo(remains.path);
    torn = await checkTorn(video);
    lostSeconds = Number(remains.cutNs - (await repairedUntilNs(video))) / 1e9;
    if (lostSeconds > LOST_SECONDS_MAX) throw new Unmet("loss", `${lostSeconds.toFixed(3)} s`);
    return { failure: undefined, torn, lostSeconds };
  } catch (error) {
    if (!(error instanceof Unmet)) throw error;
    return { failure: { claim: error.claim, text: `${remains.name}: ${error.message}` }, torn, lostSeconds };
  }
}

class Unmet extends Error {
  readonly claim: Claim;

  constructor(claim: Claim, message: string) {
    super(message);
    this.claim = claim;
  }
}

/** The second also says that the cut is one that a disk makes: what the file system itself relies on was not lost. */
async function checkFileSystem(path: string): Promise<void> {
  const complaints = readFileSync(`${path}.error`, "utf8").trim();
  if (complaints !== "") throw new Unmet("mount", complaints);
  const damage = await fileSystemProblem(`${path}.img`);
  if (damage !== undefined) throw new Unmet("mount", damage);
}

function findVideo(path: string): string {
  const videos = globSync("**/*.mp4", { cwd: path }).map((name) => join(path, name));
  const [video] = videos;
  if (video === undefined || videos.length > 1) throw new Unmet("names", `${videos.length} videos`);
  const { timing, metadata } = recordingPaths(video);
  const missing = [timing, metadata].filter((file) => !existsSync(file));
  if (missing.length > 0) throw new Unmet("names", `no ${missing.join(" and ")}`);
  return video;
}

async function checkTorn(video: string): Promise<readonly string[]> {
  const { problems, isTornEndOnly } = await verifyRecording(video).catch((error: unknown) => {
    throw new Unmet("torn", String(error));
  });
  if (problems.length > 0 && !isTornEndOnly) throw new Unmet("torn", problems.join("; "));
  return problems;
}

/** Returns the sensor timestamp of the last picture. */
async function repairedUntilNs(video: string): Promise<bigint> {
  let said = "";
  const exitCode = await runRepair([video], { write: (text: string) => (said += text) });
  if (exitCode !== 0) throw new Unmet("repair", said.trim());
  const { problems } = await verifyRecording(video);
  if (problems.length > 0) throw new Unmet("repair", problems.join("; "));
  const { rows } = readTimingFile(recordingPaths(video).timing);
  const times = rows.map(({ sensorTimestampNs }) => sensorTimestampNs);
  const [firstNs = 0n] = times;
  const numbers = await decodeFrameNumbers(video).catch((error: unknown) => {
    throw new Unmet("repair", String(error));
  });
  const expected = times.map((time) => (numbers[0] ?? 0) + Math.round((Number(time - firstNs) / 1e9) * frameRate));
  if (!Bun.deepEquals(numbers, expected)) throw new Unmet("repair", `pictures ${numbers}, rows of ${expected}`);
  return times.at(-1) ?? 0n;
}
