import type { FragmentedMp4 } from "../../../src/recording/mp4/fragmented-mp4.ts";
import { hideFragments } from "../../../src/recording/mp4/hidden-fragments.ts";
import { makeOrdinary } from "../../../src/recording/mp4/make-ordinary.ts";
import { SampleIndex } from "../../../src/recording/mp4/sample-index.ts";
import type { Mp4Sample } from "../../../src/recording/mp4/video-track.ts";

/** A growing file in memory. */
class MemoryFile {
  bytes = Buffer.alloc(0);

  get byteCount(): number {
    return this.bytes.length;
  }

  append(bytes: Uint8Array): Promise<void> {
    this.bytes = Buffer.concat([this.bytes, bytes]);
    return Promise.resolve();
  }

  overwrite(position: number, bytes: Uint8Array): Promise<void> {
    this.bytes.set(bytes, position);
    return Promise.resolve();
  }

  datasync(): Promise<void> {
    return Promise.resolve();
  }
}

/** An ordinary file with these samples, made as a recording makes it: fragments first. */
export async function ordinaryVideo(
  mp4: FragmentedMp4,
  fragments: readonly (readonly Mp4Sample[])[],
  extraBoxes?: Uint8Array,
): Promise<Buffer> {
  const file = new MemoryFile();
  const index = new SampleIndex();
  await file.append(mp4.initSegment());
  for (const samples of fragments) {
    const { pieces, reveal } = hideFragments(file.byteCount, mp4.fragment(samples));
    await file.append(Buffer.concat(pieces));
    await file.overwrite(reveal.at, reveal.bytes);
    const indexed = samples.map(({ data, ...sample }) => ({ ...sample, byteCount: data.byteLength }));
    index.addChunk(file.byteCount - indexed.reduce((sum, { byteCount }) => sum + byteCount, 0), indexed);
  }
  await makeOrdinary(file, mp4.reservedAt, mp4.finalMovie(index, extraBoxes));
  return file.bytes;
}

/** Types and sizes of the boxes that fill these bytes. */
export function boxesIn(bytes: Buffer): { type: string; bytes: Buffer; payload: Buffer }[] {
  const boxes = [];
  for (let at = 0; at < bytes.length; ) {
    const is64Bit = bytes.readUInt32BE(at) === 1;
    const byteCount = is64Bit ? Number(bytes.readBigUInt64BE(at + 8)) : bytes.readUInt32BE(at);
    const box = bytes.subarray(at, at + byteCount);
    boxes.push({ type: box.toString("latin1", 4, 8), bytes: box, payload: box.subarray(is64Bit ? 16 : 8) });
    at += byteCount;
  }
  return boxes;
}

/** The box that this path of types leads to: `["moov", "trak", "tkhd"]`. */
export function boxAt(bytes: Buffer, [type, ...path]: readonly string[]): { bytes: Buffer; payload: Buffer } {
  const found = boxesIn(bytes).find((box) => box.type === type);
  if (found === undefined) throw new Error(`no ${type} box`);
  return path.length === 0 ? found : boxAt(found.payload, path);
}
