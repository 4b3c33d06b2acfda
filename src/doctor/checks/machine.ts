import type { Board } from "../board.ts";
import type { Finding } from "../finding.ts";
import type { MachineFiles } from "../machine-files.ts";

export interface MachineFacts {
  /** As Node.js names it: `arm64`, `x64`. */
  readonly architecture: string;
  readonly board: Board;
  /** E.g. `Debian GNU/Linux 12 (bookworm)`. */
  readonly system: string | undefined;
  readonly kernel: string | undefined;
}

/** What the module is made for and tried on. */
const ARCHITECTURES = ["arm64", "x64"];

export function readMachine(files: MachineFiles, board: Board): MachineFacts {
  const release = files.read("/etc/os-release") ?? "";
  return {
    architecture: process.arch,
    board,
    system: /^PRETTY_NAME="?([^"\n]*)"?$/m.exec(release)?.[1],
    kernel: files.read("/proc/sys/kernel/osrelease"),
  };
}

export function checkMachine({ architecture, board, system, kernel }: MachineFacts): Finding {
  const model = board.model ?? "a computer that does not tell its model (no Raspberry Pi)";
  const isKnown = ARCHITECTURES.includes(architecture);
  return {
    check: "machine",
    level: isKnown ? "ok" : "warning",
    sentence: `${model}, ${architecture}, ${system ?? "unknown system"}, Linux ${kernel ?? "unknown"}`,
    advice: isKnown ? [] : [`nothing was ever tried on ${architecture}: a 64-bit ARM or x86 system is expected`],
    values: { architecture, model: board.model ?? null, system: system ?? null, kernel: kernel ?? null },
  };
}
