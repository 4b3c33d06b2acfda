import { lstat, mkdir, realpath, stat } from "node:fs/promises";
import { join, sep } from "node:path";
import { messageOf, RuntimeError } from "../errors.ts";
import { OneAtATime } from "../one-at-a-time.ts";
import { systemErrorCode } from "../system-error.ts";
import { AppendFile } from "./append-file.ts";
import { diskError } from "./disk-error.ts";
import { MetadataFile } from "./metadata/metadata-file.ts";
import { MODULE_NAME, recordingStem, sessionRoot, sessionToken } from "./recording-names.ts";
import { TIMING_CSV_HEADER } from "./timing-csv.ts";

export interface RecordingPlace {
  /** Absolute. */
  readonly sessionDir: string;
  readonly cameraLabel: string;
  /** From 1. */
  readonly trialNumber: number;
}

/**
 * The files of one recording, newly made: but the metadata, which are written with the first picture, and the drops file,
 * which is made when there is a first line for it.
 */
export interface RecordingFiles {
  /** Every operation on them goes through it. */
  readonly disk: OneAtATime;
  readonly video: AppendFile;
  readonly timing: AppendFile;
  readonly metadata: MetadataFile;
  readonly dropsPath: string;
}

const ATTEMPTS_MAX = 10_000;

/**
 * Makes the recording's folder and its files, the CSV with its header, and never touches a file that is there.
 * Throws `bad_session_dir` where the folder can't be made or would lie outside of the session, else as AppendFile.
 */
export async function createRecordingFiles(place: RecordingPlace): Promise<RecordingFiles> {
  const folder = await makeFolder(place);
  const token = sessionToken(sessionRoot(place.sessionDir));
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
    const files = await tryCreate(join(folder, recordingStem(token, place.trialNumber, place.cameraLabel, attempt)));
    if (files !== undefined) return files;
  }
  throw new RuntimeError(
    "disk_error",
    `${folder} holds ${ATTEMPTS_MAX} recordings of trial ${place.trialNumber} already`,
  );
}

/** Removes files that no frame ever reached. */
export async function discardRecordingFiles({ video, timing }: RecordingFiles): Promise<void> {
  for (const file of [video, timing]) await file.remove();
}

async function makeFolder({ sessionDir, cameraLabel }: RecordingPlace): Promise<string> {
  const root = sessionRoot(sessionDir);
  let folder = root;
  try {
    await mkdir(root, { recursive: true });
    for (const name of [MODULE_NAME, cameraLabel]) {
      folder = join(folder, name);
      // Step by step, so that nothing is made where a link inside the session leads out of it.
      await mkdir(folder).catch(unlessItExists);
      if (!(await stat(folder)).isDirectory()) throw new Error("it exists and is no folder");
      if (!(await isInside(folder, root))) {
        throw new RuntimeError(
          "bad_session_dir",
          `${folder} is a link that leads out of the session directory ${root}`,
        );
      }
    }
    return folder;
  } catch (cause) {
    if (cause instanceof RuntimeError) throw cause;
    throw new RuntimeError("bad_session_dir", `cannot make the recording's folder ${folder}: ${messageOf(cause)}`, {
      cause,
    });
  }
}

async function isInside(folder: string, root: string): Promise<boolean> {
  const [realRoot, realFolder] = await Promise.all([realpath(root), realpath(folder)]);
  return realFolder.startsWith(realRoot === sep ? sep : realRoot + sep);
}

function unlessItExists(error: unknown): void {
  if (!isExistsError(error)) throw error;
}

function isExistsError(error: unknown): boolean {
  return systemErrorCode(error) === "EEXIST";
}

/** undefined where one of the names is taken. */
async function tryCreate(stem: string): Promise<RecordingFiles | undefined> {
  const [metadataPath, dropsPath] = [`${stem}_recording.json`, `${stem}_drops.jsonl`];
  if ((await isTaken(metadataPath)) || (await isTaken(dropsPath))) return undefined;
  const made: AppendFile[] = [];
  try {
    for (const path of [`${stem}.mp4`, `${stem}_timing.csv`]) {
      const file = await createNew(path);
      if (file === undefined) break;
      made.push(file);
    }
    const [video, timing] = made;
    if (video !== undefined && timing !== undefined) {
      await timing.append(TIMING_CSV_HEADER);
      return { disk: new OneAtATime(), video, timing, metadata: new MetadataFile(metadataPath), dropsPath };
    }
  } catch (error) {
    await abandon(made);
    throw error;
  }
  await abandon(made);
  return undefined;
}

/** Also by a link that leads nowhere. */
async function isTaken(path: string): Promise<boolean> {
  return await lstat(path).then(
    () => true,
    () => false,
  );
}

async function createNew(path: string): Promise<AppendFile | undefined> {
  try {
    return await AppendFile.create(path);
  } catch (cause) {
    if (isExistsError(cause)) return undefined;
    throw diskError(`cannot create ${path}`, cause);
  }
}

/** What went wrong before is what counts: nothing that fails here may take its place. */
async function abandon(files: readonly AppendFile[]): Promise<void> {
  await Promise.allSettled(files.map((file) => file.remove()));
}
