import { describe, expect, test } from "bun:test";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { runRepair } from "../../src/repair/repair-command.ts";
import { verifyRecording } from "../../src/verify/verify-recording.ts";
import { TemporaryDirectory } from "../log/temporary-directory.ts";
import { ffmpeg } from "../recording/h264/encode-h264.ts";
import { encodeH264Video } from "../recording/mp4/encoded-video.ts";
import { countDecodedFrames } from "../recording/mp4/ffprobe.ts";
import { boxesIn } from "../recording/mp4/ordinary-video.ts";
import { recordHistory } from "../recording/recorded-history.ts";
import { box, uint32s } from "../support/mp4-boxes.ts";
import { timingLines, timingText } from "../verify/write-recording.ts";

/** Fragments of 5, 5, 2 and 4 samples, the last two revealed together. */
const TIMES_MS = [0, 100, 200, 300, 400, 500, 600, 700, 800, 900, 1000, 1100, 1200, 1300, 1400, 1500];
const COUNT = TIMES_MS.length;
const LAST_FRAGMENT = 4;
const LAST_GROUP = 6;
const encoded = encodeH264Video({ frames: COUNT, x264: "keyint=12:min-keyint=12:scenecut=0" });
const {
  history,
  operationsBeforeFinish,
  video: videoPath,
  timing: timingPath,
  begun,
} = await recordHistory(encoded, TIMES_MS);
const broken = history.afterKill(operationsBeforeFinish);
const video = broken.get(videoPath) ?? Buffer.alloc(0);
const timing = broken.get(timingPath)?.toString() ?? "";
/** The header, then the rows, each with its line end; the label has a line end in it. */
const [header = "", ...rows] = timing.split(/(?<=video_pts\n|,\d+\n)/);

async function run(paths: readonly string[]): Promise<{ exitCode: number; text: string }> {
  const written: string[] = [];
  const exitCode = await runRepair(paths, { write: (text: string) => written.push(text) });
  return { exitCode, text: written.join("") };
}

/** Repairs a recording of these files; tells what it said of it, and what became of them. */
async function repair(videoBytes: Uint8Array, timingBytes?: string | Uint8Array) {
  using directory = new TemporaryDirectory();
  const path = directory.file("x.mp4");
  writeFileSync(path, videoBytes);
  writeFileSync(directory.file("x_recording.json"), begun);
  if (timingBytes !== undefined) writeFileSync(directory.file("x_timing.csv"), timingBytes);
  const { exitCode, text } = await run([path]);
  expect(text).toStartWith(`${path}: `);
  const isUnchanged =
    readFileSync(path).equals(videoBytes) &&
    (timingBytes === undefined || readFileSync(directory.file("x_timing.csv")).equals(Buffer.from(timingBytes)));
  const report = exitCode === 0 ? await verifyRecording(path) : undefined;
  return {
    said: text.slice(path.length + 2, -1),
    exitCode,
    isUnchanged,
    samples: report?.samples,
    rows: report?.rows,
    problems: report?.problems,
    frames: exitCode === 0 ? countDecodedFrames(path) : undefined,
    timing: timingBytes === undefined ? undefined : readFileSync(directory.file("x_timing.csv"), "utf8"),
  };
}

/** The video as it was before its last two fragments were revealed. */
function hideLast(bytes: Buffer): Buffer {
  const hidden = Buffer.from(bytes);
  const last = bytes.lastIndexOf("moof");
  const emptiedAt = bytes.lastIndexOf("moof", last - 1) - 4 - 8;
  hidden.writeUInt32BE(hidden.length - emptiedAt, emptiedAt);
  return hidden;
}

const sound = (count: number) => ({ exitCode: 0, samples: count, rows: count, frames: count, problems: [] });

