/** Stable words that a host can act on; they travel as `code` in `command_nack` and `device_error`. */
export type ErrorCode =
  // the command itself
  | "bad_json"
  | "bad_command"
  | "unknown_command"
  | "line_too_long"
  | "missing_command_id"
  // wrong state
  | "device_busy"
  | "no_device"
  | "camera_reconnecting"
  | "already_recording"
  | "not_recording"
  | "shutting_down"
  // camera
  | "camera_not_found"
  | "camera_busy"
  | "camera_unsupported"
  | "camera_unavailable"
  | "camera_failed"
  | "camera_lost"
  | "camera_stalled"
  | "first_frame_timeout"
  | "bad_source_file"
  // encoder
  | "encoder_unavailable"
  | "encoder_failed"
  // disk
  | "bad_session_dir"
  | "disk_full"
  | "disk_error"
  | "file_gone"
  // our own bug
  | "internal_error";

/** An expected failure: `message` says what, got and expected; `code` is stable. */
export class RuntimeError extends Error {
  override readonly name = "RuntimeError";
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

/** Any thrown value as a RuntimeError; what is not one already is our own bug or the system's word. */
export function toRuntimeError(thrown: unknown, code: ErrorCode = "internal_error"): RuntimeError {
  if (thrown instanceof RuntimeError) return thrown;
  return new RuntimeError(code, messageOf(thrown), { cause: thrown });
}

/** What any thrown value says. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** Text from outside for use in a message: one line, bounded. */
export function quote(text: string, charactersMax = 80): string {
  return JSON.stringify(shorten(text, charactersMax));
}

/** The text's beginning, where it is longer than `charactersMax`. */
export function shorten(text: string, charactersMax: number): string {
  return text.length > charactersMax ? `${text.slice(0, charactersMax)}…` : text;
}
