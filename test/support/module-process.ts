import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { StatusLine } from "../../src/protocol/statuses.ts";
import { CheckedProgram, type ProgramEnding } from "../host/checked-program.ts";

const PROGRAM = join(import.meta.dir, "../../src/main.ts");
/** CSI_TEST_WAIT_MS: where the program is emulated, it starts ten times slower. */
export const WAIT_MS = Number(process.env["CSI_TEST_WAIT_MS"] ?? 10_000);
/** From the last status to the end. */
const END_MS = 1000;

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
 * The program with a test for a host: the whole dialogue is held against the contract (what broke it is thrown at the
 * end), its stderr is kept, and no wait is endless.
 */
export class ModuleProcess implements AsyncDisposable {
  readonly #program: CheckedProgram;
  #changed = Promise.withResolvers<void>();
  #sequence = 0;

  constructor(args: readonly string[], { env = {}, cwd, main }: ModuleProcessOptions = {}) {
    this.#program = new CheckedProgram({
      command: programCommand(args, main),
      // What encodes is to be the same on every machine, unless a test says otherwise.
      env: { ...cleanEnvironment, CSI_CAMERA_ENCODER: "software", ...env },
      cwd,
      isRpiLogger: args.includes("--enable-commands"),
      onChange: () => {
        this.#changed.resolve();
        this.#changed = Promise.withResolvers();
      },
    });
  }

  get pid(): number {
    return this.#program.pid;
  }

  /** Every status so far, in order. */
  get statuses(): readonly StatusLine[] {
    return this.#program.statuses;
  }

  send(command: Readonly<Record<string, unknown>>): void {
    this.sendBytes(`${JSON.stringify(command)}\n`);
  }

  /** Sends bytes as they are. */
  sendBytes(bytes: string | Uint8Array): void {
    this.#program.send(Buffer.from(bytes));
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
    return this.waitFor(`reply to ${id}`, (status) => isFinalReply(status, id));
  }

  /** All final replies to a command so far. */
  repliesTo(id: string): StatusLine[] {
    return this.statuses.filter((status) => isFinalReply(status, id));
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
        if (this.#program.isSilent || isLate) throw new Error(await this.#inVain(what));
        await Promise.race([this.#changed.promise, late.promise]);
      }
    } finally {
      clearTimeout(timer);
    }
  }

  closeStdin(): void {
    this.#program.closeStdin();
  }

  kill(signal: NodeJS.Signals): void {
    this.#program.kill(signal);
  }

  /** Waits for the end: what the program returned, by whom it was ended, what it wrote to stderr. */
  ending(): Promise<ProgramEnding> {
    return this.#program.ending();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#program[Symbol.asyncDispose]();
  }

  async #inVain(what: string): Promise<string> {
    const { isSilent, statuses, violations } = this.#program;
    const ending = isSilent ? await Promise.race([this.ending(), delay(END_MS, undefined)]) : undefined;
    const end =
      ending === undefined ? "" : `, the program has ended and wrote ${JSON.stringify(ending.stderr)} to stderr`;
    const seen = [...violations, ...statuses.map((status) => JSON.stringify(status))].join("\n");
    return `waited in vain for ${what}${end}; it said:\n${seen}`;
  }
}

/** device_ack is an interim one. */
function isFinalReply({ status, in_reply_to }: StatusLine, id: string): boolean {
  return in_reply_to === id && status !== "device_ack";
}
