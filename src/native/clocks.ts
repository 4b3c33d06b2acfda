import { dlopen, ptr } from "bun:ffi";

// process.hrtime() counts from the start of the process in Bun; sensor timestamps need the kernel's own clocks.
const libc = dlopen("libc.so.6", { clock_gettime: { args: ["i32", "ptr"], returns: "i32" } });

// linux/time.h
const CLOCK_REALTIME = 0;
const CLOCK_MONOTONIC = 1;

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

function read(clock: number): bigint {
  libc.symbols.clock_gettime(clock, timespecAddress);
  const [seconds = 0n, nanoseconds = 0n] = timespec;
  return seconds * 1_000_000_000n + nanoseconds;
}