test("the recording that this is about has fragments and rows as expected", () => {
  expect(rows).toHaveLength(COUNT);
  const boxes = boxesIn(video).map(({ type }) => type);
  const group = (fragmentCount: number) => ["free", ...Array.from({ length: fragmentCount }, () => ["moof", "mdat"])];
  expect(boxes).toEqual(["ftyp", "free", "moov", ...group(1), ...group(1), ...group(2)].flat());
});

describe("a broken-off recording", () => {
  test("of whole fragments with all their rows is repaired to all of them", async () => {
    const said = `repaired: ${COUNT} pictures, each with its row`;
    expect(await repair(video, timing)).toMatchObject({ ...sound(COUNT), said, timing });
  });

  test("whose last rows were not written ends with the last picture that has one", async () => {
    for (const missing of [1, LAST_GROUP]) {
      const kept = COUNT - missing;
      const text = [header, ...rows.slice(0, kept)].join("");
      const leftOut = missing === 1 ? "1 picture" : `${missing} pictures`;
      const said = `repaired: ${kept} pictures, each with its row, ${leftOut} without a row left out at the end`;
      expect(await repair(video, text)).toMatchObject({ ...sound(kept), said, timing: text });
    }
  });

  test("whose last row is torn, or whose timing file ends in zeros, loses that", async () => {
    const text = [header, ...rows.slice(0, -1)].join("");
    const said = `repaired: ${COUNT - 1} pictures, each with its row, 1 picture without a row left out at the end, 30 bytes cut off the timing file's end`;
    for (const tail of [rows.at(-1)?.slice(0, 30) ?? "", "\0".repeat(30)]) {
      expect(await repair(video, text + tail)).toMatchObject({ ...sound(COUNT - 1), said, timing: text });
    }
  });

  test("whose last fragments are still hidden keeps the pictures of them that have their row", async () => {
    const hidden = hideLast(video);
    expect(await repair(hidden, timing)).toMatchObject(sound(COUNT));
    for (const missing of [1, LAST_FRAGMENT + 1]) {
      const some = [header, ...rows.slice(0, -missing)].join("");
      expect(await repair(hidden, some)).toMatchObject({ ...sound(COUNT - missing), timing: some });
    }
    const none = [header, ...rows.slice(0, -LAST_GROUP)].join("");
    const said = `repaired: ${COUNT - LAST_GROUP} pictures, each with its row`;
    expect(await repair(hidden, none)).toMatchObject({ ...sound(COUNT - LAST_GROUP), said });
  });

  test("whose last fragment is torn loses that, and the rows of it", async () => {
    const kept = COUNT - LAST_FRAGMENT;
    for (const length of [video.length - 1, video.lastIndexOf("moof") + 20, video.lastIndexOf("moof") - 2]) {
      const result = await repair(video.subarray(0, length), timing);
      expect(result).toMatchObject({ ...sound(kept), timing: [header, ...rows.slice(0, kept)].join("") });
    }
  });

  test("with a tail of zeros or of anything else loses the tail", async () => {
    const noise = Buffer.from(Array.from({ length: 5000 }, (_, index) => (index * 7919) % 251));
    for (const tail of [Buffer.alloc(7), Buffer.alloc(5000), noise]) {
      expect(await repair(Buffer.concat([video, tail]), timing)).toMatchObject(sound(COUNT));
    }
  });

  test("without a timing file, or without a row in it, keeps all pictures", async () => {
    const alone = await repair(video);
    expect(alone).toMatchObject({ exitCode: 0, samples: COUNT, frames: COUNT });
    expect(alone.said).toBe(`repaired: ${COUNT} pictures, without a timing file`);
    const firstFragment = video.subarray(0, video.indexOf("moof", video.indexOf("moof") + 4) - 4 - 8);
    const noRows = await repair(firstFragment, header);
    expect(noRows).toMatchObject({ exitCode: 0, samples: 5, frames: 5, timing: header });
    expect(noRows.said).toBe("repaired: 5 pictures, without rows: the timing file has none");
  });

  test("of one picture, or none, is repaired to that", async () => {
    const one = await recordHistory(encoded, [0]);
    const files = one.history.afterKill(one.operationsBeforeFinish);
    const bytes = files.get(one.video) ?? Buffer.alloc(0);
    expect(await repair(bytes, files.get(one.timing))).toMatchObject(sound(1));
    using directory = new TemporaryDirectory();
    writeFileSync(directory.file("x.mp4"), bytes.subarray(0, bytes.indexOf("moof") - 4));
    writeFileSync(directory.file("x_timing.csv"), header);
    expect((await run([directory.file("x.mp4")])).text).toContain(": repaired: 0 pictures, ");
    expect((await verifyRecording(directory.file("x.mp4"))).problems).toContain("video holds no samples");
  });

  test("beyond 2^32 µs is repaired to its exact times", async () => {
    const hours = TIMES_MS.map((_, index) => index * 600_000.0001);
    const long = await recordHistory(encoded, hours);
    const files = long.history.afterKill(long.operationsBeforeFinish);
    const bytes = files.get(long.video) ?? Buffer.alloc(0);
    expect(await repair(bytes, files.get(long.timing))).toMatchObject({ exitCode: 0, samples: COUNT, problems: [] });
  });
});

