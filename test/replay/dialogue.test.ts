import { expect, test } from "bun:test";
import { Dialogue, type Said } from "../../scripts/replay/dialogue.ts";

const said = (status: string, replyTo?: string): Said => ({ status, replyTo, payload: {}, atMs: 0 });

test("ids that the module makes up are known by the order of the commands without one", () => {
  const dialogue = new Dialogue();
  const record = dialogue.command("record", undefined, 0);
  const asked = dialogue.command("get_status", "mine", 1);
  const assign = dialogue.command("assign_device", undefined, 2);
  for (const status of [
    said("device_ack", "assign_20260106_143052_002"),
    said("recording_started", "record_20260106_143052_001"),
    said("status_report", "mine"),
    said("device_ready", "assign_20260106_143052_002"),
  ]) {
    dialogue.status(status);
  }
  expect(record.final).toMatchObject([{ status: "recording_started" }]);
  expect(asked.final).toMatchObject([{ status: "status_report" }]);
  expect(assign).toMatchObject({ interim: [{ status: "device_ack" }], final: [{ status: "device_ready" }] });
});

test("a second final reply stays with its command, and one to an id that was never sent is a stray", () => {
  const dialogue = new Dialogue();
  const asked = dialogue.command("get_status", "mine", 0);
  for (const status of [said("status_report", "mine"), said("status_report", "mine"), said("device_ready", "other")]) {
    dialogue.status(status);
  }
  expect(asked.final).toHaveLength(2);
  expect(dialogue.strays).toMatchObject([{ replyTo: "other" }]);
});
