import type { TrafficEntry } from "../../src/debug/viewer-messages.ts";
import type { TrafficItem } from "./traffic-log.ts";

export interface TrafficFilter {
  /** Words, all of which have to occur in the name or the id; upper and lower case are the same. */
  readonly text: string;
  readonly direction: "both" | "in" | "out";
}

/**
 * Which items the filter shows. Holes and restarts belong to the whole list: they are hidden where it is narrowed. A
 * command is found by its replies' names too, and a reply by its command's, so that pairs stay together.
 */
export function trafficMatcher({ text, direction }: TrafficFilter): (item: TrafficItem) => boolean {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0 && direction === "both") return () => true;
  return (item) => {
    if (item.type !== "entry") return false;
    if (direction !== "both" && item.entry.direction !== direction) return false;
    if (words.length === 0) return true;
    const related = item.command === undefined ? item.replies : [item.command];
    const searched = [item.entry, ...related].map(textOf).join("\n");
    return words.every((word) => searched.includes(word));
  };
}

function textOf({ name, id }: TrafficEntry): string {
  return `${name ?? ""}\n${id ?? ""}`.toLowerCase();
}
