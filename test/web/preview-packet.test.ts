import { expect, test } from "bun:test";
import fc from "fast-check";
import { decodePreview, encodePreview, PREVIEW_HEADER_BYTES } from "../../src/debug/preview-packet.ts";
import { ageWhenSentMs, staleAfterMs } from "../../web/model/picture-age.ts";

const HEADER = {
  width: 364,
  height: 272,
  frameNumber: 2 ** 40,
  sensorTimestampNs: 2n ** 63n,
  arrivedNs: 5n * 10n ** 18n + 1n,
  sentNs: 5n * 10n ** 18n + 3_000_001n,
};
const JPEG = Uint8Array.of(0xff, 0xd8, 1, 2, 3, 0xff, 0xd9);

test("a preview comes out as it went in, to the nanosecond", () => {
  expect(decodePreview(encodePreview(HEADER, JPEG))).toEqual({ header: HEADER, jpeg: JPEG });
});

test("a longer header of the same version is understood: the picture begins where it says", () => {
  const packet = encodePreview(HEADER, JPEG);
  const longer = Uint8Array.of(...packet.subarray(0, PREVIEW_HEADER_BYTES), 9, 9, 9, 9, ...JPEG);
  longer[1] = PREVIEW_HEADER_BYTES + 4;
  expect(decodePreview(longer)?.jpeg).toEqual(JPEG);
});

test("a message that is cut, too long, of another version or with an impossible header is none", () => {
  const packet = encodePreview(HEADER, JPEG);
  for (let length = 0; length < packet.length; length++)
    expect(decodePreview(packet.subarray(0, length))).toBeUndefined();
  expect(decodePreview(Uint8Array.of(...packet, 0))).toBeUndefined();
  expect(decodePreview(packet.with(0, 2))).toBeUndefined();
  expect(decodePreview(packet.with(1, 47))).toBeUndefined();
  expect(decodePreview(packet.with(1, 255))).toBeUndefined();
  expect(decodePreview(packet.with(43, 255))).toBeUndefined();
});

test("whatever bytes come, decoding does not throw", () => {
  const hostile = fc
    .uint8Array({ maxLength: 120 })
    .map((bytes) => (bytes.length > 1 ? bytes.with(0, 1).with(1, 48) : bytes));
  fc.assert(
    fc.property(hostile, (bytes) => {
      const preview = decodePreview(bytes);
      expect(preview === undefined || preview.jpeg.length === bytes.length - 48).toBeTrue();
    }),
  );
});

test("a picture's age counts from its exposure", () => {
  expect(ageWhenSentMs({ ...HEADER, sensorTimestampNs: HEADER.sentNs - 41_000_000n })).toBe(41);
});

test("where the sensor's clock is another one, its age counts from its arrival", () => {
  expect(ageWhenSentMs({ ...HEADER, sensorTimestampNs: HEADER.sentNs + 1n })).toBe(3);
  expect(ageWhenSentMs({ ...HEADER, sensorTimestampNs: 0n })).toBe(3);
  expect(ageWhenSentMs({ ...HEADER, sensorTimestampNs: 0n, arrivedNs: HEADER.sentNs + 5n })).toBe(0);
});

test("a picture is stale after three that should have come, and not within the first second", () => {
  expect([0, 0.5, 1, 5, 30].map(staleAfterMs)).toEqual([1000, 6000, 3000, 1000, 1000]);
});
