import { quote } from "../errors.ts";
import { UsageError } from "../runtime/runtime-config.ts";

export interface VerifyArguments {
  readonly paths: readonly string[];
  readonly isJson: boolean;
}

/** `[--json] FILE.mp4…`, in any order; what follows `--` is files. Throws UsageError. */
export function parseVerifyArguments(argv: readonly string[]): VerifyArguments {
  const end = argv.includes("--") ? argv.indexOf("--") : argv.length;
  const before = argv.slice(0, end);
  const options = before.filter((argument) => argument.startsWith("-"));
  const unknown = options.find((option) => option !== "--json");
  if (unknown !== undefined) throw new UsageError(`verify: got ${quote(unknown)}, expected --json or FILE.mp4…`);
  const paths = [...before.filter((argument) => !argument.startsWith("-")), ...argv.slice(end + 1)];
  if (paths.length === 0) throw new UsageError("verify: got no file, expected FILE.mp4…");
  return { paths, isJson: options.length > 0 };
}
