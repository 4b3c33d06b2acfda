import { type ErrorCode, quote, type RuntimeError, shorten } from "../errors.ts";
import type { CommandName } from "../protocol/commands.ts";
import type { RecordingWarning } from "../recording/recording-dependencies.ts";
import type { RuntimeContext, UnaddressedStatus } from "./runtime-context.ts";

/** Stable words that travel as `code` in `warning`. */
export type WarningCode =
  | RecordingWarning
  | "ledger_imbalance" // our own bug
  | "drops_unwritten" // the recording's list of drops has holes
  | "metadata_unwritten" // the recording's metadata file is not there, or not the last version
  | "log_unwritten" // a log file can't be written
  | "previews_left_out"; // the recording is behind and needs the buffers: frames are dropped next

/** Characters; the longest that still fits a line of 64 KiB, twice and escaped, with a path beside it. */
const SENTENCE_MAX = 1000;

/** The command was understood and is refused. */
export function nack(command: CommandName | null, code: ErrorCode, error: string): UnaddressedStatus {
  return { status: "command_nack", payload: { command, success: false, error: shorten(error, SENTENCE_MAX), code } };
}

/** The command needs a camera, and there is none. */
export function noCamera({ device }: Pick<RuntimeContext, "device">, command: CommandName): UnaddressedStatus {
  if (device === undefined) return nack(command, "no_device", "no device is assigned, expected assign_device first");
  const error = `${quote(device.deviceId)} failed and is being opened again, expected device_ready first`;
  return nack(command, "camera_reconnecting", error);
}

/** The command succeeded and has no status of its own. */
export function ack(command: CommandName): UnaddressedStatus {
  return { status: "command_ack", payload: { command, success: true } };
}

/** The camera, the encoder or the disk failed. */
export function deviceError(deviceId: string | null, error: RuntimeError): UnaddressedStatus {
  return {
    status: "device_error",
    payload: { device_id: deviceId, error: shorten(error.message, SENTENCE_MAX), code: error.code },
  };
}

/** Something was survived. */
export function warning(code: WarningCode, message: string): UnaddressedStatus {
  return { status: "warning", payload: { message: shorten(message, SENTENCE_MAX), code } };
}
