import { formatCount, formatMilliseconds, formatTimeOfDayMs, NOTHING } from "../model/format.ts";
import { printable, printableLines } from "../model/printable.ts";
import type { EntryItem, TrafficItem } from "../model/traffic-log.ts";
import { make } from "./elements.ts";

/** Statuses that tell of something that failed, or that was survived. */
const FAULTS = new Set(["command_nack", "device_error"]);
const HINTS = new Set(["warning"]);

/** A line of the list. It stays right for as long as rowVersion says the same. */
export function trafficRow(item: TrafficItem): HTMLLIElement {
  switch (item.type) {
    case "entry":
      return make("li", "traffic-entry", entryRow(item));
    case "hole":
      return make(
        "li",
        "traffic-note",
        `▲ not delivered, this page was too slow: ${formatCount(item.first)} to ${formatCount(item.last)}`,
      );
    case "restart":
      return make("li", "traffic-note", "The module began anew; below is from before");
  }
}

/** Changes when a row has to be made again. */
export function rowVersion(item: TrafficItem): number {
  return item.type === "entry" ? item.replies.length : 0;
}

function entryRow(item: EntryItem): HTMLElement {
  const { entry } = item;
  const { direction, name, id, at } = entry;
  const mark = markOf(item);
  const row = make("details", `traffic-${direction}`);
  row.dataset["mark"] = mark;
  const time = make("time", "traffic-time", formatTimeOfDayMs(at));
  time.dateTime = at;
  const arrow = make("span", "traffic-arrow", direction === "in" ? "▶ in" : "◀ out");
  const nameText = `${mark === "fault" ? "✕ " : mark === "hint" ? "▲ " : ""}${name === null ? "not a command" : printable(name, 80)}`;
  row.append(
    make(
      "summary",
      "",
      time,
      arrow,
      isolated("traffic-name", nameText),
      isolated("traffic-id", printable(id ?? NOTHING, 120)),
      tookOf(item),
    ),
  );
  row.addEventListener("toggle", () => showPayload(row, entry.payload));
  return row;
}

function markOf({ entry: { name, direction } }: EntryItem): "fault" | "hint" | "none" {
  if (name === null) return "hint";
  if (direction === "in") return "none";
  return FAULTS.has(name) ? "fault" : HINTS.has(name) ? "hint" : "none";
}

/** Text whose direction has no effect on what stands around it. */
function isolated(className: string, text: string): HTMLElement {
  return make("bdi", className, text);
}

/** Of a command: its replies, and when they came; of a status: after which command. */
function tookOf({ entry, replies, command }: EntryItem): HTMLElement {
  if (command !== undefined) {
    return make(
      "span",
      "traffic-took",
      `${tookMs(command.monotonic_ms, entry.monotonic_ms)} after ${printable(command.name ?? "it", 60)}`,
    );
  }
  if (entry.direction === "out")
    return make("span", "traffic-took", entry.id === null ? "unasked" : "its command is not here");
  if (replies.length === 0) return make("span", "traffic-took", "no reply yet");
  const texts = replies.map(
    (reply) => `${printable(reply.name ?? "reply", 60)} ${tookMs(entry.monotonic_ms, reply.monotonic_ms)}`,
  );
  return make("span", "traffic-took", texts.join(", "));
}

function tookMs(fromMs: number, toMs: number): string {
  return formatMilliseconds(Math.max(0, toMs - fromMs));
}

/** Made when it is asked for: most payloads never are. */
function showPayload(row: HTMLDetailsElement, payload: EntryItem["entry"]["payload"]): void {
  if (!row.open || row.querySelector("pre") !== null) return;
  const text = make("pre", "traffic-payload", printableLines(JSON.stringify(payload, null, 2)));
  text.tabIndex = 0; // it scrolls
  text.dir = "ltr";
  row.append(text);
}
