import { join } from "node:path";
import { z } from "zod";

/** What the guest records and the host judges. */

/**
 * recordings: the program, with a host. encoder: its V4L2 encoder, on the kernel's (encoder/plan.ts). Both are played in one
 * boot. power-cuts: boots of their own, that do not end well (power/).
 */
const playedParts = ["recordings", "encoder"] as const;
export type PlayedPart = (typeof playedParts)[number];
export const parts = [...playedParts, "power-cuts"] as const;
export type Part = (typeof parts)[number];

export function isPart(text: string): text is Part {
  return parts.some((part) => part === text);
}

export function isPlayedPart(text: string): text is PlayedPart {
  return playedParts.some((part) => part === text);
}

/** A multiple of 6, as vimc wants it; also of 24, so that vicodec could take the same frames. */
export const pictureSize = { width: 648, height: 480 };

/** Frames that each recording has at least. */
export const framesMin = 30;

/** libcamera's id of vimc's only camera. */
export const cameraStableId = "platform/vimc.0 Sensor B";

/** A label that RFC 4180 wants quoted. */
export const awkwardLabel = 'left, "fast"';

/** The share's path inside the guest (guest/init mounts it). */
export const guestShare = "/mnt";

/** One start of the program; its files are in a folder of this name on the share. */
export interface VmCase {
  readonly name: "two-trials" | "stable-id" | "unknown-camera" | "sigterm" | "unplugged";
  readonly codec: "h264" | "mjpeg";
}

export const vmCases: readonly VmCase[] = [
  { name: "two-trials", codec: "h264" },
  { name: "stable-id", codec: "mjpeg" },
  { name: "unknown-camera", codec: "h264" },
  { name: "sigterm", codec: "h264" },
  { name: "unplugged", codec: "h264" },
];

/** When `doctor` looks: at a camera that nobody has, and at one that the module has. */
export const doctorLooks = ["free", "held"] as const;
export type DoctorLook = (typeof doctorLooks)[number];

/** What it said. `modulePid`: of the module that ran meanwhile. */
export const DoctorAnswer = z.object({
  stdout: z.string(),
  stderr: z.string(),
  exitCode: z.number(),
  modulePid: z.number(),
});
export type DoctorAnswer = z.infer<typeof DoctorAnswer>;

export function doctorAnswerPath(share: string, look: DoctorLook): string {
  return join(share, "doctor", `${look}.json`);
}
