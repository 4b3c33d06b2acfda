import { statSync } from "node:fs";
import { RotatingFile } from "../../src/log/rotating-file.ts";

/** Appends to the file of its first argument beyond a limit of 4,096 bytes, and writes to stdout what came of it. */
const path = process.argv[2] ?? "";
const file = new RotatingFile({ path, bytesMax: 10_000, filesMax: 2 });
const line = `${"x".repeat(1000)}\n`;
await file.append(Buffer.from(line.repeat(3)));
const outcomes = [];
for (const lineCount of [2, 3]) {
  const outcome = await file.append(Buffer.from(line.repeat(lineCount))).catch((error: unknown) => error);
  outcomes.push(outcome instanceof Error && "code" in outcome ? outcome.code : "appended", statSync(path).size);
}
await file.close();
process.stdout.write(outcomes.join(" "));
