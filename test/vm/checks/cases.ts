import { join } from "node:path";
import type { Guest } from "../guests.ts";
import { awkwardLabel, framesMin, guestShare, pictureSize, type VmCase } from "../plan.ts";
import type { Status } from "../transcript.ts";
import { commandLogProblems } from "./command-log.ts";
import { type Dialogue, exitProblem, outline, readDialogue, replyProblems } from "./dialogue.ts";
import { checkRecording, type ExpectedRecording } from "./recording.ts";
import type { Report } from "./report.ts";
import { verifyProblem } from "./verify.ts";

interface Expectation {
  /** As `outline()` has it; a regular expression each. */
  readonly statuses: readonly RegExp[];
  /** In the order in which they stopped. */
  readonly recordings: readonly Omit<ExpectedRecording, "codec" | "sensorScale">[];
}

const trialOne = { trial: 1, deviceId: "picam:0", csvLabel: "", framesMin };
const quotedLabel = `"${awkwardLabel.replaceAll('"', '""')}"`;

const expectations: Record<VmCase["name"], Expectation> = {
  "two-trials": {
    statuses: [
      /^ready$/,
      /^command_nack:no_device$/,
      /^device_ready$/,
      /^command_nack:not_recording$/,
      /^recording_started$/,
      /^command_nack:already_recording$/,
      /^recording_stopped$/,
      /^recording_started$/,
      /^recording_stopped$/,
      /^device_unassigned$/,
    ],
    recordings: [trialOne, { ...trialOne, trial: 2 }],
  },
  "stable-id": {
    statuses: [
      /^ready$/,
      /^command_ack$/,
      /^device_ready$/,
      /^device_ready$/,
      /^recording_started$/,
      /^recording_stopped$/,
      /^recording_started$/,
      /^\*recording_stopped \(.+\)$/,
      /^device_unassigned$/,
    ],
    recordings: [
      { ...trialOne, deviceId: "picam:7", csvLabel: quotedLabel },
      { ...trialOne, deviceId: "picam:7", trial: 2 },
    ],
  },
  "unknown-camera": {
    statuses: [/^ready$/, /^device_error:camera_not_found$/, /^device_ready$/],
    recordings: [],
  },
  sigterm: {
    statuses: [/^ready$/, /^device_ready$/, /^recording_started$/, /^\*recording_stopped \(.+\)$/],
    recordings: [trialOne],
  },
  unplugged: {
    statuses: [
      /^ready$/,
      /^device_ready$/,
      /^recording_started$/,
      /^\*recording_stopped \(camera_lost\)$/,
      /^\*device_error:camera_lost$/,
      /^command_nack:camera_reconnecting$/,
      /^\*device_ready$/,
      /^recording_started$/,
      /^recording_stopped$/,
      /^device_unassigned$/,
    ],
    recordings: [trialOne, { ...trialOne, trial: 2 }],
  },
};

/** Judges one case by what it left on the share. */
export async function checkCase(
  report: Report,
  share: string,
  { name, codec }: VmCase,
  { sensorScale }: Guest,
): Promise<void> {
  const folder = join(share, name);
  const expected = expectations[name];
  let dialogue: Dialogue;
  try {
    dialogue = readDialogue(folder);
  } catch (thrown) {
    report.check(`${name}: was played`, thrown instanceof Error ? thrown.message : String(thrown));
    return;
  }
  report.check(`${name}: ends with exit code 0`, exitProblem(dialogue));
  report.check(`${name}: nothing but statuses on stdout`, dialogue.strayLines);
  report.check(`${name}: one final reply to each command`, replyProblems(dialogue));
  report.check(`${name}: the statuses are the expected ones`, outlineProblem(dialogue, expected.statuses));
  await report.attempt(`${name}: commands.jsonl tells each command's story`, async () =>
    commandLogProblems(folder, dialogue),
  );

  const stops = dialogue.statuses.filter(({ status }) => status === "recording_stopped");
  for (const [index, recording] of expected.recordings.entries()) {
    const claim = `${name}, trial ${recording.trial}`;
    await checkStop(report, claim, share, stops[index], { ...recording, codec, sensorScale });
  }
}

async function checkStop(
  report: Report,
  name: string,
  share: string,
  stop: Status | undefined,
  expected: ExpectedRecording,
): Promise<void> {
  const { video_path: guestPath, ledger, camera_id: cameraId } = stop ?? {};
  if (guestPath === undefined || ledger === undefined || cameraId !== expected.deviceId) {
    report.check(`${name}: recording_stopped has camera, path and ledger`, `it is ${JSON.stringify(stop)}`);
    return;
  }
  const videoPath = join(share, guestPath.slice(guestShare.length));
  await checkRecording(report, name, videoPath, ledger, expected);
  await report.attempt(`${name}: the program's own verify agrees`, () => verifyProblem(videoPath));
  console.log(`      ${name}: ${JSON.stringify(ledger)} ${pictureSize.width}x${pictureSize.height}`);
}

function outlineProblem(dialogue: Dialogue, expected: readonly RegExp[]): string | undefined {
  const got = outline(dialogue);
  const isSame = got.length === expected.length && expected.every((pattern, index) => pattern.test(got[index] ?? ""));
  return isSame ? undefined : `got ${got.join(", ")}; expected ${expected.map((pattern) => pattern.source).join(", ")}`;
}
