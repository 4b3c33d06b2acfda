/** A line that is no command: what it is, its bytes without the line end, the answer's code, how the answer tells what it got, and the id that it carries. */
export type BadLine = readonly [what: string, bytes: string | Uint8Array, code: string, got: RegExp, id?: string];

const ID = "rec_20260106_143052_001";

const line = (fields: object): string => JSON.stringify({ command_id: ID, ...fields });
const assign = (fields: object): string => line({ command: "assign_device", ...fields });
const start = (fields: object): string => line({ command: "start_recording", ...fields });

export const BAD_LINES: readonly BadLine[] = [
  ["no JSON", "start the camera", "bad_json", /got "start the camera"/],
  ["half of a JSON object", '{"command":', "bad_json", /got "{\\"command\\":"/],
  ["two objects in a line", "{}{}", "bad_json", /got "{}{}"/],
  ["JSON with a raw NUL", '{"command":"stop\0"}', "bad_json", /got "/],
  ["only NULs", "\0\0\0", "bad_json", /got "\\u0000/],
  ["invalid UTF-8", Uint8Array.of(0x7b, 0xff, 0xfe, 0x7d), "bad_json", /got a line of 4 bytes that is not UTF-8/],
  ["a number", "42", "bad_command", /got a number/],
  ["an array", "[1]", "bad_command", /got an array/],
  ["null", "null", "bad_command", /got null/],
  ["a string", '"quit"', "bad_command", /got a string/],
  ["no command", "{}", "bad_command", /no "command"/],
  ["a command that is a number", line({ command: 7 }), "bad_command", /"command" is a number/, ID],
  ["a command that is null", line({ command: null }), "bad_command", /"command" is null/, ID],
  ["an unknown command", line({ command: "reboot" }), "unknown_command", /unknown command "reboot"/, ID],
  ["__proto__", '{"__proto__":{"command":"quit"}}', "bad_command", /no "command"/],
  ["no device_id", assign({}), "bad_command", /device_id: .*got nothing/, ID],
  ["a device_id that is a number", assign({ device_id: 5 }), "bad_command", /device_id: .*got 5/, ID],
  ["an empty device_id", assign({ device_id: "" }), "bad_command", /device_id: .*got ""/, ID],
  ["a huge device_id", assign({ device_id: "x".repeat(500_000) }), "bad_command", /device_id: .*got "x{20,80}…"/, ID],
  ["a NUL in the device_id", assign({ device_id: "a\0b" }), "bad_command", /device_id: .*NUL.*got "a\\u0000b"/, ID],
  ["a camera_index below 0", assign({ device_id: "a", camera_index: -1 }), "bad_command", /camera_index: .*got -1/, ID],
  ["a session_dir that is an object", start({ session_dir: {} }), "bad_command", /session_dir: .*got an object/, ID],
  [
    "a session_dir with a NUL",
    line({ command: "start_session", session_dir: "/tmp/a\0b" }),
    "bad_command",
    /session_dir: .*NUL/,
    ID,
  ],
  ["a trial_number that is text", start({ trial_number: "one" }), "bad_command", /trial_number: .*got "one"/, ID],
  ["half a trial", start({ trial_number: 1.5 }), "bad_command", /trial_number: .*got 1\.5/, ID],
  [
    "an endless trial_number",
    '{"command":"start_recording","trial_number":1e999}',
    "bad_command",
    /trial_number: .*got Infinity/,
  ],
  ["a trial_label that is a list", start({ trial_label: [] }), "bad_command", /trial_label: .*got an array/, ID],
  ["a command_id that is a number", '{"command":"stop_session","command_id":5}', "bad_command", /command_id: .*got 5/],
  [
    "a command_id that is too long",
    JSON.stringify({ command: "quit", command_id: "x".repeat(100_000) }),
    "bad_command",
    /command_id: /,
  ],
];
