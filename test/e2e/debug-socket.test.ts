import { expect, test } from "bun:test";
import { cpSync, existsSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import type { ModuleSnapshot } from "../../src/telemetry/module-snapshot.ts";
import { DeafViewer } from "../debug/deaf-viewer.ts";
import { WatchingClient } from "../debug/watching-client.ts";
import { TemporaryDirectory } from "../log/temporary-directory.ts";
import { waitUntil } from "../log/wait-until.ts";
import { ModuleProcess } from "../support/module-process.ts";
import { assign, record, startRecording } from "../support/record.ts";

/** The viewer's URL, once it is open. */
async function urlOf(host: ModuleProcess, path: string): Promise<string> {
  await host.waitFor("ready", ({ status }) => status === "ready");
  return `ws+unix://${path}:/ws`;
}

const TOKEN = "correct horse battery staple";
const SYNTHETIC = ["--source", "synthetic", "--size", "320x240"];

test("a viewer follows a dialogue from before it came to the end, and what texts hold is text", async () => {
  using directory = new TemporaryDirectory();
  const path = directory.file("viewer.sock");
  await using host = new ModuleProcess([...SYNTHETIC, "--debug-socket", path]);
  await assign(host);
  await using viewer = await WatchingClient.open(`ws+unix://${path}:/ws`);
  await record(host, directory.path, 10, { trial_label: "<img src=x onerror=alert(1)>" });
  await host.ask("frobnicate");
  host.sendBytes("no JSON\n");
  await host.waitFor("its reply", (status) => status.status === "command_nack" && status.in_reply_to === undefined);
  await waitUntil("pictures", () => viewer.previews.length >= 3);
  await host.ask("quit");
  await waitUntil("the end", () => viewer.closing !== undefined);
  expect(viewer.traffic.map(({ sequence }) => sequence)).toEqual(viewer.traffic.map((_entry, index) => index + 1));
  expect(viewer.traffic.map(({ direction, name }) => `${direction} ${name}`)).toEqual([
    "out ready",
    "in assign_device",
    "out device_ready",
    "in start_recording",
    "out recording_started",
    "in stop_recording",
    "out recording_stopped",
    "in frobnicate",
    "out command_nack",
    "in null",
    "out command_nack",
    "in quit",
    "out quitting",
  ]);
  const started = viewer.traffic.find(({ name }) => name === "start_recording");
  expect(started?.payload).toMatchObject({ trial_label: "<img src=x onerror=alert(1)>" });
  const replies = viewer.traffic.filter(({ id }) => id === started?.id);
  expect(replies.map(({ name }) => name)).toEqual(["start_recording", "recording_started"]);
  const monotonic = viewer.traffic.map(({ monotonic_ms }) => monotonic_ms);
  expect(monotonic).toEqual(monotonic.toSorted((a, b) => a - b));
  const numbers = viewer.previews.map(({ header }) => header.frameNumber);
  expect(numbers).toEqual([...new Set(numbers)].toSorted((a, b) => a - b));
  expect(viewer.previews[0]?.header).toMatchObject({ width: 80, height: 60 });
  expect(existsSync(path)).toBe(false);
}, 30_000);

test("the snapshots tell what the module is doing, and who watches it", async () => {
  using directory = new TemporaryDirectory();
  const path = directory.file("viewer.sock");
  await using host = new ModuleProcess([...SYNTHETIC, "--debug-socket", path, "--preview-fps", "10"]);
  await using viewer = await WatchingClient.open(await urlOf(host, path));
  const told = (what: string, fits: (snapshot: ModuleSnapshot) => boolean) =>
    waitUntil(what, () => viewer.snapshots.some(({ snapshot }) => fits(snapshot)), 15_000);
  await told("idle", ({ state, camera, viewers }) => state === "idle" && camera === null && viewers.count === 1);
  await assign(host);
  await told("a camera", ({ state, camera }) => state === "streaming" && camera?.width === 320);
  await told("previews", ({ rates: { display } }) => display.actual > 0 && display.target === 10);
  await startRecording(host, directory.path);
  await told("a recording", ({ state, recording }) => state === "recording" && (recording?.ledger.recorded ?? 0) > 0);
  const { viewers } = viewer.snapshots.at(-1)?.snapshot ?? {};
  expect(viewers).toMatchObject({ count: 1, previews_dropped: 0 });
  expect(viewers?.previews_sent).toBeWithin(1, viewer.previews.length + 2);
}, 40_000);

test("a viewer that reads nothing does not keep the module from ending", async () => {
  using directory = new TemporaryDirectory();
  const path = directory.file("viewer.sock");
  await using host = new ModuleProcess([...SYNTHETIC, "--debug-socket", path, "--preview-fps", "30"]);
  await assign(host);
  using _deaf = await DeafViewer.open({ path });
  await record(host, directory.path, 30);
  const startMs = performance.now();
  host.kill("SIGTERM");
  expect(await host.ending()).toMatchObject({ exitCode: 0 });
  expect(performance.now() - startMs).toBeLessThan(5000);
}, 30_000);

test("the token of the environment opens it, and is in no log", async () => {
  using directory = new TemporaryDirectory();
  const logDir = directory.file("log");
  const args = [...SYNTHETIC, "--debug-socket", "[::1]:0", "--log-dir", logDir, "--log-level", "trace"];
  await using host = new ModuleProcess(args, { env: { CSI_CAMERA_DEBUG_TOKEN: TOKEN } });
  await assign(host);
  const log = () => readFileSync(join(logDir, "csicameras.log"), "utf8");
  await waitUntil("the URL in the log", () => existsSync(join(logDir, "csicameras.log")) && log().includes('"url"'));
  const url = /"url":"http(:[^"]+)"/.exec(log())?.[1] ?? "";
  await using viewer = await WatchingClient.open(`ws${url}ws`, TOKEN);
  expect(viewer.hello).toBeDefined();
  await expect(WatchingClient.open(`ws${url}ws`)).rejects.toThrow("was closed");
  await host.ask("quit");
  const { stderr } = await host.ending();
  expect(stderr).toBe("");
  for (const file of ["csicameras.log", "commands.jsonl"]) {
    expect(readFileSync(join(logDir, file), "utf8")).not.toContain(TOKEN);
  }
}, 30_000);

test("without libcsi_image the viewer works without pictures, says why, and the recording goes on", async () => {
  using directory = new TemporaryDirectory();
  const project = join(import.meta.dir, "../..");
  for (const part of ["src", "package.json", "shim/build/libcsi_x264.so"]) {
    cpSync(join(project, part), directory.file(part), { recursive: true });
  }
  symlinkSync(join(project, "node_modules"), directory.file("node_modules"));
  const path = directory.file("viewer.sock");
  const logDir = directory.file("log");
  const main = directory.file("src/main.ts");
  await using host = new ModuleProcess([...SYNTHETIC, "--debug-socket", path, "--log-dir", logDir], { main });
  await assign(host);
  await using viewer = await WatchingClient.open(`ws+unix://${path}:/ws`);
  const { ledger } = await record(host, directory.path, 30);
  expect(ledger.dropped).toEqual({});
  await waitUntil("the reason", () => viewer.snapshots.some(({ preview_error: error }) => error !== null));
  const reason = viewer.snapshots.at(-1)?.preview_error;
  expect(reason).toContain("the image library is not built");
  expect(viewer.previews).toEqual([]);
  await host.ask("quit");
  await host.ending();
  const log = readFileSync(join(logDir, "csicameras.log"), "utf8");
  expect(log.split("\n").filter((line) => line.includes("the viewer has no pictures"))).toHaveLength(1);
}, 30_000);
