import { type ComparableOptions, comparableFields } from "./comparable-fields.ts";
import type { Dialogue, Exchange, Said } from "./dialogue.ts";
import { unaskedKey } from "./unasked-key.ts";

export interface Difference {
  /** `status`, or a field of the status that both said. */
  readonly what: string;
  /** undefined: it was not there. */
  readonly recorded: string | undefined;
  readonly replayed: string | undefined;
}

/** A status that nobody asked for; undefined where only the other side said it. */
export interface UnaskedPair {
  readonly recorded: Said | undefined;
  readonly replayed: Said | undefined;
}

/** What each side said otherwise than the other in answer to one command. */
export function compareExchanges(
  recorded: Exchange,
  replayed: Exchange | undefined,
  { ofRecorded, ofReplayed }: Record<"ofRecorded" | "ofReplayed", ComparableOptions>,
): Difference[] {
  return (["interim", "final"] as const).flatMap((kind) => {
    const [then, now] = [recorded[kind], replayed?.[kind] ?? []];
    return Array.from({ length: Math.max(then.length, now.length) }, (_, index) => {
      const [one, other] = [then[index], now[index]];
      if (one === undefined || other === undefined || one.status !== other.status) {
        return [{ what: "status", recorded: nameOf(one), replayed: nameOf(other) }];
      }
      return compareFields(comparableFields(one.payload, ofRecorded), comparableFields(other.payload, ofReplayed));
    }).flat();
  });
}

/** Pairs what both said, in order; what only one of them said stands alone. */
export function pairUnasked({ unasked: recorded }: Dialogue, { unasked: replayed }: Dialogue): UnaskedPair[] {
  const pairs: UnaskedPair[] = [];
  let [at, other] = [0, 0];
  const find = (among: readonly Said[], from: number, said: Said | undefined): number => {
    const key = said === undefined ? undefined : unaskedKey(said);
    const found = among.findIndex((one, index) => index >= from && unaskedKey(one) === key);
    return found < 0 ? Number.POSITIVE_INFINITY : found - from;
  };
  while (at < recorded.length || other < replayed.length) {
    const [one, two] = [recorded[at], replayed[other]];
    const [missing, additional] = [find(recorded, at, two), find(replayed, other, one)];
    if (additional === 0) {
      pairs.push({ recorded: one, replayed: two });
      [at, other] = [at + 1, other + 1];
    } else if (two === undefined || (one !== undefined && missing <= additional)) {
      pairs.push({ recorded: one, replayed: undefined });
      at++;
    } else {
      pairs.push({ recorded: undefined, replayed: two });
      other++;
    }
  }
  return pairs;
}

/** `device_error camera_busy`: a status with the word that tells most. */
export function nameOf(said: Said | undefined): string | undefined {
  if (said === undefined) return undefined;
  const { status, payload } = said;
  const why = payload["reason"] ?? payload["code"];
  return typeof why === "string" ? `${status} ${why}` : status;
}

function compareFields(recorded: ReadonlyMap<string, string>, replayed: ReadonlyMap<string, string>): Difference[] {
  return [...new Set([...recorded.keys(), ...replayed.keys()])]
    .map((what) => ({ what, recorded: recorded.get(what), replayed: replayed.get(what) }))
    .filter((field) => field.recorded !== field.replayed);
}
