import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { COMMAND_NAMES } from "../../src/protocol/commands.ts";
import { parseCommandLine, type RefusedLine } from "../../src/protocol/parse-command.ts";

function refused(line: unknown): RefusedLine {
  const parsed = parseCommandLine(typeof line === "string" ? line : JSON.stringify(line));
  if (parsed.ok) throw new Error(`was taken: ${JSON.stringify(parsed.command)}`);
  return parsed.refused;
}

/** What every refusal must be: one short line that says what was got and what is expected. */
function expectReadable({ error }: RefusedLine): void {
  expect(error).not.toMatch(/[\n\r]/);
  expect(Buffer.byteLength(error)).toBeLessThan(2048);
  expect(error).toMatch(/\bgot\b|unknown command|"command" is|no "command"/);
  expect(error).toMatch(/expected|at most|at least|contains a NUL|>=|<=|Too (big|small)/);
}

describe("parseCommandLine takes", () => {
  const good: [Record<string, unknown>, Record<string, unknown>][] = [
    [{ command: "stop_recording" }, {}],
    [{ command: "quit", command_id: "quit_20260106_143052_001", timestamp: "2026-01-06T14:30:52" }, {}],
    [{ command: "start_recording", session_dir: null, trial_number: null, trial_label: null }, {}],
    [{ command: "start_recording", session_dir: "/d", trial_number: -3, trial_label: "" }, { trial_number: -3 }],
    [{ command: "start_recording", trial_label: 'any "text"\n, 漢字 📷' }, { trial_label: 'any "text"\n, 漢字 📷' }],
    [{ command: "assign_device", device_id: "picam:0", camera_type: "picam", camera_index: 0 }, { camera_index: 0 }],
    [{ command: "assign_device", device_id: "x", camera_stable_id: "", display_name: null }, { device_id: "x" }],
    [{ command: "unassign_device", device_id: "" }, {}],
    [{ command: "start_session", session_dir: `/${"x".repeat(4095)}` }, {}],
    [{ command: "stop_session", anything: [{ else: 1 }] }, {}],
  ];
  for (const [line, expected] of good) {
    test(JSON.stringify(line).slice(0, 100), () => {
      const parsed = parseCommandLine(JSON.stringify(line));
      expect(parsed).toMatchObject({ ok: true, command: { command: line["command"], ...expected } });
    });
  }

  test("an empty text as not known", () => {
    const parsed = parseCommandLine(
      '{"command":"assign_device","device_id":"x","camera_stable_id":"","display_name":""}',
    );
    expect(parsed.ok && { ...parsed.command }).not.toMatchObject({ camera_stable_id: "" });
  });
});

