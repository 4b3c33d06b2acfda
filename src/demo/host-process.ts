import { join } from "node:path";
import { isCompiled } from "../own-command.ts";
import { readLines } from "../protocol/line-reader.ts";
import { StatusLine } from "../protocol/statuses.ts";

/** What Bun is to run; a compiled program needs no word for it. */
const PROGRAM = isCompiled() ? [] : [join(import.meta.dir, "../main.ts")];

export interface HostProcessOptions {
  /** The program's options. */
  readonly args: readonly string[];
  /** Sees each line of the program's stdout as it is. */
  readonly onLine?: (line: string) => void;
  /** Sees each status as it comes. */
  readonly onStatus?: (status: StatusLine) => void;
}

/** The program as a host runs it: a child process, commands on its stdin, statuses from its stdout. */
export class HostProcess implements AsyncDisposable {
  /** Every status so far, in order. */
  readonly statuses: StatusLine[] = [];
  readonly #child: Bun.Subprocess<"pipe", "pipe", "inherit">;
  readonly #reading: Promise<void>;
  #changed = Promise.withResolvers<void>();
  #ended = false;

  constructor({ args, ...listeners }: HostProcessOptions) {
    this.#child = Bun.spawn([process.execPath, ...PROGRAM, ...args], {
      stdin: "pipe",
      stdout: "pipe",
      stderr: "inherit",
    });
    this.#reading = this.#read(listeners);
  }

  /** The exit code, once the process is gone and all it said was read. */
  get exited(): Promise<number> {
    return this.#reading.then(() => this.#child.exited);
  }

  /** Its stdout has ended: it says nothing any more. */
  get hasEnded(): boolean {
    return this.#ended;
  }

  /** Sends a line as it is; its newline is added. */
  send(line: string): void {
    void this.#child.stdin.write(`${line}\n`);
    void this.#child.stdin.flush();
  }

  /** Sends a command and waits for its final reply. */
  async ask(command: Readonly<Record<string, unknown>> & { readonly command_id: string }): Promise<StatusLine> {
    this.send(JSON.stringify(command));
    return await this.waitFor((status) => status.in_reply_to === command.command_id);
  }

  /** The first status, past or to come, that fits. Throws where the program ends without one. */
  async waitFor(fits: (status: StatusLine) => boolean): Promise<StatusLine> {
    const find = () => this.statuses.find(fits);
    await this.until(() => find() !== undefined);
    const found = find();
    if (found === undefined) throw new Error("the program ended without the status that was waited for");
    return found;
  }

  /** Waits until it holds, which only a status can bring about. False where the program ends or `signal` aborts before. */
  async until(holds: () => boolean, signal?: AbortSignal): Promise<boolean> {
    const aborted = Promise.withResolvers<void>();
    const onAbort = () => aborted.resolve();
    signal?.addEventListener("abort", onAbort, { once: true });
    try {
      for (;;) {
        if (holds()) return true;
        if (this.#ended || signal?.aborted) return false;
        await Promise.race([this.#changed.promise, aborted.promise]);
      }
    } finally {
      signal?.removeEventListener("abort", onAbort);
    }
  }

  closeStdin(): void {
    void this.#child.stdin.end();
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.exited;
  }

  async #read({ onLine, onStatus }: Omit<HostProcessOptions, "args">): Promise<void> {
    for await (const item of readLines(this.#child.stdout)) {
      if (item.kind !== "line") throw new Error(`the program wrote a bad line (${item.reason})`);
      onLine?.(item.text);
      const status = StatusLine.parse(JSON.parse(item.text));
      this.statuses.push(status);
      onStatus?.(status);
      this.#wake();
    }
    this.#ended = true;
    this.#wake();
  }

  #wake(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}
