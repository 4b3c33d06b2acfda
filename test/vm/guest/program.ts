import { appendFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { Status, type TranscriptEvent } from "../transcript.ts";

/** In software emulation Bun alone takes seconds to start; a program that hangs is still found before the VM's own limit. */
const PATIENCE_MS = 90_000;

/** The program as a child process, with us as its host. All that is said goes to `transcript.jsonl` in `folder`. */
export class Program implements AsyncDisposable {
  readonly #child: Bun.Subprocess<"pipe", "pipe", Bun.BunFile>;
  readonly #transcript: string;
  readonly #statuses: Status[] = [];
  /** Settled and replaced whenever there is something new to look at. */
  #news = Promise.withResolvers<void>();
  #commandCount = 0;
  #state: "running" | "exited" = "running";
  readonly #done: Promise<void>;

  constructor(command: readonly string[], folder: string) {
    mkdirSync(folder, { recursive: true });
    this.#transcript = join(folder, "transcript.jsonl");
    this.#child = Bun.spawn([...command], {
      stdin: "pipe",
      stdout: "pipe",
      stderr: Bun.file(join(folder, "stderr")),
    });
    this.#done = this.#follow();
  }

  get pid(): number {
    return this.#child.pid;
  }

  /** Sends a command and waits for its final reply. */
  async ask(command: string, fields: Record<string, unknown> = {}): Promise<Status> {
    const time = new Date().toISOString().replaceAll(/[-:]/g, "").replace("T", "_").slice(0, 15);
    const id = `${command}_${time}_${String(++this.#commandCount).padStart(3, "0")}`;
    const line = { command, command_id: id, ...fields };
    this.#note({ kind: "command", command: line });
    await this.#child.stdin.write(`${JSON.stringify(line)}\n`);
    await this.#child.stdin.flush();
    return this.#until(`the reply to ${id}`, () =>
      this.#statuses.find((status) => status.in_reply_to === id && status.status !== "device_ack"),
    );
  }

  waitFor(status: string): Promise<Status> {
    return this.#until(`"${status}"`, () => this.#statuses.find((candidate) => candidate.status === status));
  }

  /** Waits for one that nobody asked for. */
  waitForUnasked(status: string): Promise<Status> {
    return this.#until(`"${status}" that nobody asked for`, () =>
      this.#statuses.find((candidate) => candidate.status === status && candidate.in_reply_to === undefined),
    );
  }

  /** Ends its input and waits for its exit. */
  async closeInput(): Promise<void> {
    this.#note({ kind: "input_closed" });
    await this.#child.stdin.end();
    await this.#exit();
  }

  /** Sends SIGTERM and waits for its exit. */
  async terminate(): Promise<void> {
    this.#note({ kind: "signal", signal: "SIGTERM" });
    this.#child.kill("SIGTERM");
    await this.#exit();
  }

  /** Notes why the case ended early, for those who judge it. */
  giveUp(error: string): void {
    this.#note({ kind: "gave_up", error });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#state === "running") this.#child.kill("SIGKILL");
    await this.#done;
  }

  async #exit(): Promise<void> {
    await this.#until("its exit", () => (this.#state === "exited" ? true : undefined));
  }

  async #follow(): Promise<void> {
    let rest = "";
    const decoder = new TextDecoder();
    for await (const bytes of this.#child.stdout) {
      const lines = (rest + decoder.decode(bytes, { stream: true })).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) this.#take(line);
    }
    if (rest !== "") this.#take(rest);
    await this.#child.exited;
    this.#note({ kind: "exit", code: this.#child.exitCode, signal: this.#child.signalCode });
    this.#state = "exited";
    this.#wake();
  }

  #take(text: string): void {
    this.#note({ kind: "line", text });
    const status = Status.safeParse(parseJson(text));
    if (status.success) this.#statuses.push(status.data);
    this.#wake();
  }

  #wake(): void {
    this.#news.resolve();
    this.#news = Promise.withResolvers<void>();
  }

  async #until<T>(what: string, find: () => T | undefined): Promise<T> {
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
      const found = find();
      if (found !== undefined) return found;
      if (this.#state === "exited") throw new Error(`the program ended before ${what}`);
      const restMs = deadline - Date.now();
      if (restMs <= 0) throw new Error(`waited ${PATIENCE_MS / 1000} s for ${what}`);
      const timer = setTimeout(() => this.#wake(), restMs);
      await this.#news.promise;
      clearTimeout(timer);
    }
  }

  #note(event: TranscriptEvent): void {
    appendFileSync(this.#transcript, `${JSON.stringify(event)}\n`);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
