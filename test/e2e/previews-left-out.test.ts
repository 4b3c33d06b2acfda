import { expect, test } from "bun:test";
import { WatchingClient } from "../debug/watching-client.ts";
import { waitUntil } from "../log/wait-until.ts";
import { readDrops } from "../support/drop-lines.ts";
import { expectPayload } from "../support/expect-payload.ts";
import { expectAccountedFor, unasked, withEncoders } from "../support/hardware-recording.ts";
import { TemporaryDirectory } from "../log/temporary-directory.ts";
import { startRecording } from "../support/record.ts";

/** Of the 16 that the synthetic camera has: previews are made while so many are in use at most, frames dropped when so many are. */
const [BUFFERS_SPARE, BUFFERS_DROPPING] = [8, 14];

test("an encoder slower than the camera: previews go first, the host is told, and each frame that is dropped has its line", async () => {
  using sockets = new TemporaryDirectory();
  const socket = sockets.file("viewer.sock");
  const args = ["--debug-socket", socket, "--preview-fps", "10"];
  await withEncoders([{ encode_delay: 60 }], { args }, async (host, directory) => {
    await using client = await WatchingClient.open(`ws+unix://${socket}:/ws`);
    const recording = await startRecording(host, directory);
    await host.waitFor("warning", ({ status }) => status === "warning");
    expect(unasked(host)).toEqual(["warning:previews_left_out"]);
    const seen = () => client.snapshots.at(-1)?.snapshot;
    await waitUntil("drops", () => (seen()?.totals.dropped["encoder_busy"] ?? 0) > 5, 10_000);
    expect(seen()?.viewers.previews_left_out).toBeGreaterThan(0);
    const { ledger } = expectPayload(await host.ask("stop_recording"), "recording_stopped");
    expect(Object.keys(ledger.dropped)).toEqual(["encoder_busy"]);
    await expectAccountedFor(recording, ledger);
    expect(unasked(host)).toEqual(["warning:previews_left_out"]);
    const firstDrop = readDrops(recording.drops)[0]?.frame_num ?? 0;
    const shown = client.previews.map(({ header }) => header.frameNumber).filter((number) => number < firstDrop);
    expect(firstDrop - Math.max(...shown)).toBeGreaterThan(BUFFERS_DROPPING - BUFFERS_SPARE);
    return {};
  });
}, 30_000);
