/**
 * What previews of 1456x1088 at 1/4 cost, and how old they are when they leave: `bun test/bench/preview.ts [--seconds 20]
 * [-- options of the program]`; `--json`: only the first part, as JSON. First the CPU time of a preview, in this process; then the real program with one viewer, idle
 * and recording at 30 frames/s: from the sensor's timestamp, and from the frame's arrival, to the message for the socket, and
 * to the viewer. The synthetic camera's frames arrive right after their timestamp, a real one's after exposure and readout.
 */
import { readdirSync, readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import type { CapturedFrame } from "../../src/capture/captured-frame.ts";
import { decodePreview } from "../../src/debug/preview-packet.ts";
import { monotonicNs } from "../../src/native/clocks.ts";
import { JpegEncoder } from "../../src/preview/jpeg-encoder.ts";
import type { JpegPicture } from "../../src/preview/jpeg-picture.ts";
import { previewSize } from "../../src/preview/preview-size.ts";
import { TemporaryDirectory } from "../log/temporary-directory.ts";
import { expectPayload } from "../support/expect-payload.ts";
import { FrameMaker } from "../support/frame-maker.ts";
import { ModuleProcess } from "../support/module-process.ts";
import { percentile } from "../support/percentile.ts";
import { cpuSeconds } from "../support/process-usage.ts";
import { assign, startRecording } from "../support/record.ts";

const SIZE = { width: 1456, height: 1088 };
const SETTINGS = { rate: 30, scale: 1 / 4, quality: 85 };
const PREVIEWS = 2000;
/** 76 MB. */
const PICTURES = 32;

const { values, positionals } = parseArgs({
  options: { seconds: { type: "string", default: "20" }, json: { type: "boolean", default: false } },
  allowPositionals: true,
});
const seconds = Number(values.seconds);
if (!(seconds > 0)) throw new Error(`--seconds: got ${values.seconds}, expected a number above 0`);

/** CPU time of the encoder's thread so far, ns: proc_pid_schedstat, first field. */
function encoderThreadNs(): number {
  const threads = readdirSync("/proc/self/task").filter((id) =>
    readFileSync(`/proc/self/task/${id}/comm`, "utf8").startsWith("csi-"),
  );
  return threads.reduce(
    (sum, id) => sum + Number(readFileSync(`/proc/self/task/${id}/schedstat`, "utf8").split(" ")[0]),
    0,
  );
}

async function costOfOne(): Promise<void> {
  // More than most processors' caches hold, each of them held to the end.
  const maker = new FrameMaker({ ...SIZE, pictures: PICTURES });
  const frames: CapturedFrame[] = Array.from({ length: PICTURES }, () => maker.next());
  let made = Promise.withResolvers<JpegPicture>();
  const settings = { ...SETTINGS, ...previewSize(SIZE, SETTINGS.scale) };
  await using encoder = new JpegEncoder(maker.info.format, settings, {
    onPicture: (picture) => made.resolve(picture),
    onFailure: (error) => made.reject(error),
  });
  let bytes = 0;
  const make = async (count: number): Promise<void> => {
    for (let index = 0; index < count; index++) {
      made = Promise.withResolvers();
      const frame = frames[index % frames.length];
      if (frame !== undefined) encoder.submit(frame);
      bytes += (await made.promise).jpeg.byteLength;
      while (!encoder.isFree) await Promise.resolve();
    }
  };
  await make(200);
  bytes = 0;
  const [startCpu, startThreadNs] = [process.cpuUsage(), encoderThreadNs()];
  await make(PREVIEWS);
  const { user, system } = process.cpuUsage(startCpu);
  const threadMs = (encoderThreadNs() - startThreadNs) / 1e6 / PREVIEWS;
  const processMs = (user + system) / 1000 / PREVIEWS;
  if (values.json) {
    console.log(JSON.stringify({ threadMs, processMs }));
    return;
  }
  console.log(`preview  ${(bytes / PREVIEWS / 1000).toFixed(1)} kB, ${PREVIEWS} of them made one after the other`);
  console.log(`CPU      ${threadMs.toFixed(3)} ms per preview in the encoder's thread (scale and JPEG)`);
  console.log(`         ${processMs.toFixed(3)} ms per preview in the whole process`);
}

interface Age {
  readonly sensorMs: number;
  readonly arrivalMs: number;
  readonly viewerMs: number;
}

async function agesWhile(host: ModuleProcess, url: string): Promise<Age[]> {
  const ages: Age[] = [];
  const socket = new WebSocket(url, ["csi-camera"]);
  socket.binaryType = "arraybuffer";
  socket.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
    const preview = data instanceof ArrayBuffer ? decodePreview(new Uint8Array(data)) : undefined;
    if (preview === undefined) return;
    const { sentNs, sensorTimestampNs, arrivedNs } = preview.header;
    const [sensorMs, arrivalMs, viewerMs] = [
      sentNs - sensorTimestampNs,
      sentNs - arrivedNs,
      monotonicNs() - sensorTimestampNs,
    ].map((ns) => Number(ns) / 1e6) as [number, number, number];
    ages.push({ sensorMs, arrivalMs, viewerMs });
  });
  const startCpu = cpuSeconds(host.pid);
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  const cpu = (cpuSeconds(host.pid) - startCpu) / seconds;
  socket.close();
  console.log(
    `         ${ages.length} previews in ${seconds} s, the program took ${(100 * cpu).toFixed(0)} % of a core`,
  );
  return ages;
}

function printAges(ages: readonly Age[]): void {
  for (const [what, key] of [
    ["sensor to message", "sensorMs"],
    ["arrival to message", "arrivalMs"],
    ["sensor to viewer", "viewerMs"],
  ] as const) {
    const of = ages.map((age) => age[key]);
    const line = [50, 95, 99, 100].map((percent) => `p${percent} ${percentile(of, percent).toFixed(2)} ms`);
    console.log(`         ${what.padEnd(19)} ${line.join(", ")}`);
  }
}

await costOfOne();
if (values.json) process.exit(0);
using directory = new TemporaryDirectory();
const socket = directory.file("viewer.sock");
const previews = ["--preview-fps", String(SETTINGS.rate), "--preview-scale", "1/4", "--debug-socket", socket];
const camera = ["--source", "synthetic", "--size", `${SIZE.width}x${SIZE.height}`, "--record-fps", "30"];
await using host = new ModuleProcess([...camera, ...previews, ...positionals]);
await assign(host);
const url = `ws+unix://${socket}:/ws`;
console.log("age      nothing recorded");
printAges(await agesWhile(host, url));
await startRecording(host, directory.path);
console.log("age      while recording");
printAges(await agesWhile(host, url));
const { ledger } = expectPayload(await host.ask("stop_recording"), "recording_stopped");
console.log(
  `frames   ${ledger.captured} captured, ${ledger.recorded} recorded, dropped ${JSON.stringify(ledger.dropped)}`,
);
expectPayload(await host.ask("quit"), "quitting");
