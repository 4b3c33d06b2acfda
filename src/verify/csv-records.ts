/** A record longer than this has lost a quotation mark or a newline. */
const RECORD_CHARACTERS_MAX = 65_536;

/** One record of a CSV file. */
export interface CsvRecord {
  /** As it stands in the file, without the newline at its end. */
  readonly text: string;
  /** Its fields without their quotes; undefined when the quoting is broken. */
  readonly fields: readonly string[] | undefined;
  /** A newline ended it; false for a last record that was cut off. */
  readonly isComplete: boolean;
}

/** Splits text that comes in pieces into records that end with "\n" (RFC 4180 otherwise: quoted fields, "" for a quote). */
export function* csvRecords(pieces: Iterable<string>): Generator<CsvRecord, void> {
  let pending = "";
  let scannedTo = 0;
  let isQuoted = false;
  for (const piece of pieces) {
    pending += piece;
    let start = 0;
    for (let end = pending.indexOf("\n", scannedTo); end >= 0; end = pending.indexOf("\n", scannedTo)) {
      if (countQuotes(pending.slice(scannedTo, end)) % 2 === 1) isQuoted = !isQuoted;
      scannedTo = end + 1;
      if (isQuoted) continue;
      yield record(pending.slice(start, end), true);
      start = scannedTo;
    }
    pending = pending.slice(start);
    scannedTo -= start;
    if (pending.length > RECORD_CHARACTERS_MAX) break;
  }
  if (pending !== "") yield record(pending, false);
}

function record(text: string, isComplete: boolean): CsvRecord {
  return { text, fields: text.includes('"') ? splitQuoted(text) : text.split(","), isComplete };
}

const QUOTED_FIELD = /"((?:[^"]|"")*)"/y;

function splitQuoted(text: string): string[] | undefined {
  const fields: string[] = [];
  for (let at = 0; ; at++) {
    if (text[at] === '"') {
      QUOTED_FIELD.lastIndex = at;
      const quoted = QUOTED_FIELD.exec(text)?.[1];
      if (quoted === undefined) return undefined;
      fields.push(quoted.replaceAll('""', '"'));
      at = QUOTED_FIELD.lastIndex;
    } else {
      const comma = text.indexOf(",", at);
      const plain = text.slice(at, comma < 0 ? text.length : comma);
      if (plain.includes('"')) return undefined;
      fields.push(plain);
      at += plain.length;
    }
    if (at === text.length) return fields;
    if (text[at] !== ",") return undefined;
  }
}

function countQuotes(line: string): number {
  return line.includes('"') ? line.split('"').length - 1 : 0;
}
