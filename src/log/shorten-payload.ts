import { shorten } from "../errors.ts";

/** Far beyond what the contract's own payloads need: their depth is 3, their longest text a path of 4096 characters. */
const DEPTH_MAX = 8;
const CHARACTERS_MAX = 32_768;

/** What stands for the rest. */
const REST = "…";

/**
 * A payload as it is logged: plain JSON, a bigint as text. It comes from outside: what is nested too deep, and all that is
 * beyond about `charactersMax` characters, is left out with a "…" in its place. So a hostile one costs little more than its
 * reading.
 */
export function shortenPayload(
  payload: Readonly<Record<string, unknown>>,
  charactersMax = CHARACTERS_MAX,
): Record<string, unknown> {
  let charactersLeft = charactersMax;

  const text = (value: string): string => {
    const kept = shorten(value, Math.max(0, charactersLeft));
    charactersLeft -= kept.length;
    return kept;
  };
  const array = (values: readonly unknown[], depth: number): unknown[] => {
    const kept: unknown[] = [];
    for (const value of values) {
      if (charactersLeft <= 0) return [...kept, REST];
      kept.push(any(value, depth));
    }
    return kept;
  };
  const object = (value: object, depth: number): Record<string, unknown> => {
    const kept: [string, unknown][] = [];
    for (const [key, field] of Object.entries(value)) {
      if (charactersLeft <= 0) {
        kept.push([REST, REST]);
        break;
      }
      kept.push([text(key), any(field, depth)]);
    }
    return Object.fromEntries(kept); // which, unlike an assignment, takes "__proto__" for a name like any other
  };
  const any = (value: unknown, depth: number): unknown => {
    charactersLeft--;
    if (typeof value === "string") return text(value);
    if (typeof value === "bigint") return text(value.toString());
    if (typeof value !== "object" || value === null) return value;
    if (depth === DEPTH_MAX) return REST;
    return Array.isArray(value) ? array(value, depth + 1) : object(value, depth + 1);
  };
  return object(payload, 1);
}
