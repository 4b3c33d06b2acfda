import { ownCommand } from "../own-command.ts";

/** This program with `args`, as a shell takes it in any folder: from a checkout it has no name of its own. */
export function ownCommandLine(...args: readonly string[]): string {
  return [...ownCommand(), ...args].map(quoted).join(" ");
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
