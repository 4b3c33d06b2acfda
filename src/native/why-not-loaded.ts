import { readFileSync } from "node:fs";
import { messageOf } from "../errors.ts";
import { systemErrorCode } from "../system-error.ts";

/** What ldconfig(8) found on this machine. */
const LOADER_CACHE = "/etc/ld.so.cache";

/**
 * Why the loader refused a library, from its error. Where another library of some version is missing: which, and which of
 * its versions are there.
 */
export function whyNotLoaded(error: unknown, cache = LOADER_CACHE): string {
  const message = messageOf(error);
  const [, missing, stem] = /((lib[^\s/:]+\.so)\.[\d.]+): cannot open shared object file/.exec(message) ?? [];
  if (missing === undefined || stem === undefined) return message;
  const others = sonamesOf(stem, cache);
  const there = others.length > 0 ? others.join(" and ") : "none";
  return `it was built for ${missing}, and this machine has ${there}`;
}

/** The versions of a library that the loader knows, e.g. of `libcamera.so`: `libcamera.so.0.4`. */
function sonamesOf(stem: string, cache: string): string[] {
  // A name may be stored as the end of its path only.
  const names = readCache(cache)
    .split("\0")
    .map((text) => text.slice(text.lastIndexOf("/") + 1));
  return [...new Set(names)].filter((name) => name.startsWith(`${stem}.`)).sort();
}

/** Binary, with every name and path in it NUL-terminated. */
function readCache(cache: string): string {
  try {
    return readFileSync(cache, "latin1");
  } catch (error) {
    // Not every machine has one, and this is for a sentence only.
    if (systemErrorCode(error) === undefined) throw error;
    return "";
  }
}
