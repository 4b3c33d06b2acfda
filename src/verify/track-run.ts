import { type BoxReader, MalformedBoxError } from "./box-reader.ts";
import type { SampleDefaults } from "./movie-track.ts";

/** One sample of a track run. */
interface RunSample {
  readonly duration: number;
  readonly byteCount: number;
  /** Presentation time less decode time, ticks. */
  readonly compositionOffset: number;
  readonly isSync: boolean;
  /** The bits that `isSync` was read from, and what goes with them. */
  readonly flags: number;
}

/** Samples whose data lie one after the other. */
export interface TrackRun {
  /** File offset of the first one's data. */
  readonly dataAt: number;
  readonly samples: readonly RunSample[];
}

interface RunContext {
  /** What the run's offset counts from. */
  readonly baseAt: number;
  /** Where the run before it ended: its beginning when it has no offset. */
  readonly dataAt: number;
  readonly defaults: SampleDefaults;
  /** What samples before these leave of the file: these can't be larger. */
  readonly fileByteCount: number;
}

/** Sample duration, size, flags and composition time offset are present. */
const FIELD_FLAGS = [0x100, 0x200, 0x400, 0x800];

/** `trun` (ISO/IEC 14496-12, 8.8.8): which fields its samples have is in its flags. */
export function readTrackRun(trun: BoxReader, { baseAt, dataAt, defaults, fileByteCount }: RunContext): TrackRun {
  const { version, flags } = trun.versionAndFlags({ versionMax: 1, flagsKnown: 0xf05 });
  // Version 1 says that composition time offsets have a sign.
  if (version === 1 && (flags & 0x800) === 0) throw new MalformedBoxError("trun has version 1 for nothing");
  const sampleCount = trun.uint32();
  const startAt = flags & 0x1 ? baseAt + trun.int32() : dataAt;
  const firstFlags = flags & 0x4 ? trun.uint32() : undefined;
  const bytesPerSample = 4 * FIELD_FLAGS.filter((flag) => flags & flag).length;
  const isPossible =
    (flags & 0x200) !== 0 || (defaults.byteCount > 0 && sampleCount * defaults.byteCount <= fileByteCount);
  if (!isPossible || trun.remainingBytes !== sampleCount * bytesPerSample) {
    throw new MalformedBoxError(`trun has ${trun.remainingBytes} bytes for ${sampleCount} samples`);
  }
  const samples: RunSample[] = [];
  for (let index = 0; index < sampleCount; index++) {
    const duration = flags & 0x100 ? trun.uint32() : defaults.duration;
    const byteCount = flags & 0x200 ? trun.uint32() : defaults.byteCount;
    const ownFlags = flags & 0x400 ? trun.uint32() : defaults.flags;
    const compositionOffset = flags & 0x800 ? (version === 0 ? trun.uint32() : trun.int32()) : 0;
    const sampleFlags = index === 0 ? (firstFlags ?? ownFlags) : ownFlags;
    samples.push({ duration, byteCount, compositionOffset, isSync: readSync(sampleFlags), flags: sampleFlags });
  }
  return { dataAt: startAt, samples };
}

const IS_NON_SYNC = 0x1_0000;
const DEPENDS_ON_OTHERS = 0x100_0000;
const DEPENDS_ON_NONE = 0x200_0000;

/** Sample flags (8.8.3.1): a camera's pictures are sync samples or depend on earlier ones, and no more is said of them. */
function readSync(flags: number): boolean {
  const isSync = (flags & IS_NON_SYNC) === 0;
  const allowed = isSync ? DEPENDS_ON_NONE : IS_NON_SYNC | DEPENDS_ON_OTHERS;
  if ((flags & ~allowed) !== 0) throw new MalformedBoxError(`trun: contradictory sample flags 0x${flags.toString(16)}`);
  return isSync;
}
