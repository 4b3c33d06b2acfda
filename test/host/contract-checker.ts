import type { StatusLine } from "../../src/protocol/statuses.ts";
import { checkStatusLine } from "../support/check-status-line.ts";
import { RecordingRule } from "./recording-rule.ts";
import { describe, ReplyBook, show } from "./reply-book.ts";
import { NEVER_ASKED, UNASKED } from "./reply-rules.ts";
import { SentLines } from "./sent-lines.ts";

/** RPi Logger kills a child that has not said `ready` by then. */
const READY_MS_MAX = 5000;
/** What was sent so long before a signal has been read when that comes. */
const READ_MS = 2000;
/** Ask the program to end. */
const ENDING_SIGNALS = ["SIGTERM", "SIGINT", "SIGHUP"];
const CALLED_WRONGLY = 2;

export interface ContractCheckerOptions {
  /** With --enable-commands: RPi Logger is the host. */
  readonly isRpiLogger?: boolean;
}

export interface ProgramEnd {
  readonly exitCode: number | null;
  readonly signal: string | number | null;
  readonly stderr: string;
  /** Of stdout, after the last line's end. */
  readonly unfinishedBytes: number;
}

/**
 * Holds a dialogue against the host contract: is told all that the host does and all that the program says, and keeps
 * each violation as a sentence. Times are ms since the program's start. Pure: looks at no clock and no file.
 */
export class ContractChecker {
  readonly violations: string[] = [];
  readonly #isRpiLogger: boolean;
  readonly #sent = new SentLines();
  readonly #replies: ReplyBook;
  readonly #signals = new Set<string>();
  #signalledMs = Number.POSITIVE_INFINITY;
  #isToldToEnd = false;
  #said: "nothing" | "something" | "quitting" = "nothing";
  #isReady = false;
  readonly #recording = new RecordingRule((sentence) => this.#violate(sentence));

  constructor({ isRpiLogger = false }: ContractCheckerOptions = {}) {
    this.#isRpiLogger = isRpiLogger;
    this.#replies = new ReplyBook({ hasAcks: isRpiLogger, onViolation: (sentence) => this.#violate(sentence) });
  }

  /** Whether anything asked the program to end. */
  get isToldToEnd(): boolean {
    return this.#isToldToEnd;
  }

  /** The host sent bytes, lines or parts of them. */
  sent(bytes: Uint8Array, atMs: number): void {
    for (const command of this.#sent.push(bytes, atMs)) {
      this.#replies.sent(command);
      if (command.name === "quit") this.#isToldToEnd = true;
    }
  }

  /** The host closed stdin. */
  stdinEnded(atMs: number): void {
    for (const command of this.#sent.end(atMs)) this.#replies.sent(command);
    this.#isToldToEnd = true;
  }

  signalled(signal: string, atMs: number): void {
    this.#signals.add(signal);
    if (signal !== "SIGKILL" && !ENDING_SIGNALS.includes(signal)) return;
    this.#isToldToEnd = true;
    this.#signalledMs = Math.min(this.#signalledMs, atMs);
  }

  /** A line of the program's stdout, without its end; the status that it holds, or undefined where it is none. */
  received(line: Uint8Array, atMs: number): StatusLine | undefined {
    const text = decode(line);
    if (this.#said === "quitting") this.#violate(`a line after quitting: ${text?.slice(0, 500)}`);
    const status = text === undefined ? "a line that is not UTF-8" : checkStatusLine(text);
    if (typeof status === "string") {
      this.#violate(status);
      return undefined;
    }
    this.#checkReady(status, atMs);
    this.#said = status.status === "quitting" ? "quitting" : "something";
    this.#checkReply(status, atMs);
    this.#recording.check(status);
    return status;
  }

  /** A line of so many bytes or more came, which ended RPi Logger's reader. */
  receivedTooLong(byteCount: number): void {
    this.#violate(`too long a line: ${byteCount} bytes or more`);
  }

  /** The program has ended, and all that it said was handed over. */
  ended({ exitCode, signal, stderr, unfinishedBytes }: ProgramEnd): void {
    if (this.#isRpiLogger && stderr !== "") this.#violate(`on stderr: ${JSON.stringify(stderr.slice(0, 500))}`);
    // Whoever sent it: nothing can be expected of who is killed.
    if (signal === "SIGKILL") return;
    const isUnborn = !this.#isReady && this.#signals.has(String(signal));
    const isCalledWrongly = this.#said === "nothing" && exitCode === CALLED_WRONGLY;
    if (isUnborn || isCalledWrongly) return;
    if (unfinishedBytes > 0) this.#violate(`${unfinishedBytes} bytes after the last line's end`);
    if (!this.#isReady) this.#violate("ready never came");
    if (!this.#isToldToEnd) this.#violate("the program ended by itself");
    if (exitCode !== 0) this.#violate(`the program ended with ${exitCode ?? signal}, expected 0`);
    const { started } = this.#recording;
    if (started !== undefined) this.#violate(`recording_stopped never came after ${show(started)}`);
    for (const command of this.#replies.open) {
      if (command.sentMs <= this.#signalledMs - READ_MS || this.#signalledMs === Number.POSITIVE_INFINITY) {
        this.#violate(`${describe(command)} was never answered`);
      }
    }
  }

  #checkReady(status: StatusLine, atMs: number): void {
    if (status.status !== "ready") {
      if (this.#said === "nothing") this.#violate(`ready was not the first status: ${show(status)}`);
      return;
    }
    if (this.#isReady) this.#violate(`ready came twice: ${show(status)}`);
    this.#isReady = true;
    if (this.#isRpiLogger && atMs > READY_MS_MAX)
      this.#violate(`ready came after ${Math.round(atMs)} ms, expected ${READY_MS_MAX}`);
  }

  #checkReply(status: StatusLine, atMs: number): void {
    const { status: name, in_reply_to: id } = status;
    if (name === "device_ack") this.#replies.acknowledged(status, atMs);
    else if (id === undefined && UNASKED.includes(name)) {
      if (name === "recording_stopped" && status.data["reason"] === undefined) {
        this.#violate(`recording_stopped without a command and without a reason: ${show(status)}`);
      }
    } else if (NEVER_ASKED.includes(name)) this.#violate(`nobody can ask for it: ${show(status)}`);
    else if (id === undefined && name !== "command_nack") this.#violate(`nobody asked for it: ${show(status)}`);
    else this.#replies.answered(status);
  }

  #violate(sentence: string): void {
    this.violations.push(sentence);
  }
}

function decode(line: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(line);
  } catch {
    return undefined;
  }
}
