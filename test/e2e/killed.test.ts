import { expect, test } from "bun:test";
import { monotonicNs } from "../../src/native/clocks.ts";
import { TemporaryDirectory } from "../log/temporary-directory.ts";
import { decodeFrameNumbers } from "../support/decode-video.ts";
import { expectConsecutive } from "../support/expect-sound.ts";
import { ModuleProcess } from "../support/module-process.ts";
import { probeVideo } from "../support/probe-video.ts";
import { assign, startRecording, waitForRows } from "../support/record.ts";
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
  },
  30_000,
);
