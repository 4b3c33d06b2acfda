import { parseDoctorArguments } from "./doctor-arguments.ts";
import { doctorReport } from "./doctor-report.ts";
import { examine } from "./examine.ts";
import { EXIT_CODES, verdictOf } from "./finding.ts";
import { MachineFiles } from "./machine-files.ts";
import { reportLines } from "./report-lines.ts";

/** Lines that are longer are hard to read. */
const COLUMNS_MAX = 100;

/** Tells whether this machine will record what is asked. Returns the exit code, once all is printed. Throws UsageError. */
export async function runDoctor(
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
