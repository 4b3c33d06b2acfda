import { MalformedBoxError, requireBox } from "./box-reader.ts";
import type { MovieTrack } from "./movie-track.ts";
import type { PositionedFile } from "./positioned-file.ts";
import type { Problems } from "./problems.ts";
import type { StoredSample } from "./stored-sample.ts";
import { loadBox, type TopLevelBox } from "./top-level-boxes.ts";
import { readTrackFragment, type TrackFragment } from "./track-fragment.ts";

/**
 * The samples of a file's movie fragments, in the file's order (ISO/IEC 14496-12, 8.8). Beyond reading them it checks what
 * a writer of one track always does: fragments numbered from 1, each beginning when the last one ended, each followed
 * by media data that its samples fill without a gap.
 */
export function* fragmentSamples(
  file: PositionedFile,
  boxes: readonly TopLevelBox[],
  track: MovieTrack,
  problems: Problems,
): Generator<StoredSample, void> {
  let fragmentNumber = 0;
  let sampleNumber = 1;
  let endTime: number | undefined;
  let bytesLeft = file.byteCount;
  const usualFlags = new Map<boolean, number>();
  for (const [index, box] of boxes.entries()) {
    if (box.type !== "moof" || box.end > file.byteCount) continue;
    fragmentNumber++;
    const fragment = readFragment(file, box, { fragmentNumber, bytesLeft }, track, problems);
    if (!fragment) continue;
    if (endTime !== undefined && fragment.startTime !== endTime) {
      const got = `begins at ${fragment.startTime}`;
      problems.add("fragment time", `fragment ${fragmentNumber} ${got}, but the one before it ends at ${endTime}`);
    }
    let time = fragment.startTime;
    // Where the file ends first, the header of the media data would come next.
    let at = boxes[index + 1]?.payloadAt ?? box.end + 8;
    for (const run of fragment.runs) {
      if (run.dataAt !== at) {
        problems.add(
          "media data",
          `fragment ${fragmentNumber}: its samples begin at byte ${run.dataAt}, expected ${at}`,
        );
      }
      at = run.dataAt;
      for (const { duration, byteCount, compositionOffset, isSync, flags } of run.samples) {
        checkFlags(flags, usualFlags, isSync, sampleNumber, problems);
        yield { number: sampleNumber++, at, byteCount, time: time + compositionOffset, duration, isSync };
        time += duration;
        at += byteCount;
        bytesLeft -= byteCount;
      }
    }
    endTime = time;
    const firstSample = sampleNumber - fragment.runs.reduce((sum, { samples }) => sum + samples.length, 0);
    checkMediaData(boxes[index + 1], at, { fragmentNumber, firstSample }, problems);
  }
}

function readFragment(
  file: PositionedFile,
  box: TopLevelBox,
  { fragmentNumber, bytesLeft }: { fragmentNumber: number; bytesLeft: number },
  track: MovieTrack,
  problems: Problems,
): TrackFragment | undefined {
  try {
    const moof = loadBox(file, box).children();
    const mfhd = requireBox(moof, "mfhd");
    mfhd.versionAndFlags();
    const sequenceNumber = mfhd.uint32();
    if (sequenceNumber !== fragmentNumber) {
      problems.add("fragment number", `fragment ${fragmentNumber} has the number ${sequenceNumber}`);
    }
    const traf = requireBox(moof, "traf").children();
    return readTrackFragment(traf, { track, moofAt: box.at, fileByteCount: bytesLeft });
  } catch (error) {
    if (!(error instanceof MalformedBoxError)) throw error;
    problems.add("fragment", `fragment ${fragmentNumber} at byte ${box.at} cannot be read: ${error.message}`);
    return undefined;
  }
}

/** One writer says the same of all key frames, and the same of all other pictures. */
function checkFlags(flags: number, usual: Map<boolean, number>, isSync: boolean, number: number, problems: Problems) {
  const expected = usual.get(isSync) ?? flags;
  usual.set(isSync, expected);
  if (flags === expected) return;
  problems.add(
    "flags",
    `sample ${number} has flags 0x${flags.toString(16)}, others like it 0x${expected.toString(16)}`,
  );
}

function checkMediaData(
  next: TopLevelBox | undefined,
  dataEnd: number,
  { fragmentNumber, firstSample }: { fragmentNumber: number; firstSample: number },
  problems: Problems,
): void {
  const which = `fragment ${fragmentNumber}`;
  if (next === undefined) {
    problems.addTorn("media data", `${which}: the file ends before its media data box (mdat)`, firstSample);
  } else if (next.type !== "mdat") {
    problems.add("media data", `${which}: no media data box (mdat) follows it`);
  } else if (dataEnd !== next.end) {
    problems.add("media data", `${which}: its samples end at byte ${dataEnd}, its media data at ${next.end}`);
  }
}
