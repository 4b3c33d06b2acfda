import { expect, test } from "bun:test";
import fc from "fast-check";
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

test("CommandLog leaves out what is nested too deep, and what it costs does not grow with the depth", async () => {
  const nested = (depth: number): unknown => JSON.parse(`${"[".repeat(depth)}${"]".repeat(depth)}`);
  const deep = nested(200_000);
  let spentMs = Number.POSITIVE_INFINITY;
  const [record] = await logged((log) => {
    for (let turn = 0; turn < 3; turn++) {
      const startMs = performance.now();
      log.received("x_20260106_143052_001", null, { command: "nope", deep });
      spentMs = Math.min(spentMs, performance.now() - startMs);
    }
  });
  expect(parseRecord(record ?? "")).toMatchObject({
    dir: "in",
    id: "x_20260106_143052_001",
    payload: { command: "nope", deep: [[[[[[["…"]]]]]]] },
  });
  expect(spentMs).toBeLessThan(50);
});

test("CommandLog shortens what is too long, and keeps the names that come first", async () => {
  const many = Object.fromEntries(Array.from({ length: 50_000 }, (_, index) => [`key${index}`, index]));
  const records = await logged((log) => {
    log.received("a", "quit", { command: "quit", text: "x".repeat(1_000_000), after: 1 });
    log.received("b", "quit", { command: "quit", many });
  });
  const [text, , keys] = records;
  expect(parseRecord(text ?? "")).toMatchObject({ payload: { command: "quit", text: expect.stringMatching(/^x+…$/) } });
  expect(parseRecord(keys ?? "")).toMatchObject({ payload: { command: "quit", many: { key0: 0, "…": "…" } } });
  for (const record of records) expect(record.length).toBeLessThan(200_000);
});

test("CommandLog writes any payload of an ordinary size as it is", async () => {
  const payloads = fc.dictionary(fc.string({ maxLength: 20 }), fc.jsonValue({ maxDepth: 5 }), { maxKeys: 8 });
  const samples = fc.sample(payloads, 100);
  const records = await logged((log) => samples.forEach((payload) => log.sent("any", null, payload)));
  expect(records.map((record) => parseRecord(record)["payload"])).toEqual(samples.map((sample) => asJson(sample)));
});

test("CommandLog takes __proto__ for a name like any other", async () => {
  const payload = JSON.parse('{"__proto__":{"command":"quit"}}');
  const [record] = await logged((log) => log.received(null, null, payload));
  expect(record).toContain('"payload":{"__proto__":{"command":"quit"}}');
});

const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
