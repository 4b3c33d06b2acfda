import { expect, test } from "bun:test";
import { setTimeout as delay } from "node:timers/promises";
import { monotonicNs } from "../../src/native/clocks.ts";
import { TemporaryDirectory } from "../log/temporary-directory.ts";
import { decodeFrameNumbers } from "../support/decode-video.ts";
import { expectPayload } from "../support/expect-payload.ts";
import { expectConsecutive, expectSound } from "../support/expect-sound.ts";
import { ModuleProcess } from "../support/module-process.ts";
import { probeVideo } from "../support/probe-video.ts";
import { readMetadata } from "../support/read-metadata.ts";
import { assign, type RecordingPaths, startRecording, waitForRows } from "../support/record.ts";
import { runProgram } from "../support/run-program.ts";
import { expectedTimesUs, readTimingFile } from "../support/timing-file.ts";

test.concurrent.each(["h264", "mjpeg"])(
  "kill -9 while recording %s leaves a file that plays up to less than a second before it",
  async (codec) => {
    using directory = new TemporaryDirectory();
    await using host = new ModuleProcess(["--source", "synthetic", "--size", "320x240", "--codec", codec]);
    await assign(host);
    const recording = await startRecording(host, directory.path);
    await waitForRows(recording, 70);
    const killedNs = monotonicNs();
    host.kill("SIGKILL");
    expect((await host.ending()).signal).toBe("SIGKILL");

    const { rows } = readTimingFile(recording.timing);
    const { packets } = await probeVideo(recording.video);
    const numbers = await decodeFrameNumbers(recording.video);
    // Rows follow their pictures: a kill between the two leaves pictures without rows, never rows without pictures.
    expect(packets.length).toBeGreaterThanOrEqual(rows.length);
    expect(packets.length - rows.length).toBeLessThanOrEqual(30);
    expect(packets.slice(0, rows.length).map(({ pts }) => pts)).toEqual(expectedTimesUs(rows));
    expect(numbers).toHaveLength(packets.length);
    expectConsecutive(numbers.map((number) => number ?? Number.NaN));
    const lastNs = (rows[0]?.sensorTimestampNs ?? 0n) + BigInt(packets.at(-1)?.pts ?? 0) * 1000n;
    expect(Number(killedNs - lastNs) / 1e9).toBeLessThan(1);

    const said = readMetadata(recording);
    expect(said).toMatchObject({ isSame: true, beside: { end: null, video: { codec } } });

    const { exitCode, stdout } = await runProgram(["repair", recording.video]);
    expect({ exitCode, stdout }).toEqual({
      exitCode: 0,
      stdout: expect.stringContaining(`: repaired: ${rows.length} pictures, each with its row`),
    });
    expect((await expectSound(recording, 30)).rows).toEqual(rows);
    expect(readMetadata(recording)).toEqual(said);
  },
  30_000,
);

test("repair makes sound recordings of all that were killed at any time, and leaves the one that goes on alone", async () => {
  using directory = new TemporaryDirectory();
  const kill = async (milliseconds: number): Promise<RecordingPaths> => {
    await using host = new ModuleProcess(["--source", "synthetic", "--size", "320x240", "--codec", "mjpeg"]);
    await assign(host);
    const recording = await startRecording(host, directory.path);
    await waitForRows(recording, 1);
    await delay(milliseconds);
    host.kill("SIGKILL");
    await host.ending();
    return recording;
  };
  const killed: RecordingPaths[] = [];
  for (let milliseconds = 0; milliseconds < 600; milliseconds += 75) killed.push(await kill(milliseconds));
  await using host = new ModuleProcess(["--source", "synthetic", "--size", "320x240"]);
  await assign(host);
  const going = await startRecording(host, directory.path);
  await waitForRows(going, 10);

  const { exitCode, stdout } = await runProgram(["repair", ...killed.map(({ video }) => video), going.video]);
  expect(stdout.match(/: repaired: /g)).toHaveLength(killed.length);
  expect(stdout).toEndWith(`${going.video}: NOT REPAIRED: process ${host.pid} is writing to it\n`);
  expect(exitCode).toBe(1);
  for (const recording of killed) await expectSound(recording, 30);
  await waitForRows(going, 40);
  expectPayload(await host.ask("stop_recording"), "recording_stopped");
  await expectSound(going, 30);
}, 60_000);
