import type { ErrorCode, RuntimeError } from "../errors.ts";
import type { CommandName } from "../protocol/commands.ts";
import type { UnaddressedStatus } from "./runtime-context.ts";

/** The command was understood and is refused. */
export function nack(command: CommandName | null, code: ErrorCode, error: string): UnaddressedStatus {
  return { status: "command_nack", payload: { command, success: false, error, code } };
}

/** The command succeeded and has no status of its own. */
export function ack(command: CommandName): UnaddressedStatus {
  return { status: "command_ack", payload: { command, success: true } };
}

/** The camera, the encoder or the disk failed. */
export function deviceError(deviceId: string | null, error: RuntimeError): UnaddressedStatus {
  return { status: "device_error", payload: { device_id: deviceId, error: error.message, code: error.code } };
}
