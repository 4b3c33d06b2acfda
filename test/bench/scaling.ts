/**
 * `npm run bench:scaling`: how CPU time and memory grow with resolution, rate and length, and whether that is a straight line
 * with the encoder's slope. `npm run bench:scaling -- --help` tells the options; scaling/ is how it measures, with what
 * cost/ has.
 */
import { measureScaling, printScaling } from "./scaling/measure-scaling.ts";
import { parseOptions, USAGE } from "./scaling/options.ts";

if (process.argv.includes("--help")) {
  console.log(USAGE);
  process.exit(0);
}
const options = parseOptions(process.argv.slice(2));
printScaling(await measureScaling(options), options);
