import { Histogram } from "./histogram.ts";

const TICK_MS = 20;
/** Nobody asked for so long: the timer is not worth its while. Prometheus asks once a minute at most. */
const IDLE_MS = 150_000;
/** Seconds. */
const BOUNDS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5];

/** Since a reader's last reading, ms. */
export interface Delays {
  readonly mean: number;
  readonly max: number;
}

interface Reading {
  count: number;
  sumMs: number;
  maxMs: number;
}

/**
 * How late timers of 20 ms are: for how long something kept the JavaScript thread. Measured only while somebody asks.
 * (In Bun 1.4.5, perf_hooks.monitorEventLoopDelay gives delays with other means than Node.js's, and no cumulative ones.)
 */
export class EventLoopDelay {
  /** Seconds. */
  readonly histogram = new Histogram(BOUNDS);
  readonly #readings = new Set<Reading>();
  #timer: Timer | undefined;
  #lastTickMs = 0;
  #lastAskedMs = 0;

  /** Somebody who asks: each has the delays since it asked before. */
  reader(): () => Delays {
    const reading = { count: 0, sumMs: 0, maxMs: 0 };
    this.#readings.add(reading);
    return () => {
      this.keepOn();
      const delays = { mean: reading.count === 0 ? 0 : reading.sumMs / reading.count, max: reading.maxMs };
      Object.assign(reading, { count: 0, sumMs: 0, maxMs: 0 });
      return delays;
    };
  }

  /** Somebody wants to know: the timer runs on. */
  keepOn(): void {
    this.#lastAskedMs = performance.now();
    if (this.#timer !== undefined) return;
    this.#lastTickMs = this.#lastAskedMs;
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #tick(): void {
    const nowMs = performance.now();
    const lateMs = Math.max(0, nowMs - this.#lastTickMs - TICK_MS);
    this.#lastTickMs = nowMs;
    this.histogram.observe(lateMs / 1000);
    for (const reading of this.#readings) {
      reading.count++;
      reading.sumMs += lateMs;
      reading.maxMs = Math.max(reading.maxMs, lateMs);
    }
    if (nowMs - this.#lastAskedMs > IDLE_MS) this.stop();
  }
}
