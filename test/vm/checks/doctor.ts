import { readFileSync } from "node:fs";
import { z } from "zod";
import { CHECKS, type CheckName, EXIT_CODES, verdictOf } from "../../../src/doctor/finding.ts";
import { cameraStableId, DoctorAnswer, doctorAnswerPath, type DoctorLook } from "../plan.ts";
import type { Report } from "./report.ts";

const Finding = z.object({
  check: z.string(),
  level: z.enum(["ok", "skipped", "unknown", "warning", "failure"]),
  sentence: z.string(),
  advice: z.array(z.string()),
  values: z.unknown(),
});
/** What `doctor --json` prints, as far as it is looked at here. */
const DoctorReport = z.object({ verdict: z.string(), findings: z.array(Finding) });
type DoctorReport = z.infer<typeof DoctorReport>;

const Cameras = z.object({ cameras: z.array(z.object({ id: z.string(), model: z.string() })) });
const Capture = z.object({ frames_per_second: z.number().nullable(), error_code: z.string().nullable() });
const InUse = z.object({
  holders: z.array(z.object({ pid: z.number(), name: z.string(), nodes: z.array(z.string()) })),
});

/** Judges what `doctor` said of the kernel's camera, which the module had meanwhile or had not. */
export async function checkDoctor(report: Report, share: string, look: DoctorLook): Promise<void> {
  const check = (claim: string, find: (told: DoctorReport, answer: DoctorAnswer) => string[]) =>
    report.attempt(`doctor, ${look} camera: ${claim}`, async () => {
      const answer = DoctorAnswer.parse(JSON.parse(readFileSync(doctorAnswerPath(share, look), "utf8")));
      return find(DoctorReport.parse(JSON.parse(answer.stdout)), answer);
    });
  await check("all findings are there, in their order, and the verdict is theirs", verdictProblems);
  switch (look) {
    case "free":
      await check("cameras has its name", namesProblems);
      await check("capture has its frames", captureProblems);
      await check("in_use finds nobody, not even a module that is idle", (told) => [
        ...levelProblems(told, "in_use", "ok"),
        ...differs(InUse.parse(finding(told, "in_use").values).holders, []),
      ]);
      break;
    case "held":
      await check("what fails for it says to look at in_use", leadProblems);
      await check("in_use names the module", holderProblems);
  }
}

function verdictProblems({ verdict, findings }: DoctorReport, { exitCode }: DoctorAnswer): string[] {
  const checks = findings.map(({ check }) => check);
  const expected = verdictOf(findings);
  return [...differs(checks, Object.keys(CHECKS)), ...differs([verdict, exitCode], [expected, EXIT_CODES[expected]])];
}

function namesProblems(told: DoctorReport): string[] {
  const { sentence, values } = finding(told, "cameras");
  const { cameras } = Cameras.parse(values);
  const ids = cameras.map(({ id }) => id);
  return [
    ...levelProblems(told, "cameras", "ok"),
    ...differs(ids, [cameraStableId]),
    ...lacks(sentence, `picam:0 ${cameras[0]?.model}`),
  ];
}

function captureProblems(told: DoctorReport): string[] {
  const { frames_per_second: rate } = Capture.parse(finding(told, "capture").values);
  return [...levelProblems(told, "capture", "ok"), ...((rate ?? 0) > 0 ? [] : [`${rate} frames/s`])];
}

/**
 * libcamera's code for vimc sets links when it looks for cameras. The kernel lets nobody do that while the camera runs, so
 * libcamera sees none. Where it sees one, as with other cameras, that one is busy.
 */
function leadProblems(told: DoctorReport): string[] {
  const [cameras, capture] = [finding(told, "cameras"), finding(told, "capture")];
  const failed = cameras.level === "failure" ? cameras : capture;
  return [
    ...(failed.level === "failure" ? [] : [`neither cameras nor capture (${capture.sentence}) failed`]),
    ...(failed === capture ? differs(Capture.parse(capture.values).error_code, "camera_busy") : []),
    ...lacks(failed.advice[0] ?? "", "see In use"),
  ];
}

function holderProblems(told: DoctorReport, { modulePid }: DoctorAnswer): string[] {
  const { level, sentence, values } = finding(told, "in_use");
  const { holders } = InUse.parse(values);
  const pids = holders.map(({ pid }) => pid);
  const hasVideo = holders[0]?.nodes.some((node) => node.startsWith("/dev/video")) ?? false;
  return [
    ...(level === "warning" || level === "failure" ? [] : [`in_use is "${level}" (${sentence})`]),
    ...differs(pids, [modulePid]),
    ...lacks(sentence, `${holders[0]?.name} (process ${modulePid}`),
    ...(hasVideo ? [] : ["it has no /dev/video node"]),
  ];
}

/** Throws where it is not there. */
function finding({ findings }: DoctorReport, name: CheckName): z.infer<typeof Finding> {
  const found = findings.find(({ check }) => check === name);
  if (found === undefined) throw new Error(`there is no finding "${name}"`);
  return found;
}

function levelProblems(told: DoctorReport, name: CheckName, expected: string): string[] {
  const { level, sentence } = finding(told, name);
  return level === expected ? [] : [`${name} is "${level}" (${sentence}), expected "${expected}"`];
}

function lacks(sentence: string, part: string): string[] {
  return sentence.includes(part) ? [] : [`"${sentence}" does not say "${part}"`];
}

function differs(got: unknown, expected: unknown): string[] {
  const isSame = Bun.deepEquals(got, expected, true);
  return isSame ? [] : [`got ${JSON.stringify(got)}, expected ${JSON.stringify(expected)}`];
}
