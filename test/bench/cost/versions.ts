import { sourceCommit } from "../../support/source-commit.ts";

/** What is measured, and with what: `commit bc47ffd; Bun 1.4.5; libx264 0.164.3095; …`. */
export function describeVersions(): string {
  const tools = [
    `Bun ${Bun.version}`,
    `libx264 ${said("pkg-config", "--modversion", "x264") ?? "unknown"}`,
    `libjpeg-turbo ${said("pkg-config", "--modversion", "libturbojpeg") ?? "unknown"}`,
    `ffmpeg ${versionIn(said("ffmpeg", "-version"))}`,
    `GStreamer ${versionIn(said("gst-launch-1.0", "--version"))}`,
  ];
  return [`commit ${sourceCommit()}`, ...tools].join("; ");
}

/** `ffmpeg version 5.1.9 Copyright …`, `gst-launch-1.0 version 1.22.0`. */
function versionIn(text: string | undefined): string {
  return text === undefined ? "none" : (/ version (\S+)/.exec(text)?.[1] ?? "unknown");
}

/** undefined where there is no such program, or it fails. */
function said(...command: readonly string[]): string | undefined {
  if (Bun.which(command[0] ?? "") === null) return undefined;
  const { exitCode, stdout } = Bun.spawnSync([...command], { stdout: "pipe", stderr: "ignore" });
  return exitCode === 0 ? stdout.toString().trim() : undefined;
}
