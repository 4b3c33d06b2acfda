import { expect, test } from "bun:test";
import { LogRecord } from "../../scripts/replay/log-record.ts";
import { type RecordedSession, readSession, splitSessions } from "../../scripts/replay/recorded-session.ts";
import { commandLine, stateLine, statusLine } from "./log-lines.ts";

const parse = (lines: readonly string[]) => lines.map((line) => LogRecord.parse(JSON.parse(line)));
const assign = { command: "assign_device", command_id: "a", device_id: "picam:0" };

/** Each event in a word, with its time. */
function story({ events }: RecordedSession): string[] {
  return events.map((event) => {
    switch (event.kind) {
      case "command":
        return `${event.atMs} ${event.command.name}`;
      case "reply":
        return `${event.atMs} reply ${event.count} to ${event.index}`;
      case "unasked":
        return `${event.atMs} ${event.said.status}`;
    }
  });
}

test("each ready begins a session, and what stands before the first is one without a beginning", () => {
  const sessions = splitSessions(
    parse([
      statusLine(0, "quitting", "q"),
      statusLine(1, "ready", null),
      commandLine(2, { command: "quit" }, "q"),
      statusLine(9, "ready", null),
    ]),
  );
  expect(sessions.map((records) => records.length)).toEqual([1, 2, 1]);
  expect(sessions.map((records) => readSession(records).isWhole)).toEqual([false, true, true]);
});

test("an acknowledgement that is logged before its command is heard after it", () => {
  const session = readSession(
    parse([
      statusLine(0, "ready", null),
      statusLine(5, "device_ack", "a"),
      commandLine(5, assign),
      stateLine(5, "a", "received"),
      statusLine(25, "device_ready", "a"),
    ]),
  );
  expect(story(session)).toEqual(["0 ready", "5 assign_device", "5 reply 0 to 0", "25 reply 1 to 0"]);
});

test("a reply belongs to the oldest command of its id without one, and a refusal without an id to the oldest without an id", () => {
  const session = readSession(
    parse([
      commandLine(0, assign),
      commandLine(1, {}, null),
      commandLine(2, assign),
      commandLine(3, { command: "nonsense" }, null),
      statusLine(4, "device_ready", "a"),
      statusLine(5, "command_nack", null, { code: "bad_json" }),
      statusLine(6, "device_ready", "a"),
      statusLine(7, "command_nack", null, { code: "unknown_command" }),
      statusLine(8, "device_ready", "never sent"),
    ]),
  );
  expect(story(session).slice(4)).toEqual(["4 reply 1 to 0", "5 reply 1 to 1", "6 reply 1 to 2", "7 reply 1 to 3"]);
  expect(session.dialogue.strays).toMatchObject([{ replyTo: "never sent" }]);
});

test("a pause is as long as it was, at most pauseMaxMs, and none where the clock was set back", () => {
  const log = [0, 1000, 500, 100_500].map((atMs) => commandLine(atMs, { command: "get_status" }, `at ${atMs}`));
  expect(story(readSession(parse(log)))).toEqual(["0", "1000", "1000", "101000"].map((at) => `${at} get_status`));
  expect(readSession(parse(log), 2000).durationMs).toBe(3000);
});
