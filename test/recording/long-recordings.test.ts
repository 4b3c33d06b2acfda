import { expect, test } from "bun:test";
import { verifyRecording } from "../../src/verify/verify-recording.ts";
import { probeVideo } from "../support/probe-video.ts";
import { expectedTimesUs, readTimingFile } from "../support/timing-file.ts";
import { RecordingUnderTest } from "./recording-under-test.ts";

const FRAME_RATE = 30;
/** And a little, so that times are no whole microseconds. */
const FIVE_MINUTES = 5 * 60 * FRAME_RATE + 7;

test.each(["h264", "mjpeg"] as const)(
  "%s: two hours are exact to the microsecond, beyond 2^32 µs of video and 2^53 ns of the sensor's clock",
  async (codec) => {
    await using recording = await RecordingUnderTest.start({ frameRate: FRAME_RATE, settings: { codec } });
    await recording.feed(25, { step: FIVE_MINUTES });
    const { ledger } = await recording.stop();
    expect(ledger).toMatchObject({ captured: 25, recorded: 25, dropped: {} });

    const { rows } = readTimingFile(recording.paths.timing);
    const times = expectedTimesUs(rows);
    expect(rows[0]?.sensorTimestampNs).toBeGreaterThan(2n ** 53n);
    expect(times.at(-1)).toBeGreaterThan(2 ** 32);
    expect((await probeVideo(recording.paths.video)).packets.map(({ pts }) => pts)).toEqual(times);
    expect((await verifyRecording(recording.paths.video)).problems).toEqual([]);
  },
  30_000,
);
