import { messageOf, quote } from "../errors.ts";
import { UsageError } from "../runtime/runtime-config.ts";
import { systemErrorCode } from "../system-error.ts";
import { findModules } from "./find-modules.ts";
import { HostFolderError } from "./host-folder-error.ts";
import { installDropIn, uninstallDropIn } from "./install-drop-in.ts";
import { ownCommand } from "../own-command.ts";

const EXIT_DONE = 0;
const EXIT_NOT_DONE = 1;

interface Output {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
}

/** `rpi-logger install PATH` and `rpi-logger uninstall PATH`. Returns the exit code. Throws UsageError. */
export function runRpiLogger(argv: readonly string[], { stdout, stderr }: Output): number {
  const [action, path, ...rest] = argv;
  if (action !== "install" && action !== "uninstall") {
    throw new UsageError(`rpi-logger: got ${quote(action ?? "nothing")}, expected install PATH or uninstall PATH`);
  }
  if (path === undefined || path === "" || path.startsWith("-") || rest.length > 0) {
    const got = quote([path, ...rest].join(" "));
    throw new UsageError(`rpi-logger ${action}: got ${got}, expected the folder of RPi Logger`);
  }
  const say = (line: string) => void stdout.write(`${line}\n`);
  try {
    const modules = findModules(path);
    if (action === "install") installDropIn(modules, ownCommand(), say);
    else uninstallDropIn(modules, say);
  } catch (error) {
    // What the system refuses (no permission, disk full) names the path itself.
    if (!(error instanceof HostFolderError) && systemErrorCode(error) === undefined) throw error;
    stderr.write(`csi-camera: rpi-logger ${action}: ${messageOf(error)}\n`);
    return EXIT_NOT_DONE;
  }
  return EXIT_DONE;
}
