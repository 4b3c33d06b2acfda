import { expect, test } from "bun:test";
import { runVerify } from "../../src/verify/verify-command.ts";
import { TemporaryDirectory } from "../log/temporary-directory.ts";
import { encodeJpegVideo } from "../recording/mp4/encoded-video.ts";
import {
  sensorTimestamps,
  timingLines,
  timingText,
  toMicroseconds,
  videoBytes,
  writeRecording,
} from "./write-recording.ts";

const timestampsNs = sensorTimestamps(10);
const video = videoBytes(encodeJpegVideo(10), toMicroseconds(timestampsNs));
const lines = timingLines(timestampsNs);

async function run(paths: readonly string[]) {
  const written: string[] = [];
  const exitCode = await runVerify(paths, { write: (text: string) => written.push(text) });
  return { exitCode, text: written.join("") };
}

test("a sound recording is described in a few lines, and the exit code is 0", async () => {
  using directory = new TemporaryDirectory();
  const path = await writeRecording(directory, { video, timing: timingText(lines) });
  expect(await run([path])).toEqual({
    exitCode: 0,
    text: [
      path,
      "  mjpeg 160x96, 10 samples (10 key frames), 10 rows",
      "  0.216670 s, 44.999 frames/s",
      `  sensor time ${timestampsNs[0]} to ${timestampsNs[9]} ns`,
      "  sound",
      "",
    ].join("\n"),
  });
});

test("a recording that is not sound is told with its problems, a few of each kind, and the exit code is 1", async () => {
  using directory = new TemporaryDirectory();
  const path = await writeRecording(directory, { video, timing: timingText(lines.slice(1)) });
  const { exitCode, text } = await run([path]);
  expect(exitCode).toBe(1);
  expect(text).toContain("  NOT SOUND\n  - row 1 frame_index is 2, expected 1\n");
  expect(text).toContain("  - row 3 frame_index is 4, expected 3\n  - (and 6 more like these)\n");
  expect(text).toContain("  - video has 10 samples, timing file 9 rows\n");
});

test("a file that cannot be read is told so, and the exit code is 2", async () => {
  const { exitCode, text } = await run(["/nowhere/trial.mp4"]);
  expect(exitCode).toBe(2);
  expect(text).toStartWith("/nowhere/trial.mp4\n  UNREADABLE: /nowhere/trial.mp4 cannot be read: ENOENT");
});

test("of several files every one is told, and the worst makes the exit code", async () => {
  using directory = new TemporaryDirectory();
  const sound = await writeRecording(directory, { video, timing: timingText(lines), name: "sound" });
  const unsound = await writeRecording(directory, { video, name: "unsound" });
  const unreadable = directory.file("unreadable.mp4");
  expect((await run([sound, unsound])).exitCode).toBe(1);
  const { exitCode, text } = await run([unreadable, unsound, sound]);
  expect(exitCode).toBe(2);
  for (const path of [sound, unsound, unreadable]) expect(text).toContain(`${path}\n`);
});