describe("parseCommandLine refuses", () => {
  const id = "x_20260106_143052_001";
  const assign = { command: "assign_device", command_id: id, device_id: "picam:0" };
  const record = { command: "start_recording", command_id: id };
  const bad: [string, unknown, string, string | undefined, string[]][] = [
    ["what is not JSON", "{oops", "bad_json", undefined, ["{oops"]],
    ["an empty line", "", "bad_json", undefined, []],
    ["two objects", '{"command":"quit"}{"command":"quit"}', "bad_json", undefined, []],
    ["JSON with a comment", '{"command":"quit"} // now', "bad_json", undefined, []],
    ["deeply nested text", "[".repeat(100_000), "bad_json", undefined, []],
    ["an array", [], "bad_command", undefined, ["an array"]],
    ["null", "null", "bad_command", undefined, ["null"]],
    ["a number", "42", "bad_command", undefined, ["a number"]],
    ["a text", '"quit"', "bad_command", undefined, ["a string"]],
    ["true", "true", "bad_command", undefined, ["a boolean"]],
    ["an object without command", { command_id: id }, "bad_command", id, ['no "command"', "quit"]],
    ["a command that is a number", { command: 7, command_id: id }, "bad_command", id, ["a number"]],
    ["a command that is null", { command: null, command_id: id }, "bad_command", id, ["null"]],
    ["an unknown command", { command: "dance", command_id: id }, "unknown_command", id, ["dance", "start_recording"]],
    ["a command in capitals", { command: "QUIT" }, "unknown_command", undefined, ["QUIT"]],
    ["a name of objects' own", { command: "constructor" }, "unknown_command", undefined, ["constructor"]],
    ["an unknown command of many words", { command: "x".repeat(60_000) }, "unknown_command", undefined, ["xxx"]],
    ["assign without device_id", { ...assign, device_id: undefined }, "bad_command", id, ["device_id", "nothing"]],
    ["device_id null", { ...assign, device_id: null }, "bad_command", id, ["device_id", "null"]],
    ["device_id empty", { ...assign, device_id: "" }, "bad_command", id, ["device_id"]],
    ["device_id a number", { ...assign, device_id: 0 }, "bad_command", id, ["device_id", "got 0"]],
    ["device_id too long", { ...assign, device_id: "x".repeat(201) }, "bad_command", id, ["device_id", "200"]],
    ["camera_index negative", { ...assign, camera_index: -1 }, "bad_command", id, ["camera_index", "got -1"]],
    ["camera_index in parts", { ...assign, camera_index: 0.5 }, "bad_command", id, ["camera_index", "got 0.5"]],
    ["camera_type a number", { ...assign, camera_type: 3 }, "bad_command", id, ["camera_type", "string", "got 3"]],
    [
      "display_name too long",
      { ...assign, display_name: "x".repeat(1025) },
      "bad_command",
      id,
      ["display_name", "1024"],
    ],
    ["session_dir a number", { ...record, session_dir: 5 }, "bad_command", id, ["session_dir", "string", "got 5"]],
    ["session_dir a list", { ...record, session_dir: ["/d"] }, "bad_command", id, ["session_dir", "an array"]],
    ["session_dir empty", { ...record, session_dir: "" }, "bad_command", id, ["session_dir"]],
    ["session_dir with a NUL", { ...record, session_dir: "/d\0/e" }, "bad_command", id, ["session_dir", "NUL"]],
    ["session_dir too long", { ...record, session_dir: "/".repeat(4097) }, "bad_command", id, ["session_dir", "4096"]],
    ["trial_number a text", { ...record, trial_number: "1" }, "bad_command", id, ["trial_number", "number"]],
    ["trial_number in parts", { ...record, trial_number: 1.5 }, "bad_command", id, ["trial_number", "got 1.5"]],
    ["trial_number huge", { ...record, trial_number: 1e300 }, "bad_command", id, ["trial_number"]],
    ["trial_label an object", { ...record, trial_label: {} }, "bad_command", id, ["trial_label", "an object"]],
    ["trial_label too long", { ...record, trial_label: "x".repeat(1025) }, "bad_command", id, ["trial_label", "1024"]],
    [
      "start_session without session_dir",
      { command: "start_session", command_id: id },
      "bad_command",
      id,
      ["session_dir"],
    ],
    ["an id that is a number", { command: "quit", command_id: 7 }, "bad_command", undefined, ["command_id", "got 7"]],
    [
      "an id that is too long",
      { command: "quit", command_id: "x".repeat(201) },
      "bad_command",
      undefined,
      ["command_id"],
    ],
  ];
  for (const [what, line, code, commandId, words] of bad) {
    test(what, () => {
      const got = refused(line);
      expect({ code: got.code, commandId: got.commandId }).toEqual({ code: code as typeof got.code, commandId });
      for (const word of words) expect(got.error).toContain(word);
      expectReadable(got);
    });
  }

  test("many wrong fields at once in a line below 2 kB", () => {
    const nasty = "\u0001".repeat(2000);
    const fields = ["device_id", "camera_type", "camera_stable_id", "camera_hw_model", "display_name"];
    expectReadable(refused({ command: "assign_device", ...Object.fromEntries(fields.map((field) => [field, nasty])) }));
  });

  test("with the object for the command log, where there is one", () => {
    expect(refused({ command: "dance", step: 2 }).payload).toEqual({ command: "dance", step: 2 });
    expect(refused("[1]").payload).toBeUndefined();
  });
});

describe("parseCommandLine of anything", () => {
  const expectEither = (line: string): void => {
    const parsed = parseCommandLine(line);
    if (parsed.ok) expect<readonly string[]>(COMMAND_NAMES).toContain(parsed.command.command);
    else expectReadable(parsed.refused);
  };

  test("never throws: text", () => {
    fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 300 }), expectEither), { numRuns: 300 });
  });

  test("never throws: JSON", () => {
    fc.assert(fc.property(fc.json(), expectEither), { numRuns: 300 });
  });

  test("never throws: commands with fields of any kind", () => {
    const names = [
      "device_id",
      "camera_type",
      "camera_index",
      "session_dir",
      "trial_number",
      "trial_label",
      "command_id",
      "display_name",
      "__proto__",
    ];
    const value = fc.oneof(fc.jsonValue(), fc.string({ maxLength: 3000 }), fc.integer(), fc.double());
    const fields = fc.dictionary(fc.constantFrom(...names), value);
    const lines = fc
      .tuple(fc.constantFrom(...COMMAND_NAMES), fields)
      .map(([command, rest]) => JSON.stringify({ ...rest, command }));
    fc.assert(fc.property(lines, expectEither), { numRuns: 500 });
  });

  test("reads the id of every object that has one", () => {
    const ids = fc.string({ minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(ids, fc.jsonValue(), (commandId, command) => {
        const parsed = parseCommandLine(JSON.stringify({ command, command_id: commandId }));
        expect(parsed.ok ? parsed.command.command_id : parsed.refused.commandId).toBe(commandId);
      }),
    );
  });
});
