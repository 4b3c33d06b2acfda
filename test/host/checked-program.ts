import { setTimeout as delay } from "node:timers/promises";
import type { StatusLine } from "../../src/protocol/statuses.ts";
import { tellSuppressedErrors } from "../support/suppressed-errors.ts";
import { ContractChecker } from "./contract-checker.ts";
import { readHostLines } from "./host-lines.ts";

tellSuppressedErrors();

/** What a test leaves behind may take so long to end by itself. */
const END_MS = 2000;

export interface ProgramEnding {
  readonly exitCode: number | null;
  readonly signal: string | number | null;
  readonly stderr: string;
}

export interface CheckedProgramOptions {
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string | undefined;
  /** With --enable-commands. */
  readonly isRpiLogger: boolean;
  /** Called after each status, and when none can come any more. */
  readonly onChange: () => void;
}

/** A running program whose whole dialogue is held against the host contract. */
export class CheckedProgram implements AsyncDisposable {
  /** Every status so far, in order. */
  readonly statuses: StatusLine[] = [];
  readonly #child: Bun.Subprocess<"pipe", "pipe", "pipe">;
  readonly #startMs = performance.now();
  readonly #checker: ContractChecker;
  readonly #stderr: Promise<string>;
  readonly #reading: Promise<void>;
  readonly #onChange: () => void;
  #unfinishedBytes = 0;
  #isSilent = false;
  #ending: Promise<ProgramEnding> | undefined;

  constructor({ command, env, cwd, isRpiLogger, onChange }: CheckedProgramOptions) {
    this.#child = Bun.spawn([...command], {
      env: { ...env },
      ...(cwd === undefined ? {} : { cwd }),
      stdin: "pipe",
      stdout: "pipe",
      stderr: "pipe",
    });
    this.#onChange = onChange;
    this.#checker = new ContractChecker({ isRpiLogger });
    this.#stderr = this.#child.stderr.text();
    this.#reading = this.#read();
  }

  get pid(): number {
    return this.#child.pid;
  }

  /** No status can come any more. */
  get isSilent(): boolean {
    return this.#isSilent;
  }

  /** What broke the contract so far; all of it once the program has ended. */
  get violations(): readonly string[] {
    return this.#checker.violations;
  }

  send(bytes: Uint8Array): void {
    this.#checker.sent(bytes, this.#nowMs);
    void this.#child.stdin.write(bytes);
    void this.#child.stdin.flush();
  }

  closeStdin(): void {
    this.#checker.stdinEnded(this.#nowMs);
    void this.#child.stdin.end();
  }

  kill(signal: NodeJS.Signals): void {
    this.#checker.signalled(signal, this.#nowMs);
    this.#child.kill(signal);
  }

  /** Waits for the end: what the program returned, by whom it was ended, what it wrote to stderr. */
  ending(): Promise<ProgramEnding> {
    return (this.#ending ??= this.#awaitEnding());
  }

  /** Where nobody has told it to end yet: by stdin's end, so that what it says last is held against the contract too. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#checker.isToldToEnd) {
      this.closeStdin();
      await Promise.race([this.ending(), delay(END_MS, undefined, { ref: false })]);
    }
    if (this.#child.exitCode === null && this.#child.signalCode === null) this.kill("SIGKILL");
    await this.ending();
    if (this.violations.length > 0) throw new Error(`the program broke the contract:\n${this.violations.join("\n")}`);
  }

  get #nowMs(): number {
    return performance.now() - this.#startMs;
  }

  async #awaitEnding(): Promise<ProgramEnding> {
    // A reader that gave up early has not seen all; the end of the program is what counts.
    await Promise.all([this.#reading, this.#child.exited]);
    const { exitCode, signalCode: signal } = this.#child;
    const ending = { exitCode, signal, stderr: await this.#stderr };
    this.#checker.ended({ ...ending, unfinishedBytes: this.#unfinishedBytes });
    return ending;
  }

  async #read(): Promise<void> {
    for await (const line of readHostLines(this.#child.stdout)) {
      switch (line.kind) {
        case "line": {
          const status = this.#checker.received(line.bytes, this.#nowMs);
          if (status !== undefined) this.statuses.push(status);
          break;
        }
        case "too_long":
          this.#checker.receivedTooLong(line.byteCount);
          break;
        case "unfinished":
          this.#unfinishedBytes = line.bytes.length;
      }
      this.#onChange();
    }
    this.#isSilent = true;
    this.#onChange();
  }
}
