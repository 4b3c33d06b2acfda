import { TemporaryDirectory } from "../../log/temporary-directory.ts";
import { pathsOf } from "../../support/record.ts";
import { readTimingFile } from "../../support/timing-file.ts";
import { AskingHost } from "./asking-host.ts";
import type { Measure } from "./measure.ts";

const UNASSIGNED_MS = 900;
const EXITED_MS = 1000;
/** Of a frame duration: what arrival times differ by on a machine that is not busy. */
const TOLERANCE = 0.1;

/** How soon a recording begins, and how soon one that goes on lets go. `frameRate`: of `args`. */
export async function measureRecordings(
  repeats: number,
  args: readonly string[],
  frameRate: number,
): Promise<Measure[]> {
  using directory = new TemporaryDirectory();
  const starts = await measureStarts(repeats, args, directory.file("session_starts"), frameRate);
  const unassigned: number[] = [];
  const exited: number[] = [];
  for (let count = 0; count < repeats; count++) {
    await using host = await AskingHost.start(args);
    await recordForAWhile(host, directory.file("session_unassigned"));
    unassigned.push((await host.expect("device_unassigned", "unassign_all_devices")).ms);
    await recordForAWhile(host, directory.file("session_quit"));
    const before = performance.now();
    await host.expect("quitting", "quit");
    const exitCode = await host.exited;
    exited.push(performance.now() - before);
    if (exitCode !== 0) throw new Error(`got exit code ${exitCode}, expected 0`);
  }
  const percent = 99;
  return [
    ...starts,
    {
      name: "unassign_all_devices while recording",
      unit: "ms",
      values: unassigned,
      target: { percent, limit: UNASSIGNED_MS },
    },
    { name: "quit while recording to the exit", unit: "ms", values: exited, target: { percent, limit: EXITED_MS } },
  ];
}

async function measureStarts(
  repeats: number,
  args: readonly string[],
  session_dir: string,
  frameRate: number,
): Promise<Measure[]> {
  await using host = await AskingHost.start(args);
  await host.expect("device_ready", "assign_device", { device_id: "picam:0" });
  const [started, firstFrame, passed]: [number[], number[], number[]] = [[], [], []];
  for (let count = 0; count < repeats; count++) {
    // At any time between two frames.
    await Bun.sleep((Math.random() * 1000) / frameRate);
    const reply = await host.expect("recording_started", "record", { session_dir });
    await Bun.sleep(300);
    await host.expect("recording_stopped", "pause");
    const arrivalNs = firstArrivalNs(reply.payload.video_path);
    started.push(reply.ms);
    firstFrame.push(Number(arrivalNs - reply.sentNs) / 1e6);
    passed.push(passedFrames(reply.sentNs, arrivalNs, frameRate));
  }
  return [
    { name: "record to recording_started", unit: "ms", values: started },
    { name: "record to the first recorded frame", unit: "ms", values: firstFrame },
    { name: "frames passed by since record", unit: "frames", values: passed, target: { percent: 99, limit: 0 } },
  ];
}

/** When the first recorded frame reached the module, CLOCK_MONOTONIC. */
function firstArrivalNs(videoPath: string): bigint {
  const [first] = readTimingFile(pathsOf(videoPath).timing).rows;
  if (first === undefined) throw new Error(`${videoPath} has no row`);
  return BigInt(first.recordTimeMono.replace(".", ""));
}

/** How many frames reached the module after `sinceNs` and before the first recorded one. */
function passedFrames(sinceNs: bigint, firstNs: bigint, frameRate: number): number {
  const durations = (Number(firstNs - sinceNs) / 1e9) * frameRate;
  return Math.max(0, Math.ceil(durations - TOLERANCE) - 1);
}

async function recordForAWhile(host: AskingHost, session_dir: string): Promise<void> {
  await host.expect("device_ready", "assign_device", { device_id: "picam:0" });
  await host.expect("recording_started", "record", { session_dir });
  await Bun.sleep(1000);
}
