import { messageOf } from "../errors.ts";
import { UsageError } from "../runtime/runtime-config.ts";
import { parseDoctorArguments } from "./doctor-arguments.ts";
import { doctorReport } from "./doctor-report.ts";
import { examine } from "./examine.ts";
import { EXIT_CODES, verdictOf } from "./finding.ts";
import { MachineFiles } from "./machine-files.ts";
import { reportLines } from "./report-lines.ts";

/** Lines that are longer are hard to read. */
const COLUMNS_MAX = 100;

/**
 * Tells whether this machine will record what is asked, and ends the program once all is printed. 0 and 1 are answers that
 * a script may act on: whatever is thrown, wherever, is no answer but 2, with a sentence on stderr.
 */
export async function runDoctor(
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Promise<never> {
  // Callbacks of drivers and libraries, which nobody awaits.
  process.on("uncaughtException", giveUp);
  process.on("unhandledRejection", giveUp);
  try {
    // Nothing that a driver or a library left behind must keep it.
    return process.exit(await examineAndPrint(argv, environment));
  } catch (thrown) {
    return giveUp(thrown);
  }
}

function giveUp(thrown: unknown): never {
  const what = thrown instanceof UsageError ? "" : "doctor could not finish: ";
  process.stderr.write(`csi-camera: ${what}${messageOf(thrown)}\n`);
  return process.exit(EXIT_CODES.will_not_record);
}

/** Returns the exit code. */
async function examineAndPrint(
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Promise<number> {
  const { isJson, folder, config } = parseDoctorArguments(argv, environment);
  const findings = await examine(new MachineFiles(), folder, config.camera);
  const columns = Math.min(COLUMNS_MAX, process.stdout.columns ?? COLUMNS_MAX);
  const text = isJson
    ? JSON.stringify(doctorReport(findings, config.camera), null, 2)
    : reportLines(findings, columns).join("\n");
  await Bun.write(Bun.stdout, `${text}\n`);
  return EXIT_CODES[verdictOf(findings)];
}
