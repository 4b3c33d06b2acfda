import type { Report } from "../checks/report.ts";
import { checkOtherCase } from "./checks/other-cases.ts";
import { checkStream } from "./checks/stream.ts";
import { otherCases, streamCases } from "./plan.ts";

/** Judges all that the guest did with the encoder by what it left on the share. */
export async function checkEncoder(report: Report, share: string): Promise<void> {
  for (const stream of Object.values(streamCases)) await checkStream(report, share, stream);
  for (const name of otherCases) checkOtherCase(report, share, name);
}
