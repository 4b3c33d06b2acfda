#!/usr/bin/env bun
import { helpText } from "./runtime/help.ts";
import { UsageError } from "./runtime/runtime-config.ts";
import { serve } from "./program/serve.ts";
import { VERSION } from "./version.ts";

/** The program: picks what to run and turns its outcome into an exit code. 2: it was called wrongly. */
async function main(argv: readonly string[]): Promise<number> {
  const [command, ...rest] = argv;
  const options = argv.includes("--") ? argv.slice(0, argv.indexOf("--")) : argv;
  if (options.includes("--help")) return print(helpText());
  if (options.includes("--version")) return print(`csi-camera ${VERSION}\n`);
  switch (command) {
    case "demo":
      return await (await import("./demo/demo.ts")).runDemo(rest);
    case "list":
      return (await import("./program/list.ts")).runList(rest);
    case "doctor":
      return await (await import("./doctor/doctor-command.ts")).runDoctor(rest, process.env);
    case "verify":
      return await verify(rest);
    case "repair":
      if (rest.length === 0) throw new UsageError("repair: got no file, expected FILE.mp4…");
      return await (await import("./repair/repair-command.ts")).runRepair(rest, process.stdout);
    case "rpi-logger":
      return (await import("./hosts/rpi-logger-command.ts")).runRpiLogger(rest, process);
    case undefined:
    default:
      // Nothing that a library or a host left behind must keep a module that has stopped.
      process.exit(await serve(argv, process.env));
  }
}

async function verify(argv: readonly string[]): Promise<number> {
  const { paths, isJson } = (await import("./program/verify-arguments.ts")).parseVerifyArguments(argv);
  return await (await import("./verify/verify-command.ts")).runVerify(paths, process.stdout, { isJson });
}

function print(text: string): number {
  process.stdout.write(text);
  return 0;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`csi-camera: ${error.message}\n`);
  process.exitCode = 2;
}
