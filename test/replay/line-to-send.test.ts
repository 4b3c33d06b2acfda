import { expect, test } from "bun:test";
import { lineToSend } from "../../scripts/replay/line-to-send.ts";
import { SessionPaths } from "../../scripts/replay/session-paths.ts";
import { LINE_BYTES_MAX } from "../../src/protocol/line-reader.ts";
import { parseCommandLine } from "../../src/protocol/parse-command.ts";

const paths = new SessionPaths("/tmp/replay");

type Payload = Readonly<Record<string, unknown>>;

function send(payload: Payload, id: string | null, code?: string) {
  const { command } = payload;
  const final = code === undefined ? [] : [{ status: "command_nack", payload: { code }, replyTo: undefined, atMs: 0 }];
  const record = {
    kind: "command" as const,
    timeMs: 0,
    name: typeof command === "string" ? command : null,
    id,
    payload,
  };
  return lineToSend(record, { atMs: 0, interim: [], final }, paths);
}

test("a command is sent with its id, or without one where the log's is made up", () => {
  const pause = { command: "pause" };
  expect(send({ ...pause, command_id: "mine" }, "mine")).toMatchObject({
    text: '{"command":"pause","command_id":"mine"}',
    id: "mine",
  });
  expect(send(pause, "pause_20260106_143052_001")).toMatchObject({ text: '{"command":"pause"}', id: undefined });
});

test.each<[string, string]>([
  ["/data/session_1", "/tmp/replay/data/session_1"],
  ["../../session_1", "/tmp/replay/session_1"],
  ["", ""],
])("session_dir %p is never the recorded place", (recorded, redirected) => {
  expect(JSON.parse(send({ command: "record", session_dir: recorded }, null).text)).toHaveProperty(
    "session_dir",
    redirected,
  );
});

test.each(["bad_json", "bad_command"])(
  "in the place of a line that is not in the log, one is sent that is refused as %s",
  (code) => {
    const { text, likeness } = send({}, null, code);
    expect(likeness).toBe("stand_in");
    expect(parseCommandLine(text)).toMatchObject({ ok: false, refused: { code } });
  },
);

test("in the place of a line that was too long, one that is too long is sent", () => {
  expect(send({}, null, "line_too_long").text.length).toBeGreaterThan(LINE_BYTES_MAX);
});

test("a command that the log holds in part is sent so, and told", () => {
  expect(send({ command: "nonsense", deep: ["…"] }, null).likeness).toBe("cut_off_in_log");
  expect(send({ command: "nonsense", text: "x".repeat(40_000) }, null).likeness).toBe("cut_off_in_log");
  expect(send({ command: "record", trial_label: "and so on…" }, null).likeness).toBe("as_logged");
});
