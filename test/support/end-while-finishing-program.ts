/**
 * Loaded before the program (`bun --preload`): ends it with SIGKILL at the step of finishing a recording that END_AFTER
 * names. The program itself knows nothing of it.
 */
import { AppendFile } from "../../src/recording/append-file.ts";

export const FINISHING_STEPS = [
  "half of the movie written",
  "movie written",
  "movie synced",
  "header written",
  "metadata written",
  "metadata renamed",
] as const;
type FinishingStep = (typeof FINISHING_STEPS)[number];

const endAfter = process.env["END_AFTER"];
if (endAfter !== undefined) {
  const create = AppendFile.create.bind(AppendFile);
  AppendFile.create = async (path) => watch(await create(path));
}

function watch(file: AppendFile): AppendFile {
  const overwrite = file.overwrite.bind(file);
  const datasync = file.datasync.bind(file);
  const moveTo = file.moveTo.bind(file);
  let isMovieWritten = false;
  file.overwrite = async (position, pieces) => {
    const bytes = Buffer.concat([pieces].flat());
    const isMovie = position > 0 && Buffer.from(bytes.subarray(12, 16)).toString("latin1") === "moov";
    if (isMovie && endAfter === FINISHING_STEPS[0]) {
      await overwrite(position, bytes.subarray(0, bytes.length / 2));
      end();
    }
    await overwrite(position, bytes);
    endIf(isMovieWritten, "header written");
    isMovieWritten ||= isMovie;
    endIf(isMovie, "movie written");
  };
  file.datasync = async () => {
    await datasync();
    endIf(isMovieWritten, "movie synced");
  };
  file.moveTo = async (path) => {
    endIf(true, "metadata written");
    await moveTo(path);
    endIf(true, "metadata renamed");
  };
  return file;
}

function endIf(isThere: boolean, step: FinishingStep): void {
  if (isThere && step === endAfter) end();
}

function end(): never {
  process.kill(process.pid, "SIGKILL");
  // The signal comes before the next instruction of ours.
  throw new Error("SIGKILL was survived");
}
