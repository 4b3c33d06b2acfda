import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { TemporaryDirectory } from "../log/temporary-directory.ts";
import { ModuleProcess } from "../support/module-process.ts";
import { peakMemoryBytes } from "../support/process-usage.ts";
import { assign, record } from "../support/record.ts";
import { BAD_LINES } from "./bad-lines.ts";

describe("one answer that says what was wrong, whatever came before, and the next good command works:", () => {
  let host: ModuleProcess;
  beforeAll(() => {
    host = new ModuleProcess(["--source", "synthetic", "--size", "320x240"]);
  });
  afterAll(() => host[Symbol.asyncDispose]());

  test.each(BAD_LINES.map(([what, ...rest]) => [what, rest] as const))(
    "%s",
    async (_what, line) => {
      const [bytes, code, got, id] = line;
      await host.waitFor("ready", ({ status }) => status === "ready");
      const before = host.statuses.length;
      host.sendBytes(bytes);
      host.sendBytes("\n");
      // Nothing else is said in between.
      expect(await host.ask("stop_session")).toMatchObject({ status: "command_ack" });
      expect(host.statuses).toHaveLength(before + 2);
      const answer = host.statuses[before];
      expect(answer).toMatchObject({ status: "command_nack", success: false, code });
      expect(answer?.in_reply_to).toBe(id);
      const error = String(answer?.data["error"]);
      expect(error).toMatch(got);
      expect(error).toContain("expected");
      expect(error.length).toBeLessThan(600);
    },
    15_000,
  );
});

test("10 MB without a line end are answered once, cost little memory, and the next line is read", async () => {
  await using host = new ModuleProcess(["--source", "synthetic"]);
  await host.waitFor("ready", ({ status }) => status === "ready");
  const megabyte = new Uint8Array(1_000_000).fill(0x61);
  for (let count = 0; count < 10; count++) host.sendBytes(megabyte);
  host.sendBytes("\n");
  expect(await host.ask("stop_session")).toMatchObject({ status: "command_ack" });
  expect(host.statuses.slice(1, -1)).toMatchObject([{ status: "command_nack", code: "line_too_long" }]);
  expect(String(host.statuses[1]?.data["error"])).toMatch(/got a line of more than 1048576 bytes, expected/);
  expect(peakMemoryBytes(host.pid)).toBeLessThan(200e6);
}, 15_000);

test("a thousand bad lines are a thousand answers, and the recording under way loses nothing", async () => {
  using directory = new TemporaryDirectory();
  await using host = new ModuleProcess(["--source", "synthetic", "--size", "320x240"]);
  await assign(host);
  const before = host.statuses.length;
  host.sendBytes("{\n".repeat(1000));
  const { ledger } = await record(host, directory.path, 30);
  expect(host.statuses.filter(({ status }) => status === "command_nack")).toHaveLength(1000);
  expect(host.statuses).toHaveLength(before + 1002);
  expect(ledger).toMatchObject({ dropped: {}, sensor_gaps: { gaps: 0 } });
}, 20_000);

test("white space, empty lines and carriage returns are no commands and get no answers", async () => {
  await using host = new ModuleProcess(["--source", "synthetic"]);
  host.sendBytes("\n\r\n   \n\t\r\n");
  host.sendBytes('{"command":"stop_session","command_id":"a"}\r\n');
  host.sendBytes('\uFEFF{"command":"stop_session","command_id":"b"}\n');
  // The last line may lack its end.
  host.sendBytes('{"command":"stop_session","command_id":"c"}');
  host.closeStdin();
  expect((await host.ending()).exitCode).toBe(0);
  expect(host.statuses.map(({ in_reply_to }) => in_reply_to)).toEqual([undefined, "a", "b", "c"]);
}, 15_000);
