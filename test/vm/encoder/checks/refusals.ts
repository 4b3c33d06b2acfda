import type { Report } from "../../checks/report.ts";
import type { JournalEvent } from "../journal.ts";
import { refusedDevices } from "../plan.ts";
import { eventsOf } from "./journal.ts";

/** What each of refusedDevices is answered with. */
const refusals: Record<(typeof refusedDevices)[number]["what"], readonly [code: string, message: RegExp]> = {
  none: ["encoder_unavailable", /^this machine has no V4L2 encoder for this codec/],
  "the encoder of another codec": ["encoder_failed", /^\/dev\/video\d+ \(vicodec\) does not encode to H\.264;/],
  "a decoder": [
    "encoder_failed",
    /^\/dev\/video\d+ \(vicodec\) does not encode to H\.264: it is a decoder or converter;/,
  ],
  "a camera": ["encoder_failed", /^\/dev\/video\d+ \(.+\) is no encoder but a camera;/],
  "a node that is not there": ["encoder_unavailable", /^there is no device \/dev\/video99;/],
  "a device of another kind": ["encoder_failed", /^\/dev\/null is no video device;/],
};

export function checkRefusals(report: Report, events: readonly JournalEvent[]): void {
  const answers = eventsOf(events, "not_opened");
  for (const { what } of refusedDevices) {
    const [code, message] = refusals[what];
    const answer = answers.find((each) => each.what === what);
    const fits = answer?.code === code && message.test(answer.message);
    report.check(
      `refusals, ${what}: the error says what it is`,
      fits ? undefined : `got ${answer?.code}: ${answer?.message}; expected ${code}: ${message.source}`,
    );
  }
}
