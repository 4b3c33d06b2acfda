import { ownCommand } from "../own-command.ts";
import { readLines } from "../protocol/line-reader.ts";
import { StatusLine } from "../protocol/statuses.ts";

export interface HostProcessOptions {
  /** The program's options. */
  readonly args: readonly string[];
  /** Sees each line of the program's stdout as it is. */
  readonly onLine: (line: string) => void;
}

/** The program as a host runs it: a child process, commands on its stdin, statuses from its stdout. */
export class HostProcess implements AsyncDisposable {
  /** Every status so far, in order. */
  readonly statuses: StatusLine[] = [];
  readonly #child: Bun.Subprocess<"pipe", "pipe", "inherit">;
  readonly #reading: Promise<void>;
  #changed = Promise.withResolvers<void>();
  #ended = false;

  constructor({ args, onLine }: HostProcessOptions) {
    this.#child = Bun.spawn([...ownCommand(), ...args], {
      stdin: "pipe",
      stdout: "pipe",
      stderr: "inherit",
    });
    this.#reading = this.#read(onLine);
  }

  /** The exit code, once the process is gone and all it said was read. */
  get exited(): Promise<number> {
    return this.#reading.then(() => this.#child.exited);
  }

  /** Sends a command and waits for its final reply. */
  async ask(command: Readonly<Record<string, unknown>> & { readonly command_id: string }): Promise<StatusLine> {
    void this.#child.stdin.write(`${JSON.stringify(command)}\n`);
    void this.#child.stdin.flush();
    return await this.waitFor((status) => status.in_reply_to === command.command_id);
  }

  /** The first status, past or to come, that fits. Throws where the program ends without one. */
  async waitFor(fits: (status: StatusLine) => boolean): Promise<StatusLine> {
    for (;;) {
      const found = this.statuses.find(fits);
      if (found !== undefined) return found;
      if (this.#ended) throw new Error("the program ended without the status that was waited for");
      await this.#changed.promise;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.exited;
  }

  async #read(onLine: (line: string) => void): Promise<void> {
    for await (const item of readLines(this.#child.stdout)) {
      if (item.kind !== "line") throw new Error(`the program wrote a bad line (${item.reason})`);
      onLine(item.text);
      this.statuses.push(StatusLine.parse(JSON.parse(item.text)));
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
