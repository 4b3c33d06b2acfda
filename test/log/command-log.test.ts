import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { CommandLog } from "../../src/log/command-log.ts";
import { openLogs } from "../../src/log/open-logs.ts";
import { parseRecord } from "./parse-record.ts";
import { TemporaryDirectory } from "./temporary-directory.ts";

/** What `commands.jsonl` holds after these calls. */
async function logged(write: (log: CommandLog) => void): Promise<string[]> {
  using directory = new TemporaryDirectory();
  const logs = await openLogs({ level: "info", consoleLogging: false, logDir: directory.path });
  write(new CommandLog(logs.commands));
  await logs.close();
  return readFileSync(directory.file("commands.jsonl"), "utf8").trimEnd().split("\n");
}

const ISO_TIME = /"ts":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"/;

test("CommandLog tells a command's whole story, in the contract's words and order", async () => {
  const id = "rec_20260106_143052_001";
  const records = await logged((log) => {
    log.received(id, "start_recording", { command: "start_recording", trial_number: 1 });
    log.processing(id, 0.25);
    log.sent("recording_started", id, { camera_id: "picam:0" });
    log.completed(id, 12.34567);
    log.failed("other", 3);
  });
  for (const record of records) expect(record).toMatch(ISO_TIME);
  expect(records.map((record) => record.replace(ISO_TIME, '"ts":T'))).toEqual([
    `{"ts":T,"dir":"in","cmd":"start_recording","id":"${id}","payload":{"command":"start_recording","trial_number":1}}`,
    `{"ts":T,"id":"${id}","state":"received","duration_ms":0}`,
    `{"ts":T,"id":"${id}","state":"processing","duration_ms":0.25}`,
    `{"ts":T,"dir":"out","status":"recording_started","reply_to":"${id}","payload":{"camera_id":"picam:0"}}`,
    `{"ts":T,"id":"${id}","state":"completed","duration_ms":12.346}`,
    '{"ts":T,"id":"other","state":"failed","duration_ms":3}',
  ]);
});

test("CommandLog writes a line without a command and a status without a question", async () => {
  const records = await logged((log) => {
    log.received(null, null, {});
    log.sent("ready", null, {});
  });
  expect(records.map(parseRecord)).toMatchObject([
    { dir: "in", cmd: null, id: null, payload: {} },
    { id: null, state: "received" },
    { dir: "out", status: "ready", reply_to: null, payload: {} },
  ]);
});

test("CommandLog takes a bigint", async () => {
  const [record] = await logged((log) => log.sent("status_report", null, { uptimeNs: 2n ** 63n }));
  expect(parseRecord(record ?? "")["payload"]).toEqual({ uptimeNs: "9223372036854775808" });
});

test("CommandLog leaves out a payload that is nested too deep to be written", async () => {
  const deep: unknown = JSON.parse(`${"[".repeat(200_000)}${"]".repeat(200_000)}`);
  const [record] = await logged((log) => log.received("x_20260106_143052_001", null, { command: "nope", deep }));
  expect(parseRecord(record ?? "")).toMatchObject({
    dir: "in",
    id: "x_20260106_143052_001",
    payload: { left_out: expect.any(String) },
  });
});
