import type { CommandName } from "./commands.ts";
import { compactLocalTime } from "./local-time.ts";

const ACTIONS: Record<CommandName, string> = {
  assign_device: "assign",
  unassign_device: "unassign",
  start_recording: "rec",
  stop_recording: "stop",
  start_session: "session",
  stop_session: "endsession",
  quit: "quit",
};

/** Makes up ids for commands that came without one: `{action}_{timestamp}_{sequence}`, e.g. `rec_20260106_143052_001`. */
export class CommandIdMaker {
  #sequence = 0;

  next(command: CommandName, now = new Date()): string {
    this.#sequence++;
    const sequence = String(this.#sequence).padStart(3, "0");
    return `${ACTIONS[command]}_${compactLocalTime(now)}_${sequence}`;
  }
}
