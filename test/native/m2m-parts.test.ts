import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { Matcher, type MatcherEvent, readAnnexB } from "./m2m-parts.ts";

// errno.h
const EPROTO = 71;

// NAL headers with nal_ref_idc 3 (ITU-T H.264, table 7-1).
const SPS = 0x67;
const PPS = 0x68;
const SLICE = 0x61;
const SLICE_IDR = 0x65;
const SEI = 0x06;

/** A NAL unit's bytes can hold neither 00 00 00 nor 00 00 01 (emulation prevention) and do not end in 00. */
const payload = fc
  .uint8Array({ minLength: 1, maxLength: 40 })
  .map((bytes) => bytes.map((byte, index) => (byte < 4 && index % 2 === 1 ? 0x80 : byte)))
  .map((bytes) => Uint8Array.from([...bytes, 0x80]));

function nal(header: number, bytes: Iterable<number> = [0x42, 0x80]): Uint8Array {
  return Uint8Array.from([header, ...bytes]);
}

/** `long`: a start code of 4 bytes; `zeros`: trailing_zero_8bits. */
function annexB(units: readonly { nal: Uint8Array; long?: boolean; zeros?: number }[]): Uint8Array {
  return Uint8Array.from(
    units.flatMap(({ nal: bytes, long = true, zeros = 0 }) => [
      ...(long ? [0] : []),
      0,
      0,
      1,
      ...bytes,
      ...Array.from({ length: zeros }, () => 0),
    ]),
  );
}

function lengthPrefixed(units: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(units.flatMap((bytes) => [0, 0, bytes.length >> 8, bytes.length & 0xff, ...bytes]));
}

describe("Annex B becomes length-prefixed NAL units", () => {
  const unit = fc.record({
    header: fc.constantFrom(SPS, PPS, SLICE, SLICE_IDR, SEI),
    bytes: payload,
    long: fc.boolean(),
    zeros: fc.nat(3),
  });

  test("whatever the start codes and the zeros behind a unit", () => {
    fc.assert(
      fc.property(fc.array(unit, { maxLength: 8 }), (units) => {
        const nals = units.map(({ header, bytes }) => nal(header, bytes));
        const stream = annexB(units.map(({ long, zeros }, i) => ({ nal: nals[i] ?? nal(SEI), long, zeros })));
        const { bytes, hasPicture, isKey } = readAnnexB(stream);
        expect(bytes).toEqual(lengthPrefixed(nals));
        expect(isKey).toBe(units.some(({ header }) => header === SLICE_IDR));
        expect(hasPicture).toBe(units.some(({ header }) => header === SLICE_IDR || header === SLICE));
      }),
    );
  });

  test("bytes without a start code are no unit, and any bytes at all are survived", () => {
    expect(readAnnexB(Uint8Array.of(1, 2, 3, 4)).bytes).toHaveLength(0);
    expect(readAnnexB(new Uint8Array(0)).bytes).toHaveLength(0);
    expect(readAnnexB(Uint8Array.of(0, 0, 1)).bytes).toHaveLength(0);
    expect(readAnnexB(Uint8Array.of(0, 0, 1, 0, 0, 1, 0, 0, 1)).bytes).toHaveLength(0);
    fc.assert(
      fc.property(fc.array(fc.constantFrom(0, 1, 3, 0x65), { maxLength: 60 }), (bytes) => {
        readAnnexB(Uint8Array.from(bytes));
      }),
    );
  });
});

const HEADERS = [nal(SPS, [100, 0, 42, 0x80]), nal(PPS)];
const idr = (mark: number) => nal(SLICE_IDR, [mark, 0x80]);
const slice = (mark: number) => nal(SLICE, [mark, 0x80]);
const stream = (...nals: readonly Uint8Array[]) => annexB(nals.map((each) => ({ nal: each })));
const packet = (timestampNs: bigint, isKey: boolean, ...nals: readonly Uint8Array[]): MatcherEvent => ({
  kind: "packet",
  timestampNs,
  isKey,
  data: lengthPrefixed(nals),
});

