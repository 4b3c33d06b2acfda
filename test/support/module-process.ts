import { join } from "node:path";
import { readLines } from "../../src/protocol/line-reader.ts";
import type { StatusLine } from "../../src/protocol/statuses.ts";
import { checkStatusLine } from "./check-status-line.ts";

const PROGRAM = join(import.meta.dir, "../../src/main.ts");
const WAIT_MS = 10_000;

export interface ModuleProcessOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Another copy of the program. */
  readonly main?: string;
}

/** Without the variables that the program reads itself. */
export const cleanEnvironment: Readonly<Record<string, string | undefined>> = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !name.startsWith("CSI_CAMERA_")),
);

/** How to start the program. */
export function programCommand(args: readonly string[], main = PROGRAM): string[] {
  return [process.execPath, main, ...args];
}

/**
 * The program with a test for a host: each line of its stdout is held against the contract as it comes (what broke it
 * is thrown at the end), its stderr is kept, and no wait is endless.
 */
export class ModuleProcess implements AsyncDisposable {
  /** Every status so far, in order. */
  readonly statuses: StatusLine[] = [];
  readonly #child: Bun.Subprocess<"pipe", "pipe", "pipe">;
  readonly #violations: string[] = [];
  readonly #stderr: Promise<string>;
  readonly #reading: Promise<void>;
  #changed = Promise.withResolvers<void>();
  #sequence = 0;
  #ended = false;

  constructor(args: readonly string[], { env = {}, cwd, main }: ModuleProcessOptions = {}) {
    this.#child = Bun.spawn(programCommand(args, main), {
      // What encodes is to be the same on every machine, unless a test says otherwise.
      env: { ...cleanEnvironment, CSI_CAMERA_ENCODER: "software", ...env },
      ...(cwd === undefined ? {} : { cwd }),
      stdin: "pipe",
      stdout: "pipe",
      stderr: "pipe",
    });
    this.#stderr = this.#child.stderr.text();
    this.#reading = this.#read();
  }

  get pid(): number {
    return this.#child.pid;
  }

  send(command: Readonly<Record<string, unknown>>): void {
    this.sendBytes(`${JSON.stringify(command)}\n`);
  }

  /** Sends bytes as they are. */
  sendBytes(bytes: string | Uint8Array): void {
    void this.#child.stdin.write(bytes);
    void this.#child.stdin.flush();
  }

  /** Sends a command with an id of its own and returns the id. */
  sendCommand(command: string, fields: Readonly<Record<string, unknown>> = {}): string {
    const id = `${command}_20260106_143052_${String(++this.#sequence).padStart(3, "0")}`;
    this.send({ command, command_id: id, ...fields });
    return id;
  }

  /** Sends a command and waits for its reply. */
  async ask(command: string, fields: Readonly<Record<string, unknown>> = {}): Promise<StatusLine> {
    return await this.replyTo(this.sendCommand(command, fields));
  }

  replyTo(id: string): Promise<StatusLine> {
    return this.waitFor(`reply to ${id}`, (status) => status.in_reply_to === id);
  }

  /** All replies to a command so far. */
  repliesTo(id: string): StatusLine[] {
    return this.statuses.filter((status) => status.in_reply_to === id);
  }

  /** The first status, past or to come, that fits. */
  async waitFor(what: string, fits: (status: StatusLine) => boolean, timeoutMs = WAIT_MS): Promise<StatusLine> {
    const late = Promise.withResolvers<void>();
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      late.resolve();
    }, timeoutMs);
    try {
      for (;;) {
        const found = this.statuses.find(fits);
        if (found !== undefined) return found;
        if (this.#ended || isLate) throw new Error(await this.#inVain(what));
        await Promise.race([this.#changed.promise, late.promise]);
      }
    } finally {
      clearTimeout(timer);
    }
  }

  closeStdin(): void {
    void this.#child.stdin.end();
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Waits for the end: what the program returned, by whom it was ended, what it wrote to stderr. */
  async ending(): Promise<{ exitCode: number | null; signal: string | number | null; stderr: string }> {
    await Promise.all([this.#reading, this.#child.exited]);
    return { exitCode: this.#child.exitCode, signal: this.#child.signalCode, stderr: await this.#stderr };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.ending();
    if (this.#violations.length > 0) throw new Error(`the program broke the contract:\n${this.#violations.join("\n")}`);
  }

  async #read(): Promise<void> {
    for await (const item of readLines(this.#child.stdout)) {
      const line = item.kind === "line" ? item.text : `a bad line: ${item.reason}`;
      const checked = checkStatusLine(line);
      if (typeof checked === "string") this.#violations.push(checked);
      else this.statuses.push(checked);
      this.#wake();
    }
    this.#ended = true;
    this.#wake();
  }

  #wake(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }

  async #inVain(what: string): Promise<string> {
    const seen = this.statuses.map((status) => JSON.stringify(status)).join("\n");
    const end = this.#ended ? `, the program has ended and wrote ${JSON.stringify(await this.#stderr)} to stderr` : "";
    return `waited in vain for ${what}${end}; it said:\n${seen}`;
  }
}
