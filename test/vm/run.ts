import { existsSync, mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { checkCase } from "./checks/cases.ts";
import { kernelComplaints } from "./checks/kernel-log.ts";
import { Report } from "./checks/report.ts";
import { checkEncoder } from "./encoder/check.ts";
import { prepareEncoder } from "./encoder/prepare.ts";
import { isPart, type Part, parts, vmCases } from "./plan.ts";

/**
 * `bun test/vm/run.ts [SHARE [PART…]]`: plays in the VM, judges outside. SHARE keeps all that the guest left; without it a
 * temporary folder is used, and kept only if a check failed. Parts: recordings, encoder; both where none is named.
 *
 * Exit status: 0 all passed, 1 a check failed, 77 this machine cannot run the VM.
 */
const CANNOT_RUN = 77;

const [givenShare, ...givenParts] = process.argv.slice(2);
const stray = givenParts.find((part) => !isPart(part));
if (stray !== undefined) throw new Error(`there is no part "${stray}"`);
const wanted: readonly Part[] = givenParts.length > 0 ? givenParts.filter(isPart) : parts;

const prepared = await runScript("prepare.sh");
if (prepared !== 0) process.exit(prepared);

const share = givenShare === undefined ? mkdtempSync(join(tmpdir(), "csi-camera-vm-")) : resolve(givenShare);
mkdirSync(share, { recursive: true });
for (const { name } of vmCases) rmSync(join(share, name), { recursive: true, force: true });
if (wanted.includes("encoder")) await prepareEncoder(share);
writeFileSync(
  join(share, "cmd.sh"),
  `. "$CHECKOUT/test/vm/guest/virtual-camera.sh"
status=0
for part in ${wanted.join(" ")}; do
  "$CHECKOUT/node_modules/.bin/bun" "$CHECKOUT/test/vm/guest/main.ts" $part || status=$?
done
exit $status
`,
);

const startedAt = performance.now();
const booted = await runScript("boot.sh", share);
if (booted === CANNOT_RUN) process.exit(CANNOT_RUN);
console.log(`the VM ran ${Math.round((performance.now() - startedAt) / 1000)} s`);

const report = new Report();
report.check("the guest ran to its end", booted === 0 ? undefined : `status ${booted}\n${guestErrors()}`);
for (const part of wanted) await checkPart(part);
await report.attempt("the kernel complains of nothing", async () => kernelComplaints(share));
console.log(report.summary());

if (report.failed > 0) console.log(`what the guest left is in ${share}`);
else if (givenShare === undefined) rmSync(share, { recursive: true });
process.exitCode = report.failed === 0 ? 0 : 1;

async function checkPart(part: Part): Promise<void> {
  switch (part) {
    case "recordings":
      for (const vmCase of vmCases) await checkCase(report, share, vmCase);
      break;
    case "encoder":
      await checkEncoder(report, share);
  }
}

function runScript(name: string, ...parameters: string[]): Promise<number> {
  const command = [join(import.meta.dir, name), ...parameters];
  return Bun.spawn(command, { stdin: "ignore", stdout: "ignore", stderr: "inherit" }).exited;
}

function guestErrors(): string {
  const path = join(share, "vm/stderr");
  return existsSync(path) ? readFileSync(path, "utf8").slice(-2000) : "";
}
