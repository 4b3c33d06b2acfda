/**
 * `npm run bench:scaling`: how CPU time and memory grow with resolution, rate and length, and whether that is a straight line
 * with the encoder's slope. `npm run bench:scaling -- --help` tells the options; scaling/ is how it measures, with what
 * cost/ has.
 */
import { programOptions } from "../support/program-options.ts";
import { measureScaling, printScaling } from "./scaling/measure-scaling.ts";
import { parseOptions, USAGE } from "./scaling/options.ts";

const options = programOptions(parseOptions, USAGE);
printScaling(await measureScaling(options), options);
