import { howMany } from "../../long/effort.ts";
import { drawFrom } from "../../recording/file-history.ts";
import type { PowerCut } from "./cut-power.ts";
import { copyDisk, loseUnflushed } from "./disk-images.ts";
import type { Remains } from "./judge-remains.ts";

/** Of each cut: so many disks that forgot what they had not flushed, each at another moment of the recording. */
const FORGETFUL_DISKS = howMany({ few: 12, many: 25 });

/** Nothing that is younger need be kept. */
const SECOND_NS = 1_000_000_000n;

/**
 * Makes `PATH….img` of a cut: the disk as QEMU left it, and what it would have been if the power had gone at other moments,
 * with what no flush had come after lost in part. The second kind is what a real disk does that is told to cache writes; a
 * killed QEMU has written all that the guest's kernel had sent.
 */
export async function takeDisks({ history, startedNs, disk, emptyDisk }: PowerCut, path: string): Promise<Remains[]> {
  const { requests } = history;
  await copyDisk(disk, `${path}.img`);
  const disks = [{ name: "as QEMU left it", path, cutNs: history.latestNs(requests.length) }];
  const countMin = history.countAt(startedNs + SECOND_NS);
  for (let number = 1; number <= FORGETFUL_DISKS; number++) {
    const count = countMin + Math.floor(Math.random() * (requests.length - countMin + 1));
    const seed = Math.floor(Math.random() * 2 ** 31);
    const copy = `${path}-${number}`;
    await copyDisk(emptyDisk, `${copy}.img`);
    const kept = loseUnflushed(`${copy}.img`, requests.slice(0, count), drawFrom(seed));
    const name = `disk ${number} (${count} of ${requests.length} requests, of what was not flushed ${kept}, seed ${seed})`;
    disks.push({ name, path: copy, cutNs: history.latestNs(count) });
  }
  return disks;
}
