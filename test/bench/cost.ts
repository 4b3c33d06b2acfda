/**
 * `npm run bench`: what recording costs beside the encoder itself, beside ffmpeg and beside GStreamer, and whether that is
 * within its targets. `npm run bench -- --help` tells the options; cost/ is how it measures.
 */
import { printModules } from "./cost/print-modules.ts";
import { measureAll, printAll } from "./cost/measure-all.ts";
import { parseOptions, USAGE } from "./cost/options.ts";

if (process.argv.includes("--help")) {
  console.log(USAGE);
  process.exit(0);
}
const options = parseOptions(process.argv.slice(2));
if (options.modules !== undefined) await printModules(options.modules, options);
else printAll(await measureAll(options), options);
