import { expect, test } from "bun:test";
import fc from "fast-check";
import { TokenCheck } from "../../src/debug/token-check.ts";

const offer = (token: string): string => `csi-camera, token.${Buffer.from(token).toString("base64url")}`;

test("without a token, everybody is let in", () => {
  for (const offered of [null, "", "csi-camera", offer("anything")]) {
    expect(new TokenCheck(undefined).accepts(offered)).toBe(true);
  }
});

test("only the very same token is let in, whatever its characters", () => {
  const token = fc.string({ minLength: 16, unit: "grapheme" });
  fc.assert(
    fc.property(token, token, (right, other) => {
      const check = new TokenCheck(right);
      expect(check.accepts(offer(right))).toBe(true);
      expect(check.accepts(offer(other))).toBe(Buffer.from(right).equals(Buffer.from(other)));
    }),
  );
});

test("what is no token, or only part of one, is not let in", () => {
  const check = new TokenCheck("correct horse battery");
  const right = Buffer.from("correct horse battery").toString("base64url");
  for (const offered of [
    null,
    "",
    "csi-camera",
    "csi-camera, token.",
    right,
    `token${right}`,
    `token.${right.slice(0, -4)}`,
    `token.x, token.${right}`,
    offer("correct horse battery "),
  ]) {
    expect(check.accepts(offered)).toBe(false);
  }
});
