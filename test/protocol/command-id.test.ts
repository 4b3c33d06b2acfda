import { describe, expect, test } from "bun:test";
import { CommandIdMaker } from "../../src/protocol/command-id.ts";
import { COMMAND_NAMES } from "../../src/protocol/commands.ts";

describe("CommandIdMaker", () => {
  test("makes ids of action, local time and sequence", () => {
    const ids = new CommandIdMaker();
    const time = new Date(2026, 0, 6, 14, 30, 52);
    expect(ids.next("start_recording", time)).toBe("rec_20260106_143052_001");
    expect(ids.next("assign_device", time)).toBe("assign_20260106_143052_002");
    expect(ids.next("quit", new Date(2026, 11, 31, 1, 2, 3))).toBe("quit_20261231_010203_003");
  });

  test("never makes the same twice, also beyond 999", () => {
    const ids = new CommandIdMaker();
    const time = new Date();
    const made = Array.from({ length: 1500 }, () => ids.next("stop_recording", time));
    expect(new Set(made).size).toBe(1500);
    expect(made.at(-1)).toEndWith("_1500");
  });

  test("has an action of its own for each command", () => {
    const actions = COMMAND_NAMES.map((name) => new CommandIdMaker().next(name).split("_")[0]);
    expect(new Set(actions).size).toBe(COMMAND_NAMES.length);
  });
});
