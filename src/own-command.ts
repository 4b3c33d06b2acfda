import { isAbsolute } from "node:path";

/** Where Bun keeps what it compiled into a program. */
const COMPILED_IN = "/$bunfs/";

/** Whether this is a release's executable, with Bun and all sources in it. */
export function isCompiled(main = Bun.main): boolean {
  return main.startsWith(COMPILED_IN);
}

/** How this program was started, as absolute paths: by Bun, or by itself where it was compiled. */
export function ownCommand(main = Bun.main, executable = process.execPath): string[] {
  if (isCompiled(main)) return [executable];
  if (!isAbsolute(main)) throw new Error(`the main file is ${main}, expected an absolute path`);
  return [executable, main];
}
