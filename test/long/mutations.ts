import fc from "fast-check";

/** A change to some bytes. Its places are parts of the length, so that it fits any. */
export type Mutation = (bytes: Buffer) => Buffer;

const place = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const snippet = fc.oneof(
  fc.uint8Array({ maxLength: 12 }),
  fc
    .constantFrom("\n", "\r\n", "\0", " ", '"', ",", ":", "FRAME\n", "\uFEFF", "9".repeat(400), "é")
    .map((text) => Buffer.from(text)),
);

const at = (bytes: Buffer, where: number): number => Math.floor(where * bytes.length);

const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.tuple(place, fc.integer({ min: 1, max: 255 })).map(([where, mask]) => (bytes: Buffer) => {
    const flipped = Buffer.from(bytes);
    if (flipped.length > 0) flipped[at(bytes, where)] = (flipped[at(bytes, where)] ?? 0) ^ mask;
    return flipped;
  }),
  fc.tuple(place, snippet).map(([where, inserted]) => (bytes: Buffer) => {
    return Buffer.concat([bytes.subarray(0, at(bytes, where)), inserted, bytes.subarray(at(bytes, where))]);
  }),
  fc.tuple(place, fc.integer({ min: 1, max: 64 })).map(([where, count]) => (bytes: Buffer) => {
    return Buffer.concat([bytes.subarray(0, at(bytes, where)), bytes.subarray(at(bytes, where) + count)]);
  }),
  fc.tuple(place, place, fc.integer({ min: 1, max: 256 })).map(([from, to, count]) => (bytes: Buffer) => {
    const copy = bytes.subarray(at(bytes, from), at(bytes, from) + count);
    return Buffer.concat([bytes.subarray(0, at(bytes, to)), copy, bytes.subarray(at(bytes, to))]);
  }),
  place.map((where) => (bytes: Buffer) => bytes.subarray(0, at(bytes, where))),
);

/** No, one or a few changes, one after the other. */
export const mutations: fc.Arbitrary<Mutation> = fc
  .array(mutation, { maxLength: 4 })
  .map((changes) => (bytes: Buffer) => changes.reduce((changed, change) => change(changed), bytes));
