import { HostProcess } from "../../src/demo/host-process.ts";
import { Dialogue, type Said } from "./dialogue.ts";
import { lineToSend } from "./line-to-send.ts";
import type { RecordedSession, SessionEvent } from "./recorded-session.ts";
import type { SessionPaths } from "./session-paths.ts";
import { unaskedKey } from "./unasked-key.ts";

export interface PlayOptions {
  /** The program's. */
  readonly args: readonly string[];
  readonly paths: SessionPaths;
  /** 2: twice as fast as recorded. */
  readonly speed: number;
  /** How much longer than then a status may take that the host had before it went on. */
  readonly timeoutMs: number;
}

export interface PlayedSession {
  /** The exchanges are those of the recorded commands, as far as they were sent. */
  readonly dialogue: Dialogue;
  /** Lines that were no JSON object. */
  readonly standIns: number;
  /** Commands whose fields the log does not hold whole. */
  readonly cutOff: number;
  /** null: it did not end by itself. */
  readonly exitCode: number | null;
}

/** The program has ended before it could be told anything. */
export class NotReadyError extends Error {
  override readonly name = "NotReadyError";
}

/** Twice as long as RPi Logger waits. */
const READY_MS = 10_000;
/** Longer than the module gives itself to stop. */
const EXIT_MS = 12_000;
const SIGNALS = ["SIGTERM", "SIGINT", "SIGHUP"] as const;

/**
 * Plays the host of a recorded session to the program. Commands are sent at their time since `ready`; all that the host had
 * heard by then is waited for first, and what comes later than then puts off everything after it.
 */
export async function playSession(session: RecordedSession, options: PlayOptions): Promise<PlayedSession> {
  await using player = new SessionPlayer(session, options);
  return await player.play();
}

class SessionPlayer implements AsyncDisposable {
  readonly #session: RecordedSession;
  readonly #options: PlayOptions;
  readonly #dialogue = new Dialogue();
  readonly #host: HostProcess;
  /** When `ready` came, performance.now(); all that is said is counted from then. */
  #readyMs: number | undefined;
  /** How late everything is, ms. */
  #lagMs = 0;
  /** Unasked statuses that did not come in time once. */
  readonly #givenUp = new Set<string>();
  readonly #likenesses = { as_logged: 0, cut_off_in_log: 0, stand_in: 0 };
  #ending: "none" | "recorded" | "our own" = "none";

  constructor(session: RecordedSession, options: PlayOptions) {
    this.#session = session;
    this.#options = options;
    this.#host = new HostProcess({
      args: options.args,
      onStatus: ({ status, data: payload, in_reply_to: replyTo }) => {
        this.#readyMs ??= performance.now();
        // The log ends before the recorded program did.
        if (this.#ending === "our own" && replyTo === undefined) return;
        this.#dialogue.status({ status, payload, replyTo, atMs: this.#nowMs() });
      },
    });
  }

  async play(): Promise<PlayedSession> {
    const { events, commands } = this.#session;
    if (!(await this.#until(() => this.#readyMs !== undefined, READY_MS))) {
      const got = this.#host.hasEnded ? "ended" : `said nothing for ${READY_MS / 1000} s`;
      throw new NotReadyError(`the program ${got}, expected ready`);
    }
    for (const [index, event] of events.entries()) {
      if (this.#host.hasEnded) break;
      await this.#meet(event, event.atMs - (events[index - 1]?.atMs ?? 0));
    }
    await this.#until(() => this.#dialogue.exchanges.every(({ final }) => final.length > 0), this.#options.timeoutMs);
    if (this.#ending === "none" && !commands.some(({ name }) => name === "quit")) this.#ending = "our own";
    this.#host.closeStdin();
    const { stand_in: standIns, cut_off_in_log: cutOff } = this.#likenesses;
    return { dialogue: this.#dialogue, standIns, cutOff, exitCode: await this.#exitCode() };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#host[Symbol.asyncDispose]();
  }

  /** `sinceLastMs`: how long after the one before it was recorded. */
  async #meet(event: SessionEvent, sinceLastMs: number): Promise<void> {
    switch (event.kind) {
      case "command":
        await this.#until(() => false, this.#dueMs(event) - this.#nowMs());
        return this.#send(event);
      case "reply": {
        const { index, count } = event;
        const askedMs = this.#session.dialogue.exchanges[index]?.atMs ?? 0;
        const reply = () => replyOf(this.#dialogue, index, count);
        return await this.#hear(event, reply, event.atMs - askedMs);
      }
      case "unasked": {
        const key = unaskedKey(event.said);
        if (this.#givenUp.has(key)) return;
        const earlier = countOf(this.#session.dialogue.unasked, key, event.said);
        await this.#endAsThen(event.said, event);
        const find = () => this.#dialogue.unasked.filter((said) => unaskedKey(said) === key)[earlier];
        await this.#hear(event, find, sinceLastMs);
        if (find() === undefined) this.#givenUp.add(key);
      }
    }
  }

  #send({ command, exchange }: Extract<SessionEvent, { kind: "command" }>): void {
    if (this.#host.hasEnded) return;
    const { text, id, likeness } = lineToSend(command, exchange, this.#options.paths);
    this.#likenesses[likeness]++;
    this.#dialogue.command(command.name, id, this.#nowMs());
    this.#host.send(text);
  }

  /** Waits for what the recorded host had heard at this point. */
  async #hear(event: SessionEvent, find: () => Said | undefined, tookMs: number): Promise<void> {
    const limitMs = Math.max(0, this.#dueMs(event) - this.#nowMs(), tookMs) + this.#options.timeoutMs;
    await this.#until(() => find() !== undefined, limitMs);
    this.#lagMs += Math.max(0, (find()?.atMs ?? this.#nowMs()) - this.#dueMs(event));
  }

  /** A recording that a signal or the host's end has ended tells of it. */
  async #endAsThen({ payload }: Said, event: SessionEvent): Promise<void> {
    const { reason } = payload;
    const signal = SIGNALS.find((name) => name === reason);
    if (signal === undefined && reason !== "stdin_end" && reason !== "host_gone") return;
    await this.#until(() => false, this.#dueMs(event) - this.#nowMs());
    this.#ending = "recorded";
    if (signal === undefined) this.#host.closeStdin();
    else this.#host.kill(signal);
  }

  async #exitCode(): Promise<number | null> {
    await this.#until(() => false, EXIT_MS);
    return this.#host.hasEnded ? await this.#host.exited : null;
  }

  #dueMs({ atMs }: SessionEvent): number {
    return atMs / this.#options.speed + this.#lagMs;
  }

  /** Since `ready`. */
  #nowMs(): number {
    return performance.now() - (this.#readyMs ?? performance.now());
  }

  /** False where it does not come to hold in time, or the program ends. */
  async #until(holds: () => boolean, timeoutMs: number): Promise<boolean> {
    if (timeoutMs <= 0) return holds();
    return await this.#host.until(holds, AbortSignal.timeout(Math.ceil(timeoutMs)));
  }
}

/** The reply that a host waited for: the `count`-th final one, or whatever comes in the place of an interim one. */
function replyOf({ exchanges }: Dialogue, index: number, count: number): Said | undefined {
  const exchange = exchanges[index];
  return count === 0 ? (exchange?.interim[0] ?? exchange?.final[0]) : exchange?.final[count - 1];
}

/** Of the same kind, before this one. */
function countOf(unasked: readonly Said[], key: string, last: Said): number {
  return unasked.slice(0, unasked.indexOf(last)).filter((said) => unaskedKey(said) === key).length;
}
