import { RuntimeError } from "../errors.ts";
import { UnreadableFileError } from "../verify/unreadable-file-error.ts";
import { NotRepairableError } from "./not-repairable-error.ts";
import { repairRecording } from "./repair-recording.ts";

/** Every file is an ordinary MP4 now; at least one can't be made one, and was left alone; at least one could not be read. */
const EXIT_REPAIRED = 0;
const EXIT_NOT_REPAIRABLE = 1;
const EXIT_UNREADABLE = 2;

/** Repairs recordings one after the other, with a line for each. Returns the exit code: the worst of all files. */
export async function runRepair(paths: readonly string[], out: { write(text: string): unknown }): Promise<number> {
  let exitCode = EXIT_REPAIRED;
  for (const path of paths) {
    const { sentence, code } = await repair(path);
    out.write(`${path}: ${sentence}\n`);
    exitCode = Math.max(exitCode, code);
  }
  return exitCode;
}

async function repair(path: string): Promise<{ sentence: string; code: number }> {
  try {
    return { sentence: await repairRecording(path), code: EXIT_REPAIRED };
  } catch (error) {
    if (error instanceof UnreadableFileError)
      return { sentence: `UNREADABLE: ${error.message}`, code: EXIT_UNREADABLE };
    if (error instanceof NotRepairableError || error instanceof RuntimeError) {
      return { sentence: `NOT REPAIRED: ${error.message}`, code: EXIT_NOT_REPAIRABLE };
    }
    throw error;
  }
}
