import type { Board } from "../board.ts";
import type { Finding } from "../finding.ts";
import type { MachineFiles } from "../machine-files.ts";

export interface ThrottlingFacts {
  readonly board: Board;
  /** Bits of `vcgencmd get_throttled`; undefined: nobody tells. */
  readonly flags: number | undefined;
}

/** By bit, now; sixteen bits further, since the machine started (Raspberry Pi documentation, "get_throttled"). */
const MEANINGS = ["under-voltage", "a capped CPU frequency", "a throttled CPU", "the soft temperature limit"] as const;
const SINCE_START = 16;

export function readThrottling(files: MachineFiles, board: Board): ThrottlingFacts {
  return { board, flags: parse(fromKernel(files)) ?? parse(files.run("/usr/bin/vcgencmd", "get_throttled")) };
}

export function checkThrottling({ board, flags }: ThrottlingFacts): Finding {
  const [now, before] = [meanings(flags ?? 0), meanings((flags ?? 0) >> SINCE_START)];
  const finding = { check: "throttling", values: { flags: flags ?? null, now, since_start: before } } as const;
  if (flags === undefined && !board.isRaspberryPi)
    return { ...finding, level: "skipped", sentence: "only a Raspberry Pi tells of its power supply", advice: [] };
  if (flags === undefined) {
    const sentence = "under-voltage and throttling are not known: neither the kernel nor vcgencmd tells";
    return {
      ...finding,
      level: "unknown",
      sentence,
      advice: ["vcgencmd is part of raspi-utils, and answers members of the group video"],
    };
  }
  if (now.length === 0 && before.length === 0)
    return { ...finding, level: "ok", sentence: "no under-voltage and no throttling since the start", advice: [] };
  const told = [
    ...(now.length > 0 ? [`now: ${now.join(", ")}`] : []),
    ...(before.length > 0 ? [`since the start: ${before.join(", ")}`] : []),
  ];
  const all = (flags | (flags >> SINCE_START)) & 0xf;
  return {
    ...finding,
    level: "warning",
    sentence: told.join("; "),
    advice: [
      ...((all & 1) !== 0 ? ["a stronger power supply and a short cable (Pi 4: 5.1 V 3 A, Pi 5: 5.1 V 5 A)"] : []),
      ...((all & 0b1110) !== 0 ? ["a fan or a heat sink, and then a restart, which clears what was"] : []),
    ],
  };
}

function meanings(flags: number): string[] {
  return MEANINGS.filter((_, bit) => (flags & (1 << bit)) !== 0);
}

/** Its folder is named after where the board's peripherals lie. */
function fromKernel(files: MachineFiles): string | undefined {
  const platform = "/sys/devices/platform";
  const folders = [
    "",
    ...(files.names(platform) ?? []).filter((name) => name.startsWith("soc")).map((name) => `/${name}`),
  ].map((name) => `${platform}${name}`);
  for (const folder of folders) {
    const firmware = files.names(folder)?.find((name) => name.endsWith(":firmware"));
    const text = firmware === undefined ? undefined : files.read(`${folder}/${firmware}/get_throttled`);
    if (text !== undefined) return text;
  }
  return undefined;
}

/** `50005`, `0x50005` or `throttled=0x50005`. */
function parse(text: string | undefined): number | undefined {
  const digits = /^(?:throttled=)?(?:0x)?([0-9a-f]+)$/.exec(text ?? "")?.[1];
  return digits === undefined ? undefined : Number.parseInt(digits, 16);
}
