import type { SoakOptions } from "./options.ts";

/** One thing that was looked at. */
export interface Judged {
  readonly what: string;
  /** undefined: reported, not judged. */
  readonly isSound: boolean | undefined;
  readonly measured: string;
  readonly expected: string;
}

export type JudgedOptions = Omit<SoakOptions, "codec" | "folder" | "programOptions">;

/** Something of which there is to be none. */
export function judgeCount(what: string, found: number, words = ""): Judged {
  return { what, isSound: found === 0, measured: found === 0 ? "0" : `${found}: ${words}`, expected: "0" };
}

export function signed(value: number): string {
  return `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(1)}`;
}
