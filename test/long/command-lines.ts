import fc from "fast-check";
import { COMMAND_NAMES } from "../../src/protocol/commands.ts";
import { mutations } from "./mutations.ts";

const fieldName = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.constantFrom("command_id", "device_id", "camera_stable_id", "camera_index", "camera_type"),
  },
  { weight: 8, arbitrary: fc.constantFrom("session_dir", "trial_number", "trial_label", "display_name", "command") },
  { weight: 1, arbitrary: fc.constantFrom("__proto__", "constructor", "toString", "") },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 8 }) },
);

/** Values as JSON text: those that a parser gives back as something else, or takes long over, as well. */
const valueText: fc.Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: fc.json() },
  { weight: 2, arbitrary: fc.constantFrom("null", '""', "0", "-0", "1e999", "-1e-999", "1E400", "9007199254740993") },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 20_000 }).map((digits) => "9".repeat(digits)) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 50_000 }).map((depth) => "[".repeat(depth) + "]".repeat(depth)) },
  {
    weight: 1,
    arbitrary: fc.integer({ min: 1, max: 9000 }).map((depth) => `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`),
  },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 20_000 }).map((count) => `[${"0,".repeat(count)}0]`) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 60_000 }).map((count) => `"${"x".repeat(count)}"`) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('"\\ud800"', '"\\udc00\\ud800"', '"\\u0000"', '"\\u2028"', '"a\\\\"', '"\\x"'),
  },
);

/** An object as JSON text; a name may come twice. */
const objectText = fc
  .tuple(
    fc.constantFrom(...COMMAND_NAMES, "reboot", ""),
    fc.array(
      fc.tuple(
        fieldName.map((name) => JSON.stringify(name)),
        valueText,
      ),
      { maxLength: 6 },
    ),
  )
  .map(([command, fields]) => {
    const members = [`"command":${JSON.stringify(command)}`, ...fields.map(([name, value]) => `${name}:${value}`)];
    return `{${members.join(",")}}`;
  });

/** The bytes of a line, without its end; a few hold one all the same. */
export const anyLine: fc.Arbitrary<Buffer> = fc.oneof(
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)) },
  { weight: 2, arbitrary: valueText.map((text) => Buffer.from(text)) },
  { weight: 8, arbitrary: fc.tuple(objectText, mutations).map(([text, change]) => change(Buffer.from(text))) },
);

/** Bytes cut into pieces of these sizes, over and over. */
export function* inPieces(bytes: Uint8Array, pieceSizes: readonly number[]): Generator<Uint8Array> {
  for (let start = 0, turn = 0; start < bytes.length; turn++) {
    const end = start + (pieceSizes[turn % pieceSizes.length] ?? bytes.length);
    yield bytes.subarray(start, end);
    start = end;
  }
}
