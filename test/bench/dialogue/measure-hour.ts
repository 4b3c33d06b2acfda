import { writeFileSync } from "node:fs";
import { TemporaryDirectory } from "../../log/temporary-directory.ts";
import { AskingHost } from "./asking-host.ts";
import type { Measure } from "./measure.ts";

const STOPPED_MS = 500;
const HOUR_FRAMES = 3600 * 60;
const [WIDTH, HEIGHT] = [64, 48];

/** From `pause` to `recording_stopped` after an hour of 60 frames/s, made as fast as it is recorded; so many times. */
export async function measureHour(hours: number, onProgress: (text: string) => void): Promise<Measure[]> {
  const values: number[] = [];
  for (let count = 0; count < hours; count++) values.push(await stopMs(onProgress));
  return [{ name: "pause after an hour", unit: "ms", values, target: { percent: 99, limit: STOPPED_MS } }];
}

async function stopMs(onProgress: (text: string) => void): Promise<number> {
  using directory = new TemporaryDirectory();
  const source = directory.file("source.y4m");
  writeFileSync(source, pictures(60));
  await using host = await AskingHost.start([
    ...["--source", `replay:${source},pace=free`, "--capture-fps", "60", "--record-fps", "60"],
  ]);
  await host.expect("device_ready", "assign_device", { device_id: "picam:0" });
  const begun = performance.now();
  await host.expect("recording_started", "record", { session_dir: directory.file("session_1") });
  for (;;) {
    await Bun.sleep(500);
    const { payload } = await host.expect("status_report", "get_status");
    const recorded = payload.recording?.ledger.recorded ?? 0;
    if (recorded >= HOUR_FRAMES) break;
  }
  const { ms, payload } = await host.expect("recording_stopped", "pause");
  const seconds = ((performance.now() - begun) / 1000).toFixed(0);
  const { recorded, dropped } = payload.ledger;
  onProgress(`an hour: ${recorded} frames recorded in ${seconds} s, dropped: ${JSON.stringify(dropped)}`);
  return ms;
}

/** A Y4M file of noise that moves. */
function pictures(count: number): Buffer {
  const parts = [Buffer.from(`YUV4MPEG2 W${WIDTH} H${HEIGHT} F60:1 Ip A1:1 C420\n`)];
  const noise = Buffer.from(Array.from({ length: (WIDTH * HEIGHT * 3) / 2 }, (_, index) => (index * 7919) % 251));
  for (let number = 0; number < count; number++) {
    const at = (number * 97) % noise.length;
    parts.push(Buffer.from("FRAME\n"), noise.subarray(at), noise.subarray(0, at));
  }
  return Buffer.concat(parts);
}
