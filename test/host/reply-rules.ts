import type { StatusLine } from "../../src/protocol/statuses.ts";

/** What may answer a command that was done, or failed; `command_nack` may answer any. */
const FINAL_REPLIES: Readonly<Record<string, readonly string[]>> = {
  assign_device: ["device_ready", "device_error"],
  unassign_device: ["device_unassigned", "device_error"],
  unassign_all_devices: ["device_unassigned", "device_error"],
  start_recording: ["recording_started", "device_error"],
  record: ["recording_started", "device_error"],
  stop_recording: ["recording_stopped", "device_error"],
  pause: ["recording_stopped", "device_error"],
  start_session: ["command_ack"],
  stop_session: ["recording_stopped", "command_ack", "device_error"],
  take_snapshot: ["snapshot_taken"],
  get_status: ["status_report"],
  set_log_level: ["command_ack"],
  get_geometry: ["command_ack"],
  show_window: ["command_ack"],
  hide_window: ["command_ack"],
  quit: ["quitting"],
};

/** May come without anybody having asked. */
export const UNASKED = ["ready", "device_ready", "device_error", "recording_stopped", "warning", "quitting"];
/** Nobody can ask for these. */
export const NEVER_ASKED = ["ready", "warning"];

/** Whether the status may be the final reply to a command of this name; undefined: to a line that is none. */
export function mayAnswer(command: string | undefined, { status, data }: StatusLine): boolean {
  const isNamed = data["command"] === command || data["command"] === null;
  if (status === "command_nack") return isNamed;
  if (command === undefined) return false;
  if (command.startsWith("xbee_")) return status === "command_ack" && isNamed;
  return (FINAL_REPLIES[command] ?? []).includes(status) && (status !== "command_ack" || isNamed);
}

/** How the module names a command that came without an id: `{action}_{timestamp}_{sequence}`. */
export function isMadeUpId(id: string): boolean {
  return /^[a-z]+_\d{8}_\d{6}_\d{3,}$/.test(id);
}
