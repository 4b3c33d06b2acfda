import { dlopen, ptr } from "bun:ffi";

// process.hrtime() counts from the start of the process in Bun; sensor timestamps need the kernel's own clocks.
const libc = dlopen("libc.so.6", { clock_gettime: { args: ["i32", "ptr"], returns: "i32" } });

// linux/time.h
const CLOCK_REALTIME = 0;
const CLOCK_MONOTONIC = 1;
const CLOCK_BOOTTIME = 7;

/** Attempts to read two clocks at once; whatever keeps this thread in between spoils one. */
const PAIRS = 5;

const timespec = new BigInt64Array(2);
const timespecAddress = ptr(timespec);

/** CLOCK_MONOTONIC, ns. */
export function monotonicNs(): bigint {
  return read(CLOCK_MONOTONIC);
}

/** CLOCK_REALTIME, ns since 1970. */
export function realtimeNs(): bigint {
  return read(CLOCK_REALTIME);
}

/**
 * CLOCK_BOOTTIME minus CLOCK_MONOTONIC, ns: how long the machine was suspended since it started. To the microsecond, which is
 * about what reading two clocks one after the other allows.
 */
export function suspendedNs(): bigint {
  let [closestNs, offsetNs] = [-1n, 0n];
  for (let pair = 0; pair < PAIRS; pair++) {
    const before = monotonicNs();
    const boottime = read(CLOCK_BOOTTIME);
    const apartNs = monotonicNs() - before;
    if (closestNs >= 0n && apartNs >= closestNs) continue;
    [closestNs, offsetNs] = [apartNs, boottime - before - apartNs / 2n];
  }
  return ((offsetNs + 500n) / 1000n) * 1000n;
}

function read(clock: number): bigint {
  libc.symbols.clock_gettime(clock, timespecAddress);
  // By index: taking an array apart by its iterator costs more than the call above.
  return (timespec[0] ?? 0n) * 1_000_000_000n + (timespec[1] ?? 0n);
}
