import { expect, test } from "bun:test";
import fc from "fast-check";
import { printable, printableLines } from "../../web/model/printable.ts";

test("what can't be seen is written as its code: controls, zero widths, and turns of direction", () => {
  expect(printable("a\u0000b\nc\u202Ed\u200Be")).toBe("a\\u{0}b\\u{a}c\\u{202e}d\\u{200b}e");
});

test("text that can be seen stays as it is, markup and right-to-left scripts too", () => {
  const text = '<img src=x onerror="alert(1)"> עברית 漢字 é 🎥';
  expect(printable(text)).toBe(text);
});

test("long text is cut, with a mark, and never in the middle of a character", () => {
  expect(printable("x".repeat(10_000), 20)).toBe(`${"x".repeat(20)}…`);
  expect(printable("🎥".repeat(10), 3).isWellFormed()).toBeTrue();
});

test("whatever comes in, nothing invisible comes out", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(printable(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      expect(printableLines(text).replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    }),
  );
});

test("lines stay lines in what may have some", () => {
  expect(printableLines("{\n  a\u202E\n}")).toBe("{\n  a\\u{202e}\n}");
});
