import { expect, test } from "bun:test";
import { randomInt } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import fc from "fast-check";
import { runVerify } from "../../src/verify/verify-command.ts";
import { TemporaryDirectory } from "../log/temporary-directory.ts";
import { ffmpeg } from "../recording/h264/encode-h264.ts";
import { encodeH264Video, encodeJpegVideo } from "../recording/mp4/encoded-video.ts";
import { runProgram } from "../support/run-program.ts";
import { sensorTimestamps, timingLines, timingText, toMicroseconds, videoBytes } from "../verify/write-recording.ts";
import { atBoundedCost } from "./bounded-cost.ts";
import { AS_LONG_AS_IT_MAY, FUZZ_TIMEOUT_MS, howMany } from "./effort.ts";
import { mp4Mutations } from "./mp4-mutations.ts";
import { toBytes, toTree } from "./mp4-tree.ts";
import { mutations } from "./mutations.ts";

const COUNT = 10;
const timestampsNs = sensorTimestamps(COUNT);
const timing = Buffer.from(timingText(timingLines(timestampsNs, '"left, ""right"""')));
const fragmented = [encodeH264Video({ frames: COUNT, x264: "keyint=4:scenecut=0" }), encodeJpegVideo(COUNT)].map(
  (video) => videoBytes(video, toMicroseconds(timestampsNs)),
);
/** Fragmented and ordinary files, of H.264 and of JPEG. */
const soundFiles = [...fragmented, ...fragmented.map(toOrdinary)];

function toOrdinary(bytes: Buffer): Buffer {
  using directory = new TemporaryDirectory();
  const [source, target] = [directory.file("source.mp4"), directory.file("target.mp4")];
  writeFileSync(source, bytes);
  ffmpeg(["-i", source, "-c", "copy", "-video_track_timescale", "1000000", "-use_editlist", "0", target]);
  return readFileSync(target);
}

interface Verdict {
  readonly exitCode: number;
  readonly text: string;
}

async function verdictOn(directory: TemporaryDirectory, video: Buffer, rows: Buffer): Promise<Verdict> {
  const path = directory.file("x.mp4");
  writeFileSync(path, video);
  writeFileSync(directory.file("x_timing.csv"), rows);
  let text = "";
  const exitCode = await runVerify([path], { write: (part: string) => (text += part) });
  return { exitCode, text };
}

const anyFile = fc
  .tuple(fc.constantFrom(...soundFiles), mp4Mutations, fc.option(mutations, { freq: 3 }))
  .map(([bytes, changeVideo, changeRows]) => ({ video: changeVideo(bytes), rows: changeRows?.(timing) ?? timing }));

test("unchanged, the files that the changes begin with are sound, and are what their boxes make", async () => {
  using directory = new TemporaryDirectory();
  for (const bytes of soundFiles) {
    expect((await verdictOn(directory, bytes, timing)).text).toEndWith("  sound\n");
    expect(toBytes(toTree(bytes)).equals(bytes)).toBe(true);
  }
}, 20_000);

test(
  "verify makes a verdict on any file within its length's cost, and never throws",
  async () => {
    using directory = new TemporaryDirectory();
    await fc.assert(
      fc.asyncProperty(anyFile, async ({ video, rows }) => {
        const byteCount = video.length + rows.length;
        const { exitCode, text } = await atBoundedCost(byteCount, () => verdictOn(directory, video, rows));
        const lastWords = [/ {2}sound\n$/, / {2}NOT SOUND\n( {2}- .*\n|  \(and .*\n)+$/, / {2}UNREADABLE: .*\n$/];
        expect(text).toMatch(lastWords[exitCode] ?? /^never/);
        // A few of each kind: a damaged file is not told sample by sample.
        expect(text.length).toBeLessThan(200_000);
      }),
      AS_LONG_AS_IT_MAY,
    );
  },
  FUZZ_TIMEOUT_MS,
);

test(
  "the program's exit code on any files is 0, 1 or 2, and no stack is shown",
  async () => {
    using directory = new TemporaryDirectory();
    const seed = randomInt(2 ** 31); // told where something does not hold
    const files = fc.sample(anyFile, { numRuns: howMany({ few: 30, many: 3000 }), seed });
    for (let at = 0; at < files.length; at += 30) {
      const paths = files.slice(at, at + 30).map(({ video, rows }, index) => {
        writeFileSync(directory.file(`${index}.mp4`), video);
        writeFileSync(directory.file(`${index}_timing.csv`), rows);
        return directory.file(`${index}.mp4`);
      });
      const { exitCode, stdout, stderr } = await runProgram(["verify", ...paths]);
      const isVerdict = exitCode === 0 || exitCode === 1 || exitCode === 2;
      expect({ seed, isVerdict, stderr }).toEqual({ seed, isVerdict: true, stderr: "" });
      expect(stdout).not.toMatch(/^\s+at .*:\d+:\d+/m);
      for (const path of paths) expect(stdout).toContain(`${path}\n`);
    }
  },
  FUZZ_TIMEOUT_MS,
);