test("an ordinary file whose end was cut off is repaired from what is left", async () => {
  const files = history.afterKill(history.operations.length);
  const ordinary = files.get(videoPath) ?? Buffer.alloc(0);
  for (const length of [ordinary.length - 1, ordinary.length - 700, video.length + 3, video.length]) {
    expect(await repair(ordinary.subarray(0, length), timing)).toMatchObject(sound(COUNT));
  }
});

describe("what is left alone, and said why:", () => {
  const damaged = (at: number): Buffer => {
    const bytes = Buffer.from(video);
    bytes[at] = (bytes[at] ?? 0) ^ 0xff;
    return bytes;
  };
  const second = video.indexOf("moof", video.indexOf("moof") + 4) - 4;
  const withoutReserved = Buffer.concat([
    video.subarray(0, video.readUInt32BE(0)),
    video.subarray(video.readUInt32BE(0) + 16),
  ]);
  const other = timingText(timingLines([1n, 2n, 3n].map((seconds) => seconds * 10n ** 9n)));

  test.each([
    ["what is no MP4 file", Buffer.from("Lorem ipsum dolor sit amet"), timing, "it is no MP4 file"],
    ["an empty file", Buffer.alloc(0), timing, "it is no MP4 file"],
    ["a file without a movie box", video.subarray(0, 200), timing, "its movie box (moov) is missing or cut off"],
    ["a fragmented file without the reserved box", withoutReserved, timing, "without room for the header"],
    ["a damaged movie box", damaged(video.indexOf("stsd") - 1), timing, "its movie box (moov) is damaged"],
    ["a damaged fragment", damaged(video.indexOf("tfdt") + 11), timing, "its fragment 1 at byte"],
    ["pictures behind a damaged box", damaged(second + 5), timing, `it is damaged from byte ${second} on`],
    ["a timing file of something else", video, other, "x_timing.csv is not what a broken-off recording leaves: row 2"],
    ["a timing file without its header", video, rows.join(""), "its header is another"],
    ["rows that are missing in the middle", video, [header, ...rows.toSpliced(6, 1)].join(""), "row 7 does not agree"],
    ["many rows of no pictures", video, `${timing}${"1,".repeat(40_000)}\n`, `row ${COUNT + 1} does not agree`],
  ])("%s", async (_name, videoBytes, timingBytes, sentence) => {
    const { said, exitCode, isUnchanged } = await repair(videoBytes, timingBytes);
    expect({ exitCode, isUnchanged }).toEqual({ exitCode: 1, isUnchanged: true });
    expect(said).toStartWith("NOT REPAIRED: ");
    expect(said).toContain(sentence);
  });

  test("a file whose fragments announce more samples than they have media data, at no cost", async () => {
    const bytes = Buffer.from(video.subarray(0, second - 8));
    // One byte each, and nearly as many as the file has bytes; many fragments of the kind.
    const traf = (samples: number): Buffer => {
      const [isRelativeToMoof, hasSize] = [0x2_0000, 0x10];
      const tfhd = box("tfhd", uint32s(isRelativeToMoof | hasSize, 1, 1));
      return box("traf", tfhd, box("tfdt", uint32s(0, 500_000)), box("trun", uint32s(0, samples)));
    };
    const announcing = Array.from({ length: 2000 }, (_, index) => {
      return Buffer.concat([
        box("moof", box("mfhd", uint32s(0, index + 2)), traf(300_000)),
        box("mdat", Buffer.alloc(100)),
      ]);
    });
    const { said, exitCode, isUnchanged } = await repair(Buffer.concat([bytes, box("free"), ...announcing]), timing);
    expect({ exitCode, isUnchanged }).toEqual({ exitCode: 1, isUnchanged: true });
    expect(said).toMatch(/^NOT REPAIRED: its fragment 2 at byte \d+ is damaged: trun has 0 bytes for 300000 samples$/);
  });

  test("files of other programs", async () => {
    using directory = new TemporaryDirectory();
    const source = ["-f", "lavfi", "-i", "testsrc2=size=160x96:rate=30", "-frames:v", "10"];
    for (const [name, flags, code, sentence] of [
      ["ordinary", "", 0, "is an ordinary MP4 file already: nothing to do"],
      ["faststart", "faststart", 0, "is an ordinary MP4 file already: nothing to do"],
      ["fragmented", "frag_keyframe+empty_moov+default_base_moof", 1, "NOT REPAIRED: "],
    ] as const) {
      const path = directory.file(`${name}.mp4`);
      ffmpeg([...source, "-pix_fmt", "yuv420p", "-movflags", flags === "" ? "+disable_chpl" : flags, "-y", path]);
      const before = readFileSync(path);
      const { exitCode, text } = await run([path]);
      expect(exitCode).toBe(code);
      expect(text).toContain(sentence);
      expect(readFileSync(path).equals(before)).toBe(true);
    }
  }, 20_000);

  test("an ordinary recording", async () => {
    const files = history.afterKill(history.operations.length);
    const ordinary = files.get(videoPath) ?? Buffer.alloc(0);
    const { said, exitCode, isUnchanged } = await repair(ordinary, files.get(timingPath));
    expect({ said, exitCode, isUnchanged }).toEqual({
      said: "is an ordinary MP4 file already: nothing to do",
      exitCode: 0,
      isUnchanged: true,
    });
  });
});

