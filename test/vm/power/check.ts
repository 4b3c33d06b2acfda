import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { howMany } from "../../long/effort.ts";
import { kernelComplaints } from "../checks/kernel-log.ts";
import type { Report } from "../checks/report.ts";
import { compile } from "../compile.ts";
import { boot } from "../scripts.ts";
import { cutPower, type PowerCutPlan } from "./cut-power.ts";
import { leadTo } from "./disk-images.ts";
import { type Claim, claims, judgeRemains, type Remains, type Verdict } from "./judge-remains.ts";
import { codecs, names } from "./plan.ts";
import { takeDisk, takeForgetfulDisks } from "./take-disks.ts";

const CUTS = howMany({ few: 1, many: 10 });
/** Of each cut: disks that forgot what they had not flushed, each at another moment of the recording. */
const FORGETFUL_DISKS = howMany({ few: 12, many: 25 });
/** Later than the first second, in which nothing need be kept. */
const SECONDS_MIN = 1.2;
const SECONDS_MAX = 6;
/** Each takes one processor. */
const CUTS_AT_ONCE = Math.min(2, availableParallelism());

/** Cuts the power, has the disks mounted again, and judges what is on them. `folder` keeps all of it. */
export async function checkPowerCuts(report: Report, folder: string): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  const disks = join(folder, "disks");
  mkdirSync(disks, { recursive: true });
  await buildPrograms(folder);
  const plans = planCuts();
  const found = new Map<PowerCutPlan, readonly Remains[]>();
  const waiting = plans.values();
  const cutNext = async () => {
    for (const plan of waiting) {
      await report.attempt(`${plan.name}: QEMU was killed, and its log tells all that the disk held`, async () => {
        const cut = await cutPower(join(folder, fileName(plan)), folder, plan);
        const disk = await takeDisk(cut, join(disks, fileName(plan)));
        found.set(plan, [disk, ...(await takeForgetfulDisks(cut, FORGETFUL_DISKS, join(folder, fileName(plan))))]);
        return leadTo(cut.history.requests, cut.emptyDisk, cut.disk) ? undefined : "the disk held something else";
      });
    }
  };
  await Promise.all(Array.from({ length: CUTS_AT_ONCE }, cutNext));
  await report.attempt("the disks that QEMU left were mounted by a kernel that complains of nothing", () =>
    readDisks(disks),
  );
  for (const plan of plans) {
    const verdicts = [];
    for (const remains of found.get(plan) ?? []) verdicts.push(await judgeRemains(remains));
    checkVerdicts(report, plan, verdicts);
    describe(plan, verdicts);
  }
}

function planCuts(): PowerCutPlan[] {
  const seconds = () => SECONDS_MIN + Math.random() * (SECONDS_MAX - SECONDS_MIN);
  const first = Math.floor(Math.random() * codecs.length);
  const cuts = Array.from({ length: CUTS }, (_, index) => {
    const codec = codecs[(first + index) % codecs.length] ?? codecs[0];
    return { name: `power cut ${index + 1}`, codec, seconds: seconds(), isWithoutSync: false };
  });
  return [
    ...cuts,
    { name: "power cut without fdatasync", codec: codecs[first] ?? codecs[0], seconds: 3, isWithoutSync: true },
  ];
}

function fileName({ name }: PowerCutPlan): string {
  return name.replaceAll(" ", "-");
}

async function buildPrograms(folder: string): Promise<void> {
  const source = (name: string) => join(import.meta.dir, "guest", name);
  await compile(source("mark-time.cpp"), join(folder, names.markTime), "-static");
  await compile(source("without-sync.cpp"), join(folder, names.withoutSync), "-shared", "-fPIC");
}

async function readDisks(folder: string): Promise<readonly string[]> {
  writeFileSync(join(folder, "cmd.sh"), `. "$CHECKOUT/test/vm/power/guest/read-disks.sh"\n`);
  const status = await boot(folder);
  return status === 0 ? kernelComplaints(folder) : [`the guest ended with ${status}`];
}

/** One check for each claim; where nothing was synced, the other way round: each sound file system must fail another. */
function checkVerdicts(report: Report, { name, isWithoutSync }: PowerCutPlan, verdicts: readonly Verdict[]): void {
  const failures = verdicts.flatMap(({ failure }) => failure ?? []);
  const none = verdicts.length === 0 ? ["there is no disk"] : [];
  if (isWithoutSync) {
    const noticed = failures.filter(({ claim }) => claim !== "mount").length;
    const unnoticed = verdicts.length - noticed;
    report.check(`${name}: what is missing is noticed`, unnoticed > 0 ? [`not on ${unnoticed} disks`] : none);
    return;
  }
  for (const claim of Object.keys(claims) as Claim[]) {
    const texts = failures.filter((failure) => failure.claim === claim).map(({ text }) => text);
    report.check(`${name}: ${claims[claim]}`, [...none, ...texts]);
  }
}

function describe({ name, codec, seconds }: PowerCutPlan, verdicts: readonly Verdict[]): void {
  const lost = verdicts.map(({ lostSeconds }) => lostSeconds?.toFixed(2) ?? "all").join(" ");
  console.log(
    `      ${name}: ${codec}, ${seconds.toFixed(1)} s; missing, s, as QEMU left it, then on forgetful disks: ${lost}`,
  );
  const torn = new Set(verdicts.flatMap((verdict) => verdict.torn));
  if (torn.size > 0) console.log(`      ${name}: before the repair: ${[...torn].join("; ")}`);
}
