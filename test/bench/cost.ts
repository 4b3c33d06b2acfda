/**
 * `npm run bench`: what recording costs beside the encoder itself, beside ffmpeg and beside GStreamer, and whether that is
 * within its targets. `npm run bench -- --help` tells the options; cost/ is how it measures.
 */
import { programOptions } from "../support/program-options.ts";
import { printModules } from "./cost/print-modules.ts";
import { measureAll, printAll } from "./cost/measure-all.ts";
import { parseOptions, USAGE } from "./cost/options.ts";

const options = programOptions(parseOptions, USAGE);
if (options.modules !== undefined) await printModules(options.modules, options);
else printAll(await measureAll(options), options);
