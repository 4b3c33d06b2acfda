import { z } from "zod";
import { runProgram } from "../support/run-program.ts";
import type { Verified } from "./findings.ts";

/** What is read of `verify --json`; an unreadable file has no more than problems. */
const Report = z.tuple([
  z.object({
    verdict: z.enum(["sound", "not_sound", "unreadable"]),
    problems: z.array(z.string()),
    video: z.object({ samples: z.number(), rate: z.number() }).default({ samples: 0, rate: 0 }),
    intervals: z
      .object({ gaps: z.object({ count: z.number() }) })
      .nullish()
      .transform((intervals) => intervals?.gaps.count ?? 0),
  }),
]);

/** Has the program verify a recording, as its user would. */
export async function verifyTrial(video: string): Promise<Verified> {
  const { exitCode, stdout, stderr } = await runProgram(["verify", "--json", video]);
  try {
    const [report] = Report.parse(JSON.parse(stdout));
    const problems = [...report.problems];
    if (problems.length === 0 && (exitCode !== 0 || report.verdict !== "sound")) {
      problems.push(`verify ended with ${exitCode} and says ${report.verdict}`);
    }
    return { video, problems, samples: report.video.samples, gaps: report.intervals, rate: report.video.rate };
  } catch (cause) {
    const problem = `verify ended with ${exitCode} and said what can't be read (${String(cause)}): ${stderr}`;
    return { video, problems: [problem], samples: 0, gaps: 0, rate: 0 };
  }
}
