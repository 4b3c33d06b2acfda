import { existsSync, mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { checkCase } from "./checks/cases.ts";
import { checkDoctor } from "./checks/doctor.ts";
import { kernelComplaints } from "./checks/kernel-log.ts";
import { Report } from "./checks/report.ts";
import { versionProblems } from "./checks/versions.ts";
import { checkEncoder } from "./encoder/check.ts";
import { prepareEncoder } from "./encoder/prepare.ts";
import { guestOf } from "./guests.ts";
import { doctorLooks, isPart, isPlayedPart, type Part, type PlayedPart, vmCases } from "./plan.ts";
import { checkPowerCuts } from "./power/check.ts";
import { boot, CANNOT_RUN, prepare } from "./scripts.ts";

/**
 * `bun test/vm/run.ts [--debian 13] [SHARE] [PART…]`: plays in the VM, judges outside. SHARE keeps all that the guest left;
 * without it a temporary folder is used, and kept only if a check failed. Parts: recordings, encoder, power-cuts; all where
 * none is named. On Debian 13, with its kernel and its libcamera, all but power-cuts, which neither matters to.
 *
 * Exit status: 0 all passed, 1 a check failed, 77 this machine cannot run the VM.
 */
const { values, positionals: words } = parseArgs({
  options: { debian: { type: "string", default: "12" } },
  allowPositionals: true,
});
const guest = guestOf(values.debian);
const givenParts = words.filter(isPart);
const [givenShare, stray] = words.filter((word) => !isPart(word));
if (stray !== undefined) throw new Error(`there is no part "${stray}"`);
const wanted: readonly Part[] = givenParts.length > 0 ? givenParts : guest.parts;
const impossible = wanted.find((part) => !guest.parts.includes(part));
if (impossible !== undefined) throw new Error(`${impossible} is not played on Debian ${values.debian}`);
const played = wanted.filter(isPlayedPart);

const prepared = await prepare(guest.settings);
if (prepared !== 0) process.exit(prepared);

const share = givenShare === undefined ? mkdtempSync(join(tmpdir(), "csi-camera-vm-")) : resolve(givenShare);
mkdirSync(share, { recursive: true });
const report = new Report();
if (played.length > 0) await playAndCheck(played);
if (wanted.includes("power-cuts")) await timed(() => checkPowerCuts(report, join(share, "power")));
console.log(report.summary());

if (report.failed > 0) console.log(`what the guest left is in ${share}`);
else if (givenShare === undefined) rmSync(share, { recursive: true });
process.exitCode = report.failed === 0 ? 0 : 1;

async function playAndCheck(playing: readonly PlayedPart[]): Promise<void> {
  for (const name of [...vmCases.map((one) => one.name), "doctor"])
    rmSync(join(share, name), { recursive: true, force: true });
  if (playing.includes("encoder")) await prepareEncoder(share);
  writeFileSync(
    join(share, "cmd.sh"),
    `${guest.setUp}
. "$CHECKOUT/test/vm/guest/virtual-camera.sh"
status=0
for part in ${playing.join(" ")}; do
  "$CHECKOUT/node_modules/.bin/bun" "$CHECKOUT/test/vm/guest/main.ts" $part || status=$?
done
exit $status
`,
  );
  const booted = await timed(() => boot(share, guest.settings));
  if (booted === CANNOT_RUN) process.exit(CANNOT_RUN);
  report.check("the guest ran to its end", booted === 0 ? undefined : `status ${booted}\n${guestErrors()}`);
  for (const part of playing) await checkPart(part);
  await report.attempt("the kernel complains of nothing", async () => kernelComplaints(share));
}

async function checkPart(part: PlayedPart): Promise<void> {
  switch (part) {
    case "recordings":
      await report.attempt(`kernel and libcamera are Debian ${values.debian}'s`, async () =>
        versionProblems(share, "two-trials", guest),
      );
      for (const vmCase of vmCases) await checkCase(report, share, vmCase, guest);
      for (const look of doctorLooks) await checkDoctor(report, share, look);
      break;
    case "encoder":
      await checkEncoder(report, share);
  }
}

async function timed<T>(act: () => Promise<T>): Promise<T> {
  const startedAt = performance.now();
  const result = await act();
  console.log(`the VM ran ${Math.round((performance.now() - startedAt) / 1000)} s`);
  return result;
}

function guestErrors(): string {
  const path = join(share, "vm/stderr");
  return existsSync(path) ? readFileSync(path, "utf8").slice(-2000) : "";
}
