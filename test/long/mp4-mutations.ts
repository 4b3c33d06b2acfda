import fc from "fast-check";
import { changeBox, countBoxes, toBytes, toTree, type TreeBox } from "./mp4-tree.ts";
import { type Mutation, mutations } from "./mutations.ts";

type TreeChange = (boxes: readonly TreeBox[]) => TreeBox[];

/** Which box: a part of their number. */
const which = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
/** Numbers that readers trip over: near zero, near signs and ends, more samples or bytes than there are. */
const number = fc.oneof(
  fc.constantFrom(0, 1, 2, 7, 8, 15, 16, 0x7fff_ffff, 0x8000_0000, 0xffff_fff0, 0xffff_ffff, 50_000, 0x1_0000),
  fc.integer({ min: 0, max: 0xffff_ffff }),
);

const choose = (boxes: readonly TreeBox[], part: number): number => Math.floor(part * countBoxes(boxes));

const treeChange: fc.Arbitrary<TreeChange> = fc.oneof(
  // one or many more of it
  fc.tuple(which, fc.oneof(fc.constant(2), fc.integer({ min: 3, max: 300 }))).map(([part, copies]) => {
    return (boxes: readonly TreeBox[]) =>
      changeBox(boxes, choose(boxes, part), (chosen) => Array.from({ length: copies }, () => chosen));
  }),
  // none of it
  which.map((part) => (boxes: readonly TreeBox[]) => changeBox(boxes, choose(boxes, part), () => [])),
  // another in its place
  fc.tuple(which, which).map(([part, other]) => (boxes: readonly TreeBox[]) => {
    let found: TreeBox | undefined;
    changeBox(boxes, choose(boxes, other), (chosen) => [(found = chosen)]);
    return changeBox(boxes, choose(boxes, part), (chosen) => [found ?? chosen]);
  }),
  // by another name
  fc.tuple(which, fc.constantFrom("free", "trun", "moof", "moov", "stts", "co64", "uuid", "\0\0\0\0")).map(
    ([part, type]) =>
      (boxes: readonly TreeBox[]) =>
        changeBox(boxes, choose(boxes, part), (chosen) => [{ ...chosen, type }]),
  ),
  // another number in it: a count, a size, a time, an offset, flags
  fc.tuple(which, fc.nat(24), number).map(([part, word, value]) => (boxes: readonly TreeBox[]) => {
    return changeBox(boxes, choose(boxes, part), (chosen) => {
      const head = Buffer.from(chosen.head);
      if (head.length >= 4) head.writeUInt32BE(value, 4 * (word % Math.floor(head.length / 4)));
      return [{ ...chosen, head }];
    });
  }),
);

/** A wrong length in the header of one of the boxes. */
const wrongLength: fc.Arbitrary<Mutation> = fc.tuple(fc.nat(500), number).map(([n, value]) => (bytes: Buffer) => {
  const places = [...bytes.toString("latin1").matchAll(/(?:moov|trak|mdia|stbl|stsd|avc1|moof|traf|trun|mdat|free)/g)];
  const place = (places[n % Math.max(1, places.length)]?.index ?? 4) - 4;
  const changed = Buffer.from(bytes);
  if (place >= 0 && place + 4 <= changed.length) changed.writeUInt32BE(value, place);
  return changed;
});

/** Changes to a sound MP4 file: first to its boxes, whose sizes stay right, then to lengths, then to any bytes. */
export const mp4Mutations: fc.Arbitrary<Mutation> = fc
  .tuple(fc.array(treeChange, { maxLength: 3 }), fc.option(wrongLength), fc.option(mutations))
  .map(([changes, length, anything]) => (bytes: Buffer) => {
    const changed = toBytes(changes.reduce<TreeBox[]>((boxes, change) => change(boxes), toTree(bytes)));
    const withLength = length === null ? changed : length(changed);
    return anything === null ? withLength : anything(withLength);
  });
