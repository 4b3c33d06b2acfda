import { readFileSync } from "node:fs";

/** What a disk was asked for. */
export type DiskRequest =
  | { readonly kind: "write"; readonly at: number; readonly bytes: Buffer }
  /** All that was written before is on the disk for good. */
  | { readonly kind: "flush" };

// The log's format: drivers/md/dm-log-writes.c. Everything begins at a sector; numbers are little-endian.
const MAGIC = 0x6a_73_66_77_73_68_72n;
const SECTOR_BYTES = 512;
const ENTRY_BYTES = 32;
const FLUSH = 1n;
const DISCARD = 4n;

/**
 * Reads QEMU's log of a disk (its driver blklogwrites), up to where it was when QEMU was killed. The count in its super
 * block is not used: that is only brought up to date at a flush.
 */
export function readWriteLog(path: string): DiskRequest[] {
  const log = readFileSync(path);
  if (log.length < SECTOR_BYTES || log.readBigUInt64LE() !== MAGIC) throw new Error(`${path} is no log of writes`);
  const sectorBytes = log.readUInt32LE(24);
  if (sectorBytes !== SECTOR_BYTES) throw new Error(`${path} counts in sectors of ${sectorBytes} bytes`);
  const requests: DiskRequest[] = [];
  for (let at = SECTOR_BYTES; at + ENTRY_BYTES <= log.length; ) {
    const sector = Number(log.readBigUInt64LE(at));
    const byteCount = Number(log.readBigUInt64LE(at + 8)) * SECTOR_BYTES;
    const flags = log.readBigUInt64LE(at + 16);
    const dataAt = at + SECTOR_BYTES;
    const isTorn = dataAt + byteCount > log.length || (byteCount === 0 && flags === 0n);
    if (isTorn) break;
    if ((flags & DISCARD) !== 0n)
      throw new Error(`${path}: sector ${sector} was discarded, which nobody should do here`);
    if ((flags & FLUSH) !== 0n) requests.push({ kind: "flush" });
    if (byteCount > 0) {
      requests.push({ kind: "write", at: sector * SECTOR_BYTES, bytes: log.subarray(dataAt, dataAt + byteCount) });
    }
    at = dataAt + byteCount;
  }
  return requests;
}
