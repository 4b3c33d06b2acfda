import { join } from "node:path";

/** Exit status of prepare.sh and boot.sh where this machine cannot run the VM. */
export const CANNOT_RUN = 77;

/** `settings`: environment variables, as prepare.sh has them. */
export function prepare(settings: Readonly<Record<string, string>> = {}): Promise<number> {
  return runScript("prepare.sh", [], settings);
}

/** Boots the VM, which runs `cmd.sh` of the share. `settings`: environment variables, as boot.sh has them. */
export function boot(share: string, settings: Readonly<Record<string, string>> = {}): Promise<number> {
  return runScript("boot.sh", [share], settings);
}

function runScript(name: string, parameters: readonly string[] = [], settings = {}): Promise<number> {
  const command = [join(import.meta.dir, name), ...parameters];
  const env = { ...process.env, ...settings };
  return Bun.spawn(command, { env, stdin: "ignore", stdout: "ignore", stderr: "inherit" }).exited;
}
