import { type LogOptions, openLogs } from "../../src/log/open-logs.ts";

/** Opens logs as its first argument says (JSON), writes `lineCount` lines to each, closes them, then says `done`. */
const { lineCount, ...options } = JSON.parse(process.argv[2] ?? "") as LogOptions & { lineCount: number };
const logs = await openLogs(options);
for (let number = 0; number < lineCount; number++) {
  logs.log.info({ number, padding: "x".repeat(1000) }, "a line");
  logs.log.debug("below the level");
  logs.commands.write(`{"number":${number}}`);
  logs.frameDrops.write(`{"number":${number}}`);
}
await logs.close();
process.stdout.write("done");
process.exit(0);
