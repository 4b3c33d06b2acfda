import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Report } from "../../checks/report.ts";

/** One node, and none of the decoders or cameras. */
const LISTED = [
  /^ {2}\/dev\/video\d+ {2}vicodec {2}vicodec$/,
  /^ {4}out +FWHT$/,
  /^ {4}in +.*\bYU12\b.*\bNV12\b.*\(single-planar API\)$/,
  /^ {4}size +640x360 to 4096x2160 in steps of 8x8$/,
];

export function checkList(report: Report, folder: string): void {
  const text = readFileSync(join(folder, "list.txt"), "utf8");
  const lines = text.slice(text.indexOf("Hardware encoders")).split("\n");
  report.check(
    "list: has vicodec's encoder, once",
    LISTED.flatMap((pattern) => {
      const count = lines.filter((line) => pattern.test(line)).length;
      return count === 1 ? [] : [`${count} lines are ${pattern.source}`];
    }),
  );
  const nodes = lines.filter((line) => line.includes("/dev/video"));
  report.check("list: has no decoder and no camera among the encoders", nodes.length === 1 ? undefined : nodes);
}
