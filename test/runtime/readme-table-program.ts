/** Brings the README's table of commands and states up to date with command-table.ts: `bun test/runtime/readme-table-program.ts`. */
import { join } from "node:path";
import { withTable } from "./readme-table.ts";

const README = join(import.meta.dir, "../../README.md");
await Bun.write(README, withTable(await Bun.file(README).text()));
