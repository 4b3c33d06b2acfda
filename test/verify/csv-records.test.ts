import { expect, test } from "bun:test";
import fc from "fast-check";
import { csvRecords } from "../../src/verify/csv-records.ts";

function quoteField(field: string): string {
  return /[",\n\r]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}

const field = fc.string({ unit: fc.constantFrom("a", "ü", " ", ",", '"', "\n", "\r"), maxLength: 8 });
const table = fc.array(fc.array(field, { minLength: 2, maxLength: 5 }), { maxLength: 8 });

test("csvRecords gives back any fields, however the text comes in pieces", () => {
  fc.assert(
    fc.property(table, fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 40 }), (records, lengths) => {
      let rest = records.map((fields) => `${fields.map(quoteField).join(",")}\n`).join("");
      const pieces = lengths.map((length) => {
        const piece = rest.slice(0, length);
        rest = rest.slice(length);
        return piece;
      });
      const found = [...csvRecords([...pieces, rest])];
      expect(found.map(({ fields }) => fields)).toEqual(records);
      expect(found.every(({ isComplete }) => isComplete)).toBe(true);
    }),
  );
});

test.each(['a"b,c', '"a"b,c', '"a,c', 'a,"b"c"'])("csvRecords finds broken quoting in %s", (text) => {
  expect([...csvRecords([text])].map(({ fields }) => fields)).toEqual([undefined]);
});

test("csvRecords says that a record was cut off", () => {
  expect([...csvRecords(["a,b\nc"])].map(({ text, isComplete }) => [text, isComplete])).toEqual([
    ["a,b", true],
    ["c", false],
  ]);
});

test("csvRecords stops at a quotation mark that is never closed instead of holding the whole file", () => {
  let piecesTaken = 0;
  function* endlessText() {
    for (; piecesTaken < 1000; piecesTaken++) yield `${"1,2,3\n".repeat(1000)}${piecesTaken === 0 ? '"' : ""}`;
  }
  expect([...csvRecords(endlessText())].at(-1)).toMatchObject({ fields: undefined, isComplete: false });
  expect(piecesTaken).toBeLessThan(20);
});