test("each of several files has its line, and the worst makes the exit code", async () => {
  using directory = new TemporaryDirectory();
  writeFileSync(directory.file("a.mp4"), video);
  writeFileSync(directory.file("a_timing.csv"), timing);
  writeFileSync(directory.file("b.mp4"), "Lorem ipsum");
  const [a, b, missing] = [directory.file("a.mp4"), directory.file("b.mp4"), directory.file("none.mp4")];
  const { exitCode, text } = await run([a, b]);
  expect(exitCode).toBe(1);
  expect(text).toBe(`${a}: repaired: ${COUNT} pictures, each with its row\n${b}: NOT REPAIRED: it is no MP4 file\n`);
  const again = await run([missing, a, directory.path]);
  expect(again.exitCode).toBe(2);
  expect(again.text.split("\n")).toEqual([
    expect.stringContaining(`${missing}: UNREADABLE: ${missing} cannot be read: ENOENT`),
    `${a}: is an ordinary MP4 file already: nothing to do`,
    `${directory.path}: UNREADABLE: ${directory.path} is not a file`,
    "",
  ]);
  expect(existsSync(missing)).toBe(false);
  expect(readdirSync(directory.path).toSorted()).toEqual(["a.mp4", "a_timing.csv", "b.mp4"]);
});