describe("each frame gets one result, matched by timestamp", () => {
  test("however a picture is split over buffers, and whichever frames are swallowed", () => {
    const frame = fc.record({
      swallowed: fc.boolean(),
      bytes: payload,
      cuts: fc.array(fc.nat(60), { maxLength: 4 }),
      gapNs: fc.bigInt(1n, 40_000_000n),
    });
    fc.assert(
      fc.property(fc.array(frame, { minLength: 1, maxLength: 12 }), fc.nat(11), (frames, ahead) => {
        using matcher = new Matcher();
        let timestampNs = 1_000_000_000n;
        const submitted = frames.map((each, index) => {
          timestampNs += each.gapNs;
          const nals = index === 0 ? [...HEADERS, nal(SLICE_IDR, each.bytes)] : [nal(SLICE, each.bytes)];
          return { ...each, nals, timestampNs, timeUs: 0n };
        });
        // The device is some frames behind.
        submitted.forEach((each, index) => {
          each.timeUs = matcher.submit(each.timestampNs);
          const due = submitted[index - ahead];
          if (due !== undefined) give(matcher, due);
        });
        for (const due of submitted.slice(Math.max(0, submitted.length - ahead))) give(matcher, due);
        matcher.complete();
        matcher.skipAll("swallowed");
        expect(matcher.events()).toEqual(
          submitted.map(
            (each, index): MatcherEvent =>
              each.swallowed
                ? { kind: "skipped", timestampNs: each.timestampNs, reason: "swallowed" }
                : packet(each.timestampNs, index === 0, ...each.nals),
          ),
        );
      }),
    );
  });

  function give(
    matcher: Matcher,
    {
      swallowed,
      nals,
      cuts,
      timeUs,
    }: { swallowed: boolean; nals: readonly Uint8Array[]; cuts: number[]; timeUs: bigint },
  ): void {
    if (swallowed) return;
    const bytes = stream(...nals);
    const places = [...new Set(cuts.map((cut) => 1 + (cut % (bytes.length - 1))))].sort((a, b) => a - b);
    [0, ...places].forEach((start, index) => {
      expect(matcher.take(timeUs, bytes.slice(start, places[index] ?? bytes.length))).toBe(0);
    });
  }

  test("times that go with frames increase also where two frames share a microsecond", () => {
    using matcher = new Matcher();
    expect([1000n, 1001n, 1999n, 5000n].map((timestampNs) => matcher.submit(timestampNs))).toEqual([1n, 2n, 3n, 5n]);
  });

  test("a buffer of headers alone goes before the next picture, whatever its timestamp", () => {
    for (const headerTimeUs of [1000n, 0n, 77n]) {
      using matcher = new Matcher();
      const timeUs = matcher.submit(1_000_000n);
      expect(matcher.take(headerTimeUs, stream(...HEADERS))).toBe(0);
      matcher.complete();
      expect(matcher.events()).toEqual([]);
      expect(matcher.take(timeUs, stream(idr(1)))).toBe(0);
      matcher.complete();
      expect(matcher.events()).toEqual([packet(1_000_000n, true, ...HEADERS, idr(1))]);
    }
  });

  test("headers of a frame that was swallowed go to the one after it", () => {
    using matcher = new Matcher();
    const [first, second] = [matcher.submit(1_000_000n), matcher.submit(2_000_000n)];
    matcher.take(first, stream(...HEADERS));
    matcher.take(second, stream(idr(2)));
    matcher.complete();
    expect(matcher.events()).toEqual([
      { kind: "skipped", timestampNs: 1_000_000n, reason: "swallowed" },
      packet(2_000_000n, true, ...HEADERS, idr(2)),
    ]);
  });

  test("a damaged picture and all that follow up to a key picture are left out", () => {
    using matcher = new Matcher();
    const times = [1n, 2n, 3n, 4n, 5n].map((each) => matcher.submit(each * 1_000_000n));
    const pictures = [[...HEADERS, idr(1)], [slice(2)], [slice(3)], [idr(4)], [slice(5)]];
    times.forEach((timeUs, index) => matcher.take(timeUs, stream(...(pictures[index] ?? [])), index === 1));
    matcher.complete();
    const results = matcher.events().map((event) => (event.kind === "packet" ? "packet" : event.reason));
    expect(results).toEqual(["packet", "damaged", "damaged", "packet", "packet"]);
  });

  test("damage with a timestamp of no frame spoils what follows as well", () => {
    using matcher = new Matcher();
    const times = [1n, 2n].map((each) => matcher.submit(each * 1_000_000n));
    matcher.take(times[0] ?? 0n, stream(...HEADERS, idr(1)));
    matcher.take(7n, Uint8Array.of(9, 9, 9), true);
    matcher.take(times[1] ?? 0n, stream(slice(2)));
    matcher.complete();
    expect(matcher.events().map((event) => event.kind)).toEqual(["packet", "skipped"]);
  });

  test("a picture with a timestamp of no frame is an error", () => {
    using matcher = new Matcher();
    matcher.submit(1_000_000n);
    expect(matcher.take(999n, stream(idr(1)))).toBe(-EPROTO);
  });

  test("a picture that comes after the one behind it is an error: its frame has had its result", () => {
    using matcher = new Matcher();
    const [first, second] = [matcher.submit(1_000_000n), matcher.submit(2_000_000n)];
    matcher.take(second, stream(...HEADERS, idr(2)));
    expect(matcher.take(first, stream(slice(1)))).toBe(-EPROTO);
  });

  test("a picture that was given up and comes nevertheless spoils what follows, and headers do not", () => {
    using matcher = new Matcher();
    const [first, second] = [matcher.submit(1_000_000n), matcher.submit(2_000_000n)];
    matcher.take(first, stream(...HEADERS, idr(1)));
    matcher.skipAll("swallowed");
    expect(matcher.take(second, stream(slice(2)))).toBe(0);
    const [third, fourth] = [matcher.submit(3_000_000n), matcher.submit(4_000_000n)];
    matcher.take(third, stream(slice(3)));
    expect(matcher.take(0n, stream(...HEADERS))).toBe(0);
    matcher.take(fourth, stream(idr(4)));
    matcher.complete();
    expect(matcher.events()).toEqual([
      packet(1_000_000n, true, ...HEADERS, idr(1)),
      { kind: "skipped", timestampNs: 2_000_000n, reason: "swallowed" },
      { kind: "skipped", timestampNs: 3_000_000n, reason: "damaged" },
      packet(4_000_000n, true, ...HEADERS, idr(4)),
    ]);
  });

  test("what a stuck device leaves is skipped for that reason", () => {
    using matcher = new Matcher();
    matcher.submit(1_000_000n);
    matcher.submit(2_000_000n);
    matcher.skipAll("stalled");
    expect(matcher.events()).toEqual([
      { kind: "skipped", timestampNs: 1_000_000n, reason: "stalled" },
      { kind: "skipped", timestampNs: 2_000_000n, reason: "stalled" },
    ]);
  });
});
