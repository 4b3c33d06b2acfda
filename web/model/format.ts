/** How numbers and times are written on the page. All of them take what the messages carry. */

const COUNT = new Intl.NumberFormat("en");

/** What stands where nothing is known. */
export const NOTHING = "–";

/** 22910: `22,910`. */
export function formatCount(count: number): string {
  return COUNT.format(count);
}

/** Frames per second, one decimal. */
export function formatRate(rate: number): string {
  return rate.toFixed(1);
}

/** Seconds as `12:05`, or `1:02:05` from an hour on; whole seconds that have passed. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (value: number) => String(value).padStart(2, "0");
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${two(minutes)}:${two(whole % 60)}`;
  return `${COUNT.format(Math.floor(minutes / 60))}:${two(minutes % 60)}:${two(whole % 60)}`;
}

/** Bytes as `812 kB`, `1.25 GB`: powers of 1000, as disks are sold, three digits. */
export function formatBytes(bytes: number): string {
  return formatScaled(bytes, "B");
}

/** Bits per second, as `8.06 Mbit/s`. */
export function formatBitRate(bitsPerSecond: number): string {
  return formatScaled(bitsPerSecond, "bit/s");
}

function formatScaled(value: number, unit: string): string {
  const prefixes = ["", "k", "M", "G", "T"];
  let scaled = value;
  let step = 0;
  // 999.5 would be written 1000 with three digits.
  while (scaled >= 999.5 && step < prefixes.length - 1) {
    scaled /= 1000;
    step++;
  }
  const digits = step === 0 || scaled >= 99.95 ? 0 : scaled >= 9.995 ? 1 : 2;
  return `${scaled.toFixed(digits)} ${prefixes[step] ?? ""}${unit}`;
}

/** How old something is: `41 ms`, `3.2 s`. Digits behind the point would only flicker. */
export function formatAge(ms: number): string {
  return ms < 999.5 ? `${ms.toFixed(0)} ms` : formatMilliseconds(ms);
}

/** Milliseconds with as many decimals as say something: `0.42 ms`, `41 ms`, `3.2 s`, `2 min 05 s`. */
export function formatMilliseconds(ms: number): string {
  if (ms < 9.995) return `${ms.toFixed(2)} ms`;
  if (ms < 999.5) return `${ms.toFixed(0)} ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return `${formatCount(Math.floor(seconds / 60))} min ${String(seconds % 60).padStart(2, "0")} s`;
}

/** Time of day by this machine's zone, `14:30:52`; `at`: ISO 8601, or ms since 1970. */
export function formatTimeOfDay(at: string | number): string {
  const time = new Date(at);
  if (Number.isNaN(time.getTime())) return NOTHING;
  return [time.getHours(), time.getMinutes(), time.getSeconds()].map((part) => String(part).padStart(2, "0")).join(":");
}

/** As formatTimeOfDay, to the millisecond. */
export function formatTimeOfDayMs(at: string): string {
  const time = new Date(at);
  if (Number.isNaN(time.getTime())) return NOTHING;
  return `${formatTimeOfDay(at)}.${String(time.getMilliseconds()).padStart(3, "0")}`;
}

/** `1 frame`, `2 frames`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}
