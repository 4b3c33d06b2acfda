import { quote } from "../errors.ts";
import { OPTIONS } from "../runtime/options.ts";
import { RuntimeConfig, UsageError } from "../runtime/runtime-config.ts";

export interface DoctorArguments {
  readonly isJson: boolean;
  /** Where recordings go. */
  readonly folder: string;
  /** What the module would be started with. */
  readonly config: RuntimeConfig;
}

const TAKE_VALUES = new Set(OPTIONS.flatMap(({ name, value }) => (value === undefined ? [] : `--${name}`)));

/** `[FOLDER] [--json]` and the module's own options, in any order; without a folder that of --output-dir, else the current one. Throws UsageError. */
export function parseDoctorArguments(
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): DoctorArguments {
  const options: string[] = [];
  const folders: string[] = [];
  let isJson = false;
  for (let index = 0; index < argv.length; index++) {
    const argument = argv[index] ?? "";
    if (argument === "--") folders.push(...argv.slice(index + 1));
    if (argument === "--") break;
    if (argument === "--json") isJson = true;
    else if (TAKE_VALUES.has(argument)) options.push(...argv.slice(index, ++index + 1));
    else if (argument.startsWith("-")) options.push(argument);
    else folders.push(argument);
  }
  const [folder, ...more] = folders;
  if (folder === "" || more.length > 0)
    throw new UsageError(`doctor: got ${quote(folders.join(" "))}, expected one folder that recordings go to, or none`);
  const config = RuntimeConfig.fromArgs(options, environment);
  return { isJson, folder: folder ?? config.outputDir ?? ".", config };
}
