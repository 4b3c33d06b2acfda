import { readFileSync } from "node:fs";
import type { RecordedFrame } from "../../src/recording/fragment.ts";
import { FragmentWriter } from "../../src/recording/fragment-writer.ts";
import { FragmentedMp4 } from "../../src/recording/mp4/fragmented-mp4.ts";
import { createRecordingFiles } from "../../src/recording/recording-files.ts";
import { TimingCsvFormatter } from "../../src/recording/timing-csv.ts";
import { TemporaryDirectory } from "../log/temporary-directory.ts";
import { waitUntil } from "../log/wait-until.ts";
import { FileHistory } from "./file-history.ts";
import type { EncodedVideo } from "./mp4/encoded-video.ts";

/** An odd number beyond 2^53: a Number can't hold it. */
const START_NS = 9_007_199_254_740_993n;

/** The sample that the writer is given after the first fragment has been written. */
const WAIT_AT = 7;

/** The frame at this time of a recording, with made-up clocks. */
export function frameAt(frameNumber: number, milliseconds: number): RecordedFrame {
  const elapsedNs = BigInt(Math.round(milliseconds * 1e6));
  return {
    frameNumber,
    sensorTimestampNs: START_NS + elapsedNs,
    monotonicNs: 1_000_000_000n + elapsedNs,
    realtimeNs: 1_767_748_502_000_000_000n + elapsedNs,
  };
}

export interface RecordedHistory {
  readonly history: FileHistory;
  readonly video: string;
  readonly timing: string;
  /** How many operations there were before the writer was told to finish, and when so many samples were on the disk. */
  readonly operationsBeforeFinish: number;
  readonly synced: readonly { readonly operations: number; readonly samples: number }[];
}

/** Records these pictures at these times with the real writer, and tells all that it did to its two files. */
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
  writer.begin(new FragmentedMp4(video.track));
  for (const [index, timeMs] of timesMs.entries()) {
    const picture = video.pictures[index];
    if (picture !== undefined) writer.add({ ...picture, frame: frameAt(index, timeMs) });
    // The first fragment is written alone, later ones together.
    if (index === WAIT_AT) await waitUntil("the first fragment", () => samples > 0);
  }
  await writer.finish();
  const lastRows = history.operations.findLastIndex(({ file, kind }) => file === files.timing.path && kind === "write");
  return { history, video: files.video.path, timing: files.timing.path, operationsBeforeFinish: lastRows + 3, synced };
}
