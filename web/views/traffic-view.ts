import type { TrafficEntry } from "../../src/debug/viewer-messages.ts";
import { formatCount, plural } from "../model/format.ts";
import { type TrafficFilter, trafficMatcher } from "../model/traffic-filter.ts";
import { type TrafficItem, TrafficLog } from "../model/traffic-log.ts";
import { find, setText } from "./elements.ts";
import { rowVersion, trafficRow } from "./traffic-row.ts";

/** Rows that are shown at first, and that each "Show more" adds. */
const ROWS = 100;

/** However much comes within this time, it is drawn once: nobody reads faster. */
const REDRAW_MS = 200;

interface Row {
  readonly element: HTMLLIElement;
  readonly version: number;
}

/** The host's traffic, newest first. */
export class TrafficView {
  readonly #log = new TrafficLog();
  readonly #list = find("traffic-list", HTMLOListElement);
  readonly #summary = find("traffic-summary", HTMLElement);
  readonly #text = find("traffic-text", HTMLInputElement);
  readonly #direction = find("traffic-direction", HTMLSelectElement);
  readonly #more = find("traffic-more", HTMLButtonElement);
  #rows = new Map<string, Row>();
  #rowsMax = ROWS;
  #isDrawAsked = false;

  constructor() {
    this.#text.addEventListener("input", () => this.#filterChanged());
    this.#direction.addEventListener("change", () => this.#filterChanged());
    this.#more.addEventListener("click", () => {
      this.#rowsMax += ROWS;
      this.#draw();
    });
  }

  add(entries: readonly TrafficEntry[]): void {
    this.#log.add(entries);
    if (!this.#isDrawAsked) setTimeout(() => this.#draw(), REDRAW_MS);
    this.#isDrawAsked = true;
  }

  focusFilter(): void {
    this.#text.focus();
    this.#text.select();
  }

  /** Returns whether there was one. */
  clearFilter(): boolean {
    if (this.#text.value === "" && this.#direction.value === "both") return false;
    this.#text.value = "";
    this.#direction.value = "both";
    this.#filterChanged();
    return true;
  }

  #filterChanged(): void {
    this.#rowsMax = ROWS;
    this.#draw();
  }

  #draw(): void {
    this.#isDrawAsked = false;
    const matching = this.#log.items.filter(trafficMatcher(this.#filter()));
    const shown = matching.slice(-this.#rowsMax).toReversed();
    this.#place(shown);
    this.#more.hidden = shown.length === matching.length;
    const all = plural(this.#log.items.length, "line");
    setText(
      this.#summary,
      matching.length === this.#log.items.length ? all : `${formatCount(matching.length)} of ${all}`,
    );
  }

  #filter(): TrafficFilter {
    const direction = this.#direction.value;
    return { text: this.#text.value, direction: direction === "in" || direction === "out" ? direction : "both" };
  }

  /** Rows that stay are not touched: they keep their focus, and stay open. */
  #place(items: readonly TrafficItem[]): void {
    const rows = new Map<string, Row>();
    for (const item of items) rows.set(item.key, this.#rowOf(item));
    for (const [key, { element }] of this.#rows) if (rows.get(key)?.element !== element) element.remove();
    this.#rows = rows;
    let before: Element | null = this.#list.firstElementChild;
    for (const { element } of rows.values()) {
      if (element === before) before = before.nextElementSibling;
      else this.#list.insertBefore(element, before);
    }
  }

  #rowOf(item: TrafficItem): Row {
    const old = this.#rows.get(item.key);
    const version = rowVersion(item);
    if (old?.version === version) return old;
    const element = trafficRow(item);
    // A command that somebody looks at stays open when its reply comes.
    const details = element.querySelector("details");
    if (details !== null) details.open = old?.element.querySelector("details")?.open ?? false;
    return { element, version };
  }
}
