import { join } from "node:path";
import { drawFrom } from "../../recording/file-history.ts";
import type { PowerCut } from "./cut-power.ts";
import { copyDisk, loseUnflushed } from "./disk-images.ts";
import { readDisk } from "./file-system.ts";
import type { Remains } from "./judge-remains.ts";

/** Nothing that is younger need be kept. */
const SECOND_NS = 1_000_000_000n;

/** The disk of a cut as QEMU left it, as `PATH.img`, to be read in the VM: PATH is in the folder of all such. */
export async function takeDisk({ history, disk }: PowerCut, path: string): Promise<Remains> {
  await copyDisk(disk, `${path}.img`);
  return { name: "as QEMU left it", path, cutNs: history.latestNs(history.requests.length) };
}

/**
 * The disk as it would have been if the power had gone at other moments, with what no flush had come after lost in part: so
 * does a real disk that caches writes, while a killed QEMU has written all that the guest's kernel had sent. Read already.
 */
export async function takeForgetfulDisks(cut: PowerCut, count: number, folder: string): Promise<Remains[]> {
  const { requests } = cut.history;
  const requestsMin = cut.history.countAt(cut.startedNs + SECOND_NS);
  const disks = [];
  for (let number = 1; number <= count; number++) {
    const requestCount = requestsMin + Math.floor(Math.random() * (requests.length - requestsMin + 1));
    const seed = Math.floor(Math.random() * 2 ** 31);
    const path = join(folder, `forgetful-${number}`);
    await copyDisk(cut.emptyDisk, `${path}.img`);
    const kept = loseUnflushed(`${path}.img`, requests.slice(0, requestCount), drawFrom(seed));
    await readDisk(path);
    const name = `disk ${number}, after ${requestCount} of ${requests.length} requests, of the unflushed ${kept} (seed ${seed})`;
    disks.push({ name, path, cutNs: cut.history.latestNs(requestCount) });
  }
  return disks;
}
