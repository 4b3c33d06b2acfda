import { join } from "node:path";
import { guestShare, pictureSize, type VmCase, vmCases } from "../plan.ts";
import { plays } from "./cases.ts";
import { Program } from "./program.ts";

/** Runs in the guest: starts the program once for each case and plays its host. */
const checkout = join(import.meta.dir, "../../..");

for (const vmCase of vmCases) await play(vmCase);

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
