import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { DeafViewer } from "../debug/deaf-viewer.ts";
import { WatchingClient } from "../debug/watching-client.ts";
import { TemporaryDirectory } from "../log/temporary-directory.ts";
import { waitUntil } from "../log/wait-until.ts";
import { expectPayload } from "../support/expect-payload.ts";
import { ModuleProcess } from "../support/module-process.ts";
import { openFiles } from "../support/open-files.ts";
import { residentBytes } from "../support/process-usage.ts";
import { assign, type RecordingPaths, startRecording } from "../support/record.ts";
import { verdictOn } from "../support/run-program.ts";
import { countRows } from "../support/timing-file.ts";

const MB = 1e6;
/** Previews as large as they come, as often: what piles up for a viewer piles up fast (3 MB/s and more). */
const LARGE_PREVIEWS = ["--preview-fps", "30", "--preview-scale", "1", "--jpeg-quality", "95"];

/** A module that records 640x480 at 30 frames/s, with its viewer. */
class WatchedRecording implements AsyncDisposable {
  readonly directory = new TemporaryDirectory();
  readonly socket = this.directory.file("viewer.sock");
  readonly url = `ws+unix://${this.socket}:/ws`;
  readonly host: ModuleProcess;
  #paths: RecordingPaths | undefined;

  constructor(...args: string[]) {
    const size = ["--source", "synthetic", "--size", "640x480", "--record-fps", "30"];
    const log = ["--log-dir", this.directory.file("log"), "--log-level", "debug"];
    this.host = new ModuleProcess([...size, "--debug-socket", this.socket, ...log, ...args]);
  }

  async start(): Promise<void> {
    await assign(this.host);
    this.#paths = await startRecording(this.host, this.directory.path);
  }

  get residentBytes(): number {
    return residentBytes(this.host.pid);
  }

  /** Waits until that many frames more are on disk. */
  async more(frames: number): Promise<void> {
    const timing = this.#paths?.timing ?? "";
    const before = countRows(timing);
    await waitUntil(`${frames} frames`, () => countRows(timing) >= before + frames, 60_000, 10);
  }

  /** Ends the recording, in which nothing may be missing. */
  async expectWhole(): Promise<void> {
    const { ledger, video_path } = expectPayload(await this.host.ask("stop_recording"), "recording_stopped");
    expect(ledger).toMatchObject({
      recorded: ledger.captured,
      dropped: {},
      sensor_gaps: { gaps: 0, missing_frames: 0 },
    });
    expect(await verdictOn(video_path ?? "")).toMatchObject({ exitCode: 0 });
  }

  /** What viewers got that are gone, by the log. */
  goneViewers(): { readonly previewsSent: number; readonly previewsDropped: number }[] {
    return readFileSync(this.directory.file("log/csicameras.log"), "utf8")
      .split("\n")
      .filter((line) => line.includes('"a viewer is gone"'))
      .map((line) => JSON.parse(line) as { previewsSent: number; previewsDropped: number });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.host[Symbol.asyncDispose]();
    this.directory[Symbol.dispose]();
  }
}

test("a viewer that never reads costs the recording no frame, and piles up nothing", async () => {
  await using recording = new WatchedRecording(...LARGE_PREVIEWS);
  await recording.start();
  await using reading = await WatchingClient.open(recording.url);
  using deaf = await DeafViewer.open({ path: recording.socket });
  await recording.more(90);
  const before = recording.residentBytes;
  const seen = reading.previews.length;
  await recording.more(480);
  expect(reading.previews.length - seen).toBeGreaterThan(100);
  const missed = reading.previews.slice(seen).reduce((sum, { jpeg }) => sum + jpeg.byteLength, 0);
  expect(missed).toBeGreaterThan(20 * MB); // or it would show nothing
  expect(recording.residentBytes - before).toBeLessThan(missed / 2);
  deaf[Symbol.dispose]();
  await waitUntil("its end in the log", () => recording.goneViewers().length === 1);
  const [gone] = recording.goneViewers();
  expect(gone?.previewsSent).toBe(2);
  expect(gone?.previewsDropped).toBeGreaterThan(100);
  await recording.expectWhole();
}, 90_000);

test("16 viewers cost the recording no frame, and each sees the same pictures", async () => {
  await using recording = new WatchedRecording("--preview-fps", "10");
  await recording.start();
  const clients = await Promise.all(Array.from({ length: 16 }, () => WatchingClient.open(recording.url)));
  await recording.more(60);
  const before = recording.residentBytes;
  await recording.more(240);
  expect(recording.residentBytes - before).toBeLessThan(40 * MB);
  await recording.expectWhole();
  const last = Math.max(...clients.map(({ previews }) => previews.at(-1)?.header.frameNumber ?? 0));
  await waitUntil("the last picture", () =>
    clients.every(({ previews }) => previews.some(({ header }) => header.frameNumber === last)),
  );
  for (const { previews } of clients) expect(previews.length).toBeGreaterThan(40);
  await Promise.all(clients.map((client) => client[Symbol.asyncDispose]()));
}, 90_000);

test("a viewer that comes and goes 1,000 times costs the recording no frame, and leaves nothing behind", async () => {
  await using recording = new WatchedRecording();
  await recording.start();
  const descriptors = () => openFiles(recording.host.pid).length;
  const comeAndGo = async (times: number): Promise<void> => {
    for (let time = 0; time < times; time++) {
      await using _viewer = await WatchingClient.open(recording.url);
    }
  };
  await comeAndGo(200);
  await recording.more(15);
  const [bytes, files] = [recording.residentBytes, descriptors()];
  await comeAndGo(800);
  await recording.more(15);
  expect(recording.goneViewers()).toHaveLength(1000);
  expect(recording.residentBytes - bytes).toBeLessThan(30 * MB);
  expect(descriptors()).toBeLessThanOrEqual(files + 2); // the recording's own come and go
  await recording.expectWhole();
}, 90_000);
