import { TemporaryDirectory } from "../../log/temporary-directory.ts";
import { AskingHost } from "./asking-host.ts";
import type { Measure } from "./measure.ts";

const REPLY_MS = 5;
/** Commands are not to keep step with the frames. */
const PAUSE_MS_MAX = 10;

/** From a command to its reply, where nothing has to be waited for: with no camera, and while `recordingArgs` are recorded. */
export async function measureCommands(commandCount: number, recordingArgs: readonly string[]): Promise<Measure[]> {
  using directory = new TemporaryDirectory();
  const session_dir = directory.file("session_1");
  const questions = [
    ["get_status", {}],
    ["start_session", { session_dir }],
    ["get_geometry", {}],
    ["show_window", {}],
    ["hide_window", {}],
  ] as const;
  const askAll = async (host: AskingHost, pauseMsMax: number): Promise<number[]> => {
    const values: number[] = [];
    while (values.length < commandCount) {
      for (const [command, fields] of questions) {
        values.push((await host.ask(command, fields)).ms);
        if (pauseMsMax > 0) await Bun.sleep(Math.random() * pauseMsMax);
      }
    }
    return values;
  };
  await using host = await AskingHost.start(recordingArgs);
  const target = { percent: 99, limit: REPLY_MS } as const;
  const idle: Measure = { name: "command to reply, idle", unit: "ms", values: await askAll(host, 0), target };
  // What the machine's other work costs who was asleep.
  const paced: Measure = {
    name: "command to reply, idle, at the pace of the next",
    unit: "ms",
    values: await askAll(host, PAUSE_MS_MAX),
  };
  await host.expect("device_ready", "assign_device", { device_id: "picam:0" });
  await host.expect("recording_started", "record", { session_dir });
  const values = await askAll(host, PAUSE_MS_MAX);
  await host.expect("recording_stopped", "pause");
  return [idle, paced, { name: "command to reply, recording", unit: "ms", values, target }];
}
