import { join } from "node:path";
import type { LogOptions } from "../log/open-logs.ts";
import { MODULE_NAME } from "../recording/recording-names.ts";
import type { RuntimeConfig } from "../runtime/runtime-config.ts";

/**
 * Where the log goes. RPi Logger shows all that is on stderr as a warning: with it as the host the log is in files, under
 * the output directory in a folder of this process's own, unless a directory is named.
 */
export function logOptions(config: RuntimeConfig): Pick<LogOptions, "level" | "consoleLogging" | "logDir"> {
  const { logLevel: level, noConsole, enableCommands, outputDir } = config;
  const isQuiet = noConsole || enableCommands;
  const hostLogDir =
    enableCommands && outputDir !== undefined ? join(outputDir, MODULE_NAME, "logs", folderName(config)) : undefined;
  return { level, consoleLogging: config.consoleLogging && !isQuiet, logDir: config.logDir ?? hostLogDir };
}

/** Two cameras, two processes: files are rotated by one of them only. */
function folderName({ instanceId, camera }: RuntimeConfig): string {
  const name = instanceId ?? `camera_${camera.cameraIndex ?? 0}`;
  return name.replace(/[^A-Za-z0-9_-]+/g, "_");
}
