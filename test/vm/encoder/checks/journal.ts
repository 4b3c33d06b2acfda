import { readFileSync } from "node:fs";
import { join } from "node:path";
import { JournalEvent } from "../journal.ts";

type Kind = JournalEvent["kind"];
type Of<Wanted extends Kind> = Extract<JournalEvent, { kind: Wanted }>;

/** Throws when it is missing, or when the guest gave up. */
export function readJournal(folder: string): JournalEvent[] {
  const lines = readFileSync(join(folder, "journal.jsonl"), "utf8").split("\n");
  const events = lines.filter((line) => line !== "").map((line) => JournalEvent.parse(JSON.parse(line)));
  for (const { error } of eventsOf(events, "gave_up")) throw new Error(`the guest gave up: ${error}`);
  return events;
}

export function eventsOf<Wanted extends Kind>(events: readonly JournalEvent[], kind: Wanted): Of<Wanted>[] {
  return events.filter((event): event is Of<Wanted> => event.kind === kind);
}

/** The events of each part of a case, by its name. */
export function partsOf(events: readonly JournalEvent[]): Map<string, JournalEvent[]> {
  const parts = new Map<string, JournalEvent[]>();
  let current: JournalEvent[] = [];
  for (const event of events) {
    if (event.kind === "part") parts.set(event.name, (current = []));
    else current.push(event);
  }
  return parts;
}

/** Every frame that was taken is released once and answered once, and nothing else is. */
export function answerProblems(events: readonly JournalEvent[]): string[] {
  const taken = eventsOf(events, "submitted").map(({ timestamp_ns }) => timestamp_ns);
  const released = eventsOf(events, "released").map(({ timestamp_ns }) => timestamp_ns);
  const answered = events.flatMap((event) =>
    event.kind === "packet" || event.kind === "skipped" ? [event.timestamp_ns] : [],
  );
  return [...differences("released", released, taken), ...differences("answered", answered, taken)];
}

/** The camera has a buffer of its own for each frame that the encoder still reads. */
export function reuseProblems(events: readonly JournalEvent[]): string[] {
  const readAt = new Map<number, number>();
  return events.flatMap((event) => {
    if (event.kind === "released")
      for (const [address, timestamp] of readAt) if (timestamp === event.timestamp_ns) readAt.delete(address);
    if (event.kind !== "submitted") return [];
    const before = readAt.get(event.address);
    readAt.set(event.address, event.timestamp_ns);
    return before === undefined ? [] : [`${event.timestamp_ns} came in the buffer of ${before}, which was still read`];
  });
}

/** Every frame that was taken came out as a packet, in the order in which they went in. */
export function packetProblems(events: readonly JournalEvent[]): string[] {
  const taken = eventsOf(events, "submitted").map(({ timestamp_ns }) => timestamp_ns);
  const packets = eventsOf(events, "packet").map(({ timestamp_ns }) => timestamp_ns);
  const problems = eventsOf(events, "skipped").map(({ timestamp_ns, reason }) => `${timestamp_ns} skipped: ${reason}`);
  if (packets.join() !== taken.join())
    problems.push(`${packets.length} packets of ${taken.length} frames, or not in order`);
  return problems;
}

/** The encoder neither failed nor had to be opened again. */
export function troubleProblems(events: readonly JournalEvent[]): string[] {
  return [...eventsOf(events, "warning"), ...eventsOf(events, "failed")].map(
    ({ code, message }) => `${code}: ${message}`,
  );
}

function differences(what: string, got: readonly number[], wanted: readonly number[]): string[] {
  const missing = wanted.filter((one) => !got.includes(one)).map((one) => `${one} is never ${what}`);
  const unknown = got.filter((one) => !wanted.includes(one)).map((one) => `${one} is ${what} and was not taken`);
  const twice = got.filter((one, index) => got.indexOf(one) !== index).map((one) => `${one} is ${what} twice`);
  return [...missing, ...unknown, ...twice];
}
