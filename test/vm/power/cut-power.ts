import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { boot } from "../scripts.ts";
import { DiskHistory } from "./disk-history.ts";
import { copyDisk, formatDisk } from "./disk-images.ts";
import { type Codec, names } from "./plan.ts";

/** A recording whose power went. */
export interface PowerCut {
  /** The disk before, and as it was when QEMU was killed. */
  readonly emptyDisk: string;
  readonly disk: string;
  readonly history: DiskHistory;
  /** When the host had heard `recording_started`. The guest's CLOCK_MONOTONIC, ns. */
  readonly startedNs: bigint;
}

export interface PowerCutPlan {
  readonly name: string;
  readonly codec: Codec;
  /** How long it records. */
  readonly seconds: number;
  /** fdatasync(2) and fsync(2) do nothing. */
  readonly isWithoutSync: boolean;
}

const BOOT_LIMIT_S = 300;
const POLL_MS = 5;
const KILLED = 137;

/** Boots the VM, records to its disk, and kills QEMU in the middle of that. `programs`: the folder with the guest's own. */
export async function cutPower(folder: string, programs: string, plan: PowerCutPlan): Promise<PowerCut> {
  const file = (name: string) => join(folder, name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  copyFileSync(join(programs, names.markTime), file(names.markTime));
  if (plan.isWithoutSync) copyFileSync(join(programs, names.withoutSync), file(names.withoutSync));
  writeFileSync(file("cmd.sh"), `exec sh -e "$CHECKOUT/test/vm/power/guest/record.sh" ${plan.codec}\n`);
  const emptyDisk = file("empty-disk");
  await formatDisk(emptyDisk);
  await copyDisk(emptyDisk, file(names.disk));

  const booting = boot(folder, {
    CSI_CAMERA_VM_DISK: file(names.disk),
    CSI_CAMERA_VM_CLOCK: "instructions",
    CSI_CAMERA_VM_LIMIT_S: String(BOOT_LIMIT_S),
    CSI_CAMERA_VM_MEMORY_MB: "1024",
  });
  const startedNs = await killWhileRecording(folder, booting, plan.seconds);
  const status = await booting;
  if (status !== KILLED || startedNs === undefined) {
    throw new Error(`the guest ended by itself, with ${status}: ${read(file("vm/stderr")).slice(-1000)}`);
  }
  return { emptyDisk, disk: file(names.disk), history: new DiskHistory(file(names.log)), startedNs };
}

/** The seconds are the guest's: a busy machine makes them longer. Returns when recording began by its clock, ns. */
async function killWhileRecording(
  folder: string,
  booting: Promise<number>,
  seconds: number,
): Promise<bigint | undefined> {
  let isRunning = true;
  void booting.then(() => (isRunning = false));
  let startedNs: bigint | undefined;
  while (isRunning) {
    const nowNs = lastMarkNs(join(folder, names.marks));
    if (startedNs === undefined && read(join(folder, names.statuses)).includes('"recording_started"'))
      startedNs = nowNs;
    if (startedNs !== undefined && Number(nowNs - startedNs) / 1e9 >= seconds) {
      process.kill(Number(read(join(folder, "vm/pid"))), "SIGKILL");
      break;
    }
    await Bun.sleep(POLL_MS);
  }
  return startedNs;
}

/** 0: there is none. */
function lastMarkNs(path: string): bigint {
  const lines = read(path).split("\n");
  return BigInt(lines.at(-2) ?? 0);
}

function read(path: string): string {
  return existsSync(path) ? readFileSync(path, "utf8") : "";
}
