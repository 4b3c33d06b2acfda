import { expect, test } from "bun:test";
import { join } from "node:path";
import { COMMAND_NAMES } from "../../src/protocol/commands.ts";
import { COMMAND_CASES } from "./command-table.ts";
import { withTable } from "./readme-table.ts";

test("every command is in the table of commands and states", () => {
  const known = new Set(COMMAND_CASES.flatMap(({ names }) => names));
  expect(COMMAND_NAMES.filter((name) => !known.has(name))).toEqual([]);
});

test("the README's table is that of the data", async () => {
  const readme = await Bun.file(join(import.meta.dir, "../../README.md")).text();
  expect(withTable(readme)).toBe(readme);
});
