import { type BoxReader, MalformedBoxError } from "./box-reader.ts";

/** `stsz` (ISO/IEC 14496-12, 8.7.3.2): bytes of each sample. */
export function* sampleSizes(stsz: BoxReader, fileByteCount: number): Generator<number, void> {
  stsz.versionAndFlags();
  const sharedSize = stsz.uint32();
  const sampleCount = stsz.uint32();
  if (sampleCount === 0 && sharedSize !== 0) throw new MalformedBoxError("stsz has a size for no samples");
  if (sampleCount * Math.max(1, sharedSize) > fileByteCount)
    throw new MalformedBoxError(`stsz has ${sampleCount} samples`);
  for (let i = 0; i < sampleCount; i++) yield sharedSize === 0 ? stsz.uint32() : sharedSize;
  stsz.expectEnd();
}

/** `stts` (8.6.1.2): ticks that each sample lasts. */
export function* durations(stts: BoxReader): Generator<number, void> {
  stts.versionAndFlags();
  const entryCount = stts.uint32();
  for (let i = 0; i < entryCount; i++) {
    const sampleCount = stts.uint32();
    const delta = stts.uint32();
    for (let j = 0; j < sampleCount; j++) yield delta;
  }
  stts.expectEnd();
}

/** `ctts` (8.6.1.3): presentation time less decode time; zeros for ever without the box. */
export function* compositionOffsets(ctts: BoxReader | undefined): Generator<number, void> {
  if (!ctts) for (;;) yield 0;
  const { version } = ctts.versionAndFlags({ versionMax: 1 });
  const entryCount = ctts.uint32();
  for (let i = 0; i < entryCount; i++) {
    const sampleCount = ctts.uint32();
    const offset = version === 0 ? ctts.uint32() : ctts.int32();
    for (let j = 0; j < sampleCount; j++) yield offset;
  }
  ctts.expectEnd();
}

/** `stss` (8.6.2): whether each sample is a sync sample; all are without the box. Goes on for ever. */
export function* syncSamples(stss: BoxReader | undefined): Generator<boolean, void> {
  if (!stss) for (;;) yield true;
  stss.versionAndFlags();
  const entryCount = stss.uint32();
  let number = 0;
  for (let i = 0; i < entryCount; i++) {
    const syncNumber = stss.uint32();
    if (syncNumber <= number) throw new MalformedBoxError(`stss is not in order at sample ${syncNumber}`);
    while (++number < syncNumber) yield false;
    yield true;
  }
  stss.expectEnd();
  for (;;) yield false;
}

/** `stsc` and `stco` or `co64` (8.7.4, 8.7.5): for each sample its chunk's file offset if it is the first in it. */
export function* chunkOffsets(stsc: BoxReader, offsets: BoxReader): Generator<number | undefined, void> {
  const runs = readChunkRuns(stsc);
  offsets.versionAndFlags();
  const chunkCount = offsets.uint32();
  let run = runs.next();
  let samplesPerChunk = 0;
  for (let chunk = 1; chunk <= chunkCount; chunk++) {
    if (!run.done && run.value.firstChunk === chunk) {
      samplesPerChunk = run.value.samplesPerChunk;
      run = runs.next();
    }
    yield offsets.type === "co64" ? offsets.uint64() : offsets.uint32();
    for (let i = 1; i < samplesPerChunk; i++) yield undefined;
  }
  offsets.expectEnd();
  if (!run.done) throw new MalformedBoxError(`stsc names chunk ${run.value.firstChunk} of ${chunkCount}`);
}

interface ChunkRun {
  readonly firstChunk: number;
  readonly samplesPerChunk: number;
}

function* readChunkRuns(stsc: BoxReader): Generator<ChunkRun, void> {
  stsc.versionAndFlags();
  const entryCount = stsc.uint32();
  let chunkBefore = 0;
  for (let i = 0; i < entryCount; i++) {
    const firstChunk = stsc.uint32();
    const samplesPerChunk = stsc.uint32();
    const isFirstRight = i > 0 || firstChunk === 1;
    if (firstChunk <= chunkBefore || !isFirstRight || samplesPerChunk === 0 || stsc.uint32() !== 1) {
      throw new MalformedBoxError(`stsc entry ${i + 1} is impossible`);
    }
    chunkBefore = firstChunk;
    yield { firstChunk, samplesPerChunk };
  }
  stsc.expectEnd();
}
