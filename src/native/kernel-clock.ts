import { dlopen } from "bun:ffi";
import { newStruct } from "./struct.ts";

/** What the kernel knows of its wall clock. */
export interface KernelClock {
  /** Somebody (NTP, PTP, GPS) keeps it right. */
  readonly isSynchronised: boolean;
  /** As that somebody thinks, µs. */
  readonly estimatedErrorUs: number;
}

// struct timex of linux/timex.h on 64-bit machines: bytes, and offsets of its fields.
const TIMEX_BYTES = 208;
const ESTIMATED_ERROR = 32;
const STATUS = 40;
const STA_UNSYNC = 0x40;
const TIME_ERROR = 5;

/** adjtimex(2) with nothing to adjust; undefined where it is not allowed. */
export function readKernelClock(): KernelClock | undefined {
  const libc = dlopen("libc.so.6", { adjtimex: { args: ["ptr"], returns: "i32" } });
  const { bytes, view } = newStruct(TIMEX_BYTES);
  const state = libc.symbols.adjtimex(bytes);
  if (state < 0) return undefined;
  return {
    isSynchronised: state !== TIME_ERROR && (view.getInt32(STATUS, true) & STA_UNSYNC) === 0,
    estimatedErrorUs: Number(view.getBigInt64(ESTIMATED_ERROR, true)),
  };
}
