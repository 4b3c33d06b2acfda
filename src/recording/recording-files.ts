import { lstat } from "node:fs/promises";
import { join } from "node:path";
import { RuntimeError } from "../errors.ts";
import { OneAtATime } from "../one-at-a-time.ts";
import { AppendFile } from "./append-file.ts";
import { type CameraPlace, makeCameraFolder } from "./camera-folder.ts";
import { MetadataFile } from "./metadata/metadata-file.ts";
import { recordingStem, sessionRoot, sessionToken } from "./recording-names.ts";
import { TIMING_CSV_HEADER } from "./timing-csv.ts";

export interface RecordingPlace extends CameraPlace {
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
 * Throws as makeCameraFolder(), else as AppendFile.
 */
export async function createRecordingFiles(place: RecordingPlace): Promise<RecordingFiles> {
  const folder = await makeCameraFolder(place);
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

/** undefined where one of the names is taken. */
async function tryCreate(stem: string): Promise<RecordingFiles | undefined> {
  const [metadataPath, dropsPath] = [`${stem}_recording.json`, `${stem}_drops.jsonl`];
  if ((await isTaken(metadataPath)) || (await isTaken(dropsPath))) return undefined;
  const made: AppendFile[] = [];
  try {
    for (const path of [`${stem}.mp4`, `${stem}_timing.csv`]) {
      const file = await AppendFile.createIfFree(path);
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

/** What went wrong before is what counts: nothing that fails here may take its place. */
async function abandon(files: readonly AppendFile[]): Promise<void> {
  await Promise.allSettled(files.map((file) => file.remove()));
}
