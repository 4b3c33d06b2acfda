import { existsSync, renameSync } from "node:fs";
import { basename, join } from "node:path";
import { CONFIG_FILE, DROP_IN_FILES } from "./drop-in-files.ts";
import { isDropIn, readText, removeDropIn, removeLeftovers, removeLink, writeDropIn } from "./drop-in-folder.ts";
import { HostFolderError } from "./host-folder-error.ts";

/** Gets a line of text for each thing that was done. */
export type Say = (line: string) => void;

const RESTART = "RPi Logger takes notice when it is started again";

/**
 * Folders in RPi Logger's `modules`; it skips names that begin with a dot. Each step below is one rename, and what is
 * there tells how far an interrupted run has come, so the next one goes on from there.
 */
function foldersIn(modules: string): { module: string; original: string; staging: string } {
  return {
    module: join(modules, "Cameras_CSI"),
    original: join(modules, ".Cameras_CSI.original"),
    staging: join(modules, ".Cameras_CSI.csi-camera"),
  };
}

/** Puts the drop-in into the module's place, or brings it up to date. `command`: how this program is run. */
export function installDropIn(modules: string, command: readonly string[], say: Say): void {
  const { module, original, staging } = foldersIn(modules);
  clear(staging);
  removeLink(module);
  const isUpdate = isDropIn(module);
  const replaced = existsSync(module) ? module : original;
  const config = configLike(readText(join(replaced, CONFIG_FILE)));
  writeDropIn(isUpdate ? module : staging, { command, config });
  if (!isUpdate) {
    if (existsSync(module)) setAside(module, original, say);
    renameSync(staging, module);
  }
  say(`${isUpdate ? "brought up to date" : "installed"} ${module}`);
  say(`it runs ${command.join(" ")}`);
  say(RESTART);
}

/** Puts RPi Logger's own module back. */
export function uninstallDropIn(modules: string, say: Say): void {
  const { module, original, staging } = foldersIn(modules);
  clear(staging);
  removeLink(module);
  if (isDropIn(module)) renameSync(module, staging);
  else if (existsSync(module)) return say(`${module} is RPi Logger's own: there is nothing to do`);
  if (existsSync(original)) {
    renameSync(original, module);
    say(`put RPi Logger's own module back as ${module}`);
  } else {
    say(`there is no ${original} to put back`);
  }
  say(RESTART);
  if (!removeDropIn(staging)) say(`left ${staging}: it holds files that are not csi-camera's`);
}

function setAside(module: string, original: string, say: Say): void {
  // RPi Logger was updated in between, over the drop-in: what was kept is the older one.
  if (existsSync(original)) {
    const older = firstFree(original);
    renameSync(original, older);
    say(`kept the one from before RPi Logger's update as ${basename(older)}`);
  }
  removeLeftovers(module);
  renameSync(module, original);
  say(`kept RPi Logger's own module as ${original}`);
}

function firstFree(path: string): string {
  for (let number = 1; ; number++) {
    if (!existsSync(`${path}.${number}`)) return `${path}.${number}`;
  }
}

/** Our config.txt; a module that was switched on stays so. */
function configLike(replaced: string | undefined): string {
  const ours = DROP_IN_FILES[CONFIG_FILE] ?? "";
  const enabled = replaced?.match(/^[ \t]*enabled[ \t]*=.*$/m)?.[0].trim();
  return enabled === undefined ? ours : ours.replace(/^enabled.*$/m, () => enabled);
}

function clear(staging: string): void {
  if (removeDropIn(staging)) return;
  throw new HostFolderError(`${staging} holds files that are not csi-camera's: move them away, then run this again`);
}
