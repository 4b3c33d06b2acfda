import { expect, test } from "bun:test";
import fc from "fast-check";
import { printable } from "../../src/verify/printable.ts";
import { toJsonText } from "../../src/verify/report-json.ts";

const text = fc.string({
  unit: fc.oneof(
    fc.constantFrom(
      "\u001b",
      "\n",
      "\r",
      "\0",
      "\u007f",
      "\u009b",
      "\u2028",
      "\u202e",
      "\u2069",
      "\ud800",
      "a",
      '"',
      "é",
      "🎥",
    ),
    fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)),
  ),
});
// eslint-disable-next-line no-control-regex
const DANGEROUS = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/;

test("printable leaves nothing that a terminal obeys, and all that people write", () => {
  fc.assert(fc.property(text, (line) => expect(printable(line)).not.toMatch(DANGEROUS)));
  expect(printable('Grüße, "🎥" – 日本語')).toBe('Grüße, "🎥" – 日本語');
  expect(printable("a\u001b[2J\u009b\n")).toBe("a\\u001b[2J\\u009b\\u000a");
});

test("JSON text holds nothing that a terminal obeys but its line ends, and says the same", () => {
  fc.assert(
    fc.property(text, text, (key, value) => {
      const json = toJsonText([{ [key]: value }]);
      expect(json.replaceAll("\n", "")).not.toMatch(DANGEROUS);
      expect(JSON.parse(json)).toEqual([{ [key]: value }]);
    }),
  );
});
