import { existsSync, lstatSync, mkdirSync, readFileSync, renameSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { systemErrorCode } from "../system-error.ts";
import { COMMAND_FILE, CONFIG_FILE, DROP_IN_FILES, ENTRY_FILE, PROGRAM_FILE } from "./drop-in-files.ts";

/** Whether a folder is the drop-in, of whatever version. */
export function isDropIn(folder: string): boolean {
  const entry = readText(join(folder, ENTRY_FILE));
  return entry?.includes(basename(PROGRAM_FILE, ".py")) ?? false;
}

/** Makes or updates the drop-in, each file wholly or not at all. A config.txt that is there stays. */
export function writeDropIn(folder: string, files: { command: readonly string[]; config: string }): void {
  const texts = {
    ...DROP_IN_FILES,
    [CONFIG_FILE]: files.config,
    [COMMAND_FILE]: `${JSON.stringify({ command: files.command }, null, 2)}\n`,
  };
  for (const [name, text] of Object.entries(texts)) {
    const path = join(folder, name);
    if (name === CONFIG_FILE && existsSync(path)) continue;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(unfinished(path), text);
    renameSync(unfinished(path), path);
  }
}

/** Removes our files and what Python made of them. Returns false where the folder holds anything else, which stays. */
export function removeDropIn(folder: string): boolean {
  removeFiles(folder, [...Object.keys(DROP_IN_FILES), COMMAND_FILE]);
  for (const cache of ["discovery/__pycache__", "__pycache__"]) {
    rmSync(join(folder, cache), { recursive: true, force: true });
  }
  removeEmptyFolder(join(folder, "discovery"));
  removeEmptyFolder(folder);
  return !existsSync(folder);
}

/** Removes what only we put into a folder that RPi Logger's own files have come back to, as by an update. */
export function removeLeftovers(folder: string): void {
  removeFiles(folder, [PROGRAM_FILE, COMMAND_FILE]);
}

/** Removes a link to the drop-in that somebody made by hand: what it leads to must not be written into. */
export function removeLink(path: string): void {
  if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() && isDropIn(path)) rmSync(path);
}

/** A file's text, undefined where there is none. */
export function readText(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}

function removeFiles(folder: string, names: readonly string[]): void {
  for (const name of names) {
    rmSync(join(folder, name), { force: true });
    rmSync(unfinished(join(folder, name)), { force: true });
  }
}

function removeEmptyFolder(folder: string): void {
  try {
    rmdirSync(folder);
  } catch (error) {
    if (!["ENOENT", "ENOTEMPTY"].includes(systemErrorCode(error) ?? "")) throw error;
  }
}

function unfinished(path: string): string {
  return `${path}.unfinished`;
}
