import { existsSync, mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { checkCase } from "./checks/cases.ts";
import { Report } from "./checks/report.ts";
import { vmCases } from "./plan.ts";

/**
 * `bun test/vm/run.ts [SHARE]`: records in the VM, judges outside. SHARE keeps all that the guest left; without it a
 * temporary folder is used, and kept only if a check failed.
 *
 * Exit status: 0 all passed, 1 a check failed, 77 this machine cannot run the VM.
 */
const CANNOT_RUN = 77;

const prepared = await runScript("prepare.sh");
if (prepared !== 0) process.exit(prepared);

const [givenShare] = process.argv.slice(2);
const share = givenShare === undefined ? mkdtempSync(join(tmpdir(), "csi-camera-vm-")) : resolve(givenShare);
mkdirSync(share, { recursive: true });
for (const { name } of vmCases) rmSync(join(share, name), { recursive: true, force: true });
writeFileSync(
  join(share, "cmd.sh"),
  `. "$CHECKOUT/test/vm/guest/virtual-camera.sh"\nexec "$CHECKOUT/node_modules/.bin/bun" "$CHECKOUT/test/vm/guest/main.ts"\n`,
);

const startedAt = performance.now();
const booted = await runScript("boot.sh", share);
if (booted === CANNOT_RUN) process.exit(CANNOT_RUN);
console.log(`the VM ran ${Math.round((performance.now() - startedAt) / 1000)} s`);

const report = new Report();
report.check("the guest ran to its end", booted === 0 ? undefined : `status ${booted}\n${guestErrors()}`);
for (const vmCase of vmCases) await checkCase(report, share, vmCase);
console.log(report.summary());

if (report.failed > 0) console.log(`what the guest left is in ${share}`);
else if (givenShare === undefined) rmSync(share, { recursive: true });
process.exitCode = report.failed === 0 ? 0 : 1;

function runScript(name: string, ...parameters: string[]): Promise<number> {
  const command = [join(import.meta.dir, name), ...parameters];
  return Bun.spawn(command, { stdin: "ignore", stdout: "ignore", stderr: "inherit" }).exited;
}

function guestErrors(): string {
  const path = join(share, "vm/stderr");
  return existsSync(path) ? readFileSync(path, "utf8").slice(-2000) : "";
}
