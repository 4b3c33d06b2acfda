import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type DoctorAnswer, type DoctorLook, doctorAnswerPath, guestShare, pictureSize } from "../plan.ts";

/** It takes a tenth of that, and more on a busy machine; one that hangs must not keep the VM. */
const PATIENCE_MS = 120_000;

const program = join(import.meta.dir, "../../../src/main.ts");

/** Has `doctor` look at the camera and leaves what it said on the share. `modulePid`: of the module that runs meanwhile. */
export async function askDoctor(look: DoctorLook, modulePid: number): Promise<void> {
  const child = Bun.spawn(
    // biome-ignore format: one option a line
    [
      process.execPath, program, "doctor", "--json",
      "--source", "libcamera",
      "--size", `${pictureSize.width}x${pictureSize.height}`,
      "--record-fps", "2", // emulated: a camera that is slower than asked is a warning
      "--encoder", "v4l2m2m", // there is none, which takes no time; nor is it the camera's affair
      "--bitrate", "200000", // so little that the disk is tried in no time
      "--first-frame-timeout", "60",
      "/tmp", // the share would be the host's disk
    ],
    { stdin: "ignore", stdout: "pipe", stderr: "pipe", timeout: PATIENCE_MS },
  );
  const [stdout, stderr, exitCode] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  const path = doctorAnswerPath(guestShare, look);
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, JSON.stringify({ stdout, stderr, exitCode, modulePid } satisfies DoctorAnswer));
}
