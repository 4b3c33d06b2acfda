import { OPTIONS } from "./options.ts";

/** What `--help` prints. */
export function helpText(): string {
  const rows = [
    ...OPTIONS.map(({ name, value, help }): [string, string] => [
      `--${name}${value === undefined ? "" : ` ${value.placeholder}`}`,
      help,
    ]),
    ["--help", "print this"] as const,
    ["--version", "print the version"] as const,
  ];
  const width = Math.max(...rows.map(([left]) => left.length));
  return [
    "Usage: csi-camera [options]            serve a host: commands on stdin, statuses on stdout",
    "       csi-camera demo                 play a host for ten seconds, without a camera",
    "       csi-camera list                 cameras and encoders of this machine; --json: for programs",
    "       csi-camera doctor [FOLDER]      will this machine record? With the options below; --json: for programs",
    "       csi-camera verify FILE.mp4…     check recordings and what lies beside them; --json: for programs",
    "       csi-camera repair FILE.mp4…     make ordinary MP4 files of recordings that were broken off",
    "       csi-camera rpi-logger install PATH      take the place of RPi Logger's CSI camera module",
    "       csi-camera rpi-logger uninstall PATH    put RPi Logger's own module back",
    "",
    "Each option is an environment variable as well (--record-fps: CSI_CAMERA_RECORD_FPS); the option wins.",
    "",
    ...rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`),
    "",
  ].join("\n");
}
