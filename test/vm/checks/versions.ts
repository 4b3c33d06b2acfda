import { readFileSync } from "node:fs";
import { join } from "node:path";
import { RecordingMetadata } from "../../../src/recording/metadata/recording-metadata.ts";
import type { Guest } from "../guests.ts";

/** What of a case's recordings was made on another kernel, or another libcamera, than it should have been. */
export function versionProblems(share: string, folder: string, { kernel, libcamera }: Guest): string[] {
  const [, runs = "none"] = /Linux version (\S+)/.exec(readFileSync(join(share, "vm/dmesg"), "utf8")) ?? [];
  const problems = kernel.test(runs) ? [] : [`the kernel is ${runs}, expected ${kernel.source}`];
  const files = [...new Bun.Glob("**/*_recording.json").scanSync(join(share, folder))];
  if (files.length === 0) problems.push(`${folder} has no recording's metadata`);
  for (const file of files) {
    const { versions } = RecordingMetadata.parse(JSON.parse(readFileSync(join(share, folder, file), "utf8")));
    if (!libcamera.test(versions.libcamera ?? ""))
      problems.push(`${file}: libcamera is ${versions.libcamera}, expected ${libcamera.source}`);
  }
  return problems;
}
