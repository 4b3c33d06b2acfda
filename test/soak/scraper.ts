import { parseExposition } from "../metrics/exposition.ts";
import { type MetricsClient, risingValues } from "../metrics/metrics-client.ts";

export const SCRAPE_EVERY_SECONDS = 5;
const ANSWER_MS_MAX = 4000;

/** Asks for the metrics every so many seconds, as Prometheus would. */
export class Scraper implements Disposable {
  /** How long each answer took. */
  readonly answerMs: number[] = [];
  /** What was wrong with answers, as sentences. */
  readonly problems: string[] = [];
  readonly #metrics: MetricsClient;
  readonly #timer = setInterval(() => void this.#scrape(), 1000 * SCRAPE_EVERY_SECONDS);
  readonly #stop = new AbortController();
  #last = new Map<string, number>();

  constructor(metrics: MetricsClient) {
    this.#metrics = metrics;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.#stop.abort();
  }

  async #scrape(): Promise<void> {
    const startMs = performance.now();
    try {
      const signal = AbortSignal.any([this.#stop.signal, AbortSignal.timeout(ANSWER_MS_MAX)]);
      const response = await this.#metrics.fetch("/metrics", { signal });
      const text = await response.text();
      this.answerMs.push(performance.now() - startMs);
      if (!response.ok) throw new Error(`answered with ${response.status}`);
      const values = risingValues(parseExposition(text));
      for (const [name, value] of values) {
        const before = this.#last.get(name) ?? 0;
        if (value < before) this.problems.push(`${name} fell from ${before} to ${value}`);
      }
      this.#last = values;
    } catch (error) {
      if (!this.#stop.signal.aborted) this.problems.push(`a scrape failed: ${String(error)}`);
    }
  }
}
