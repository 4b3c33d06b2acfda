import { readFileSync } from "node:fs";
import { metadataBox } from "../../src/recording/metadata/metadata-box.ts";
import { FragmentWriter } from "../../src/recording/fragment-writer.ts";
import { FragmentedMp4 } from "../../src/recording/mp4/fragmented-mp4.ts";
import { createRecordingFiles } from "../../src/recording/recording-files.ts";
import { TimingCsvFormatter } from "../../src/recording/timing-csv.ts";
import { TemporaryDirectory } from "../log/temporary-directory.ts";
import { waitUntil } from "../log/wait-until.ts";
import { FileHistory } from "./file-history.ts";
import { madeUpMetadata } from "./metadata/made-up-metadata.ts";
import type { EncodedVideo } from "./mp4/encoded-video.ts";
import { frameAt } from "./made-up-frames.ts";

/** The sample that the writer is given after the first fragment has been written. */
const WAIT_AT = 7;

export interface RecordedHistory {
  readonly history: FileHistory;
  readonly video: string;
  readonly timing: string;
  readonly metadata: string;
  /** The metadata's two versions. */
  readonly begun: string;
  readonly ended: string;
  /** How many operations there were before the writer was told to finish, and when so many samples were on the disk. */
  readonly operationsBeforeFinish: number;
  readonly synced: readonly { readonly operations: number; readonly samples: number }[];
}

/** Records these pictures at these times with the real writer, and tells all that it did to its files. */
export async function recordHistory(video: EncodedVideo, timesMs: readonly number[]): Promise<RecordedHistory> {
  using directory = new TemporaryDirectory();
  const place = { sessionDir: directory.file("session_1"), cameraLabel: "cam", trialNumber: 1 };
  const files = await createRecordingFiles(place);
  const history = new FileHistory();
  history.watch(files.video, new Uint8Array(), { isSynced: false });
  history.watch(files.timing, readFileSync(files.timing.path), { isSynced: false });
  const synced: { operations: number; samples: number }[] = [];
  let samples = 0;
  const writer = new FragmentWriter(files, new TimingCsvFormatter(1, "picam:0", 'a "b",\nc'), 40_000, {
    onWritten: (frames) => {
      samples += frames.length;
      synced.push({ operations: history.operations.length, samples });
    },
    onLost: () => undefined,
    onFailure: (error) => {
      throw error;
    },
  });
  using _newFiles = history.watchNewFiles();
  const label = 'a "b",\nc';
  const begun = madeUpMetadata(video.track, { label });
  const ended = madeUpMetadata(video.track, { label, timesMs });
  writer.begin(new FragmentedMp4(video.track, metadataBox(begun)), begun);
  for (const [index, timeMs] of timesMs.entries()) {
    const picture = video.pictures[index];
    if (picture !== undefined) writer.add({ ...picture, frame: frameAt(index, timeMs) });
    // The first fragment is written alone, later ones together.
    if (index === WAIT_AT) await waitUntil("the first fragment", () => samples > 0);
  }
  await writer.finish(ended);
  await files.metadata.finish(ended);
  const lastRows = history.operations.findLastIndex(({ file, kind }) => file === files.timing.path && kind === "write");
  return {
    history,
    video: files.video.path,
    timing: files.timing.path,
    metadata: files.metadata.path,
    begun,
    ended,
    operationsBeforeFinish: lastRows + 3,
    synced,
  };
}
