import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { quote } from "../errors.ts";
import { HostFolderError } from "./host-folder-error.ts";

/** Beside `modules` in RPi Logger's package, and by that known to be RPi Logger's. */
const HOST_FILE = "core/module_discovery.py";

/**
 * RPi Logger's folder of modules. `path`: its checkout, or a site-packages, or its package, or that folder itself.
 * Throws HostFolderError.
 */
export function findModules(path: string): string {
  const folder = resolve(path);
  const found = [join(folder, "rpi_logger/modules"), join(folder, "modules"), folder].find(
    (modules) => existsSync(join(modules, "__init__.py")) && existsSync(join(dirname(modules), HOST_FILE)),
  );
  if (found !== undefined) return found;
  throw new HostFolderError(
    `got ${quote(path, 200)}, expected the folder of RPi Logger: a checkout (with rpi_logger/modules), its installed package rpi_logger, or its modules folder`,
  );
}
