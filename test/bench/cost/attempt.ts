import { messageOf } from "../../../src/errors.ts";
import { type Row, type RowHead, unmeasuredRow } from "./row.ts";

const REASON_CHARACTERS_MAX = 300;

/** What can't be measured costs no other row: those that were to come of it say why there is nothing. */
export async function attempt(
  heads: readonly RowHead[],
  measure: () => Promise<readonly Row[]>,
): Promise<readonly Row[]> {
  try {
    return await measure();
  } catch (error) {
    return heads.map(({ what, target, unit = "" }) => unmeasuredRow(what, target, unit, reasonOf(error)));
  }
}

/** One line: a table has no room for more. */
export function reasonOf(error: unknown): string {
  const text = messageOf(error).replaceAll(/\s+/g, " ").trim();
  return text.length > REASON_CHARACTERS_MAX ? `${text.slice(0, REASON_CHARACTERS_MAX)}…` : text;
}
