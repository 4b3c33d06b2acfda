import { z } from "zod";
import { messageOf } from "../../src/errors.ts";

/**
 * The options that a benchmark or the soak was called with. `--help` prints `usage` and ends the program; where `parse` throws, so
 * does a sentence that says why, above the usage, with exit code 2.
 */
export function programOptions<T>(parse: (args: readonly string[]) => T, usage: string): T {
  const args = process.argv.slice(2);
  if (args.includes("--help")) {
    process.stdout.write(`${usage}\n`);
    process.exit(0);
  }
  try {
    return parse(args);
  } catch (error) {
    process.stderr.write(`${sentenceOf(error)}\n\n${usage}\n`);
    process.exit(2);
  }
}

function sentenceOf(error: unknown): string {
  return error instanceof z.ZodError ? z.prettifyError(error) : messageOf(error);
}
