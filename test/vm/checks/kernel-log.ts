import { readFileSync } from "node:fs";
import { join } from "node:path";

/** What the kernel writes when one of its own assumptions does not hold. */
const COMPLAINT = /\b(WARNING|BUG|Oops|Call Trace|general protection fault|refcount_t)\b|blocked for more than/;

/** The complaints in the guest's kernel log. */
export function kernelComplaints(share: string): string[] {
  const lines = readFileSync(join(share, "vm/dmesg"), "utf8").split("\n");
  return lines.filter((line) => COMPLAINT.test(line));
}
