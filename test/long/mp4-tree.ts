/** A box with what it holds: other boxes after `head`, or bytes alone. */
export interface TreeBox {
  readonly type: string;
  /** Its header has the long form, with a size of 64 bits. */
  readonly isLarge: boolean;
  readonly head: Buffer;
  readonly children: readonly TreeBox[];
}

/** Bytes before the children of those boxes that have some: ISO/IEC 14496-12; 12.1.3 for avc1, mp4v as it. */
const HEAD_BYTES: Readonly<Record<string, number>> = {
  ...{ moov: 0, trak: 0, mdia: 0, minf: 0, dinf: 0, stbl: 0, edts: 0, mvex: 0, moof: 0, traf: 0, mfra: 0 },
  ...{ stsd: 8, dref: 8, avc1: 78, mp4v: 78 },
};

/** The boxes of a sound file. */
export function toTree(bytes: Buffer): TreeBox[] {
  const boxes: TreeBox[] = [];
  for (let at = 0; at < bytes.length; ) {
    const [size32, type] = [bytes.readUInt32BE(at), bytes.toString("latin1", at + 4, at + 8)];
    const isLarge = size32 === 1;
    const end = isLarge ? at + Number(bytes.readBigUInt64BE(at + 8)) : size32 === 0 ? bytes.length : at + size32;
    const payload = bytes.subarray(at + (isLarge ? 16 : 8), end);
    const headBytes = HEAD_BYTES[type];
    const children = headBytes === undefined ? [] : toTree(payload.subarray(headBytes));
    boxes.push({ type, isLarge, head: payload.subarray(0, headBytes ?? payload.length), children });
    at = end;
  }
  return boxes;
}

/** The file again, with sizes that are right. */
export function toBytes(boxes: readonly TreeBox[]): Buffer {
  return Buffer.concat(
    boxes.flatMap(({ type, isLarge, head, children }) => {
      const payload = [head, toBytes(children)];
      const payloadBytes = payload.reduce((sum, { length }) => sum + length, 0);
      const header = Buffer.alloc(isLarge ? 16 : 8);
      header.writeUInt32BE(isLarge ? 1 : 8 + payloadBytes, 0);
      header.write(type, 4, "latin1");
      if (isLarge) header.writeBigUInt64BE(BigInt(16 + payloadBytes), 8);
      return [header, ...payload];
    }),
  );
}

/** How many boxes there are, at all depths. */
export function countBoxes(boxes: readonly TreeBox[]): number {
  return boxes.reduce((sum, { children }) => sum + 1 + countBoxes(children), 0);
}

/** The same boxes with what `change` makes of the n-th one, counted from the front, parents before children. */
export function changeBox(
  boxes: readonly TreeBox[],
  n: number,
  change: (chosen: TreeBox) => readonly TreeBox[],
): TreeBox[] {
  let before = 0;
  return boxes.flatMap((each) => {
    const index = n - before;
    const count = countBoxes([each]);
    before += count;
    if (index === 0) return change(each);
    if (index < 0 || index >= count) return [each];
    return [{ ...each, children: changeBox(each.children, index - 1, change) }];
  });
}
