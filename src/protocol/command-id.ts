import { type CommandName, isXbeeName, type XbeeName } from "./commands.ts";
import { compactLocalTime } from "./local-time.ts";

const ACTIONS: Record<Exclude<CommandName, XbeeName>, string> = {
  assign_device: "assign",
  unassign_device: "unassign",
  unassign_all_devices: "unassignall",
  start_recording: "rec",
  record: "record",
  stop_recording: "stop",
  pause: "pause",
  start_session: "session",
  stop_session: "endsession",
  take_snapshot: "snapshot",
  get_status: "status",
  set_log_level: "loglevel",
  get_geometry: "geometry",
  show_window: "show",
  hide_window: "hide",
  quit: "quit",
};

/** Makes up ids for commands that came without one: `{action}_{timestamp}_{sequence}`, e.g. `rec_20260106_143052_001`. */
export class CommandIdMaker {
  #sequence = 0;

  next(command: CommandName, now = new Date()): string {
    this.#sequence++;
    const sequence = String(this.#sequence).padStart(3, "0");
    const action = isXbeeName(command) ? "xbee" : ACTIONS[command];
    return `${action}_${compactLocalTime(now)}_${sequence}`;
  }
}
