import { join } from "node:path";
import { playEncoder } from "../encoder/guest/play.ts";
import { guestShare, isPlayedPart, pictureSize, type VmCase, vmCases } from "../plan.ts";
import { plays } from "./cases.ts";
import { Program } from "./program.ts";

/** `main.ts PART`, in the guest: plays one part of the plan. */
const checkout = join(import.meta.dir, "../../..");

const [part = ""] = process.argv.slice(2);
if (!isPlayedPart(part)) throw new Error(`there is no part "${part}"`);
switch (part) {
  case "recordings":
    for (const vmCase of vmCases) await play(vmCase);
    break;
  case "encoder":
    await playEncoder();
    // What a case that was given up left behind must not keep the VM.
    process.exit(0);
}

async function play({ name, codec }: VmCase): Promise<void> {
  const folder = join(guestShare, name);
  const size = `${pictureSize.width}x${pictureSize.height}`;
  await using program = new Program(
    // biome-ignore format: one option a line
    [
      process.execPath, join(checkout, "src/main.ts"),
      "--source", "libcamera",
      "--size", size,
      "--codec", codec,
      "--first-frame-timeout", "60", // emulated, on a busy machine
      "--log-dir", join(folder, "logs"),
    ],
    folder,
  );
  try {
    await plays[name](program, join(folder, "session_20260106_143052"));
  } catch (thrown) {
    program.giveUp(thrown instanceof Error ? thrown.message : String(thrown));
  }
}
