import { writeFileSync } from "node:fs";
import { join } from "node:path";

const DRIVER = "/sys/bus/platform/drivers/vimc";

/** Takes vimc's camera away from its driver, as a pulled cable takes one away from the kernel. */
export function unplugCamera(): void {
  writeFileSync(join(DRIVER, "unbind"), "vimc.0");
}

/** Gives it back; its device nodes are new ones. */
export function plugCamera(): void {
  writeFileSync(join(DRIVER, "bind"), "vimc.0");
  const { exitCode, stderr } = Bun.spawnSync(["sh", join(import.meta.dir, "virtual-camera.sh")]);
  if (exitCode !== 0) throw new Error(`virtual-camera.sh ended with ${exitCode}: ${stderr.toString()}`);
}
