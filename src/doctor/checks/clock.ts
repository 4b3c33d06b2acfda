import { type KernelClock, readKernelClock } from "../../native/kernel-clock.ts";
import type { Finding } from "../finding.ts";
import type { MachineFiles } from "../machine-files.ts";

export interface ClockFacts {
  /** undefined: the kernel does not tell. */
  readonly kernel: KernelClock | undefined;
  /** systemd-timesyncd says that it has set the clock since the machine started. */
  readonly isSetByTimesyncd: boolean;
  /** Who looks after the clock, as far as they show. */
  readonly services: readonly string[];
}

const SERVICES: readonly (readonly [name: string, path: string])[] = [
  ["systemd-timesyncd", "/run/systemd/timesync"],
  ["chrony", "/run/chrony/chronyd.pid"],
  ["ntpd", "/run/ntpd.pid"],
];

export function readClock(files: MachineFiles, kernel = readKernelClock()): ClockFacts {
  return {
    kernel,
    isSetByTimesyncd: files.exists("/run/systemd/timesync/synchronized"),
    services: SERVICES.flatMap(([name, path]) => (files.exists(path) ? name : [])),
  };
}

/** Videos keep the sensor's time whatever the clock says; `record_time_unix` and the sessions' names are the clock's. */
export function checkClock({ kernel, isSetByTimesyncd, services }: ClockFacts): Finding {
  const by = services.length === 0 ? "" : ` (${services.join(", ")})`;
  const finding = {
    check: "clock",
    values: {
      kernel_synchronised: kernel?.isSynchronised ?? null,
      estimated_error_us: kernel?.estimatedErrorUs ?? null,
      set_by_timesyncd: isSetByTimesyncd,
      services: [...services],
    },
  } as const;
  if (isSetByTimesyncd || kernel?.isSynchronised === true)
    return { ...finding, level: "ok", sentence: `the wall clock is synchronised${by}`, advice: [] };
  if (kernel === undefined) {
    const sentence = `whether the wall clock is right is not known: the kernel does not tell${by}`;
    return { ...finding, level: "unknown", sentence, advice: ['"timedatectl" tells more'] };
  }
  return {
    ...finding,
    level: "warning",
    sentence: `the wall clock is not synchronised${by}: times of day in recordings may be wrong, and step while recording`,
    advice:
      services.length > 0
        ? ["wait until it has found a time server: is there a network?"]
        : [
            'have it set: "sudo apt install systemd-timesyncd" (or chrony) and a network; without one, a real-time clock',
          ],
  };
}
