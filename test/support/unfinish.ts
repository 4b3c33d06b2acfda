import { closeSync, openSync, readSync, truncateSync, writeSync } from "node:fs";
import { RESERVED_BOX } from "../../src/recording/mp4/reserved-box.ts";

/** Makes of an ordinary recording what it was right before it was finished: a fragmented file. */
export function unfinish(path: string): void {
  const descriptor = openSync(path, "r+");
  const head = Buffer.alloc(512);
  readSync(descriptor, head, 0, head.length, 0);
  const reservedAt = head.readUInt32BE(0);
  const moovAt = reservedAt + Number(head.readBigUInt64BE(reservedAt + 8));
  writeSync(descriptor, RESERVED_BOX, 0, RESERVED_BOX.length, reservedAt);
  closeSync(descriptor);
  truncateSync(path, moovAt - 8);
}
