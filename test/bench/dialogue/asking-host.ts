import { HostProcess } from "../../../src/demo/host-process.ts";
import { monotonicNs } from "../../../src/native/clocks.ts";
import { STATUS_PAYLOADS, type StatusLine, type StatusName } from "../../../src/protocol/statuses.ts";

export interface TimedReply {
  readonly status: StatusLine;
  /** From the sending of the command, ms. */
  readonly ms: number;
  /** CLOCK_MONOTONIC when the command was sent. */
  readonly sentNs: bigint;
}

interface Question {
  readonly sentNs: bigint;
  readonly answer: (reply: TimedReply) => void;
}

/** The program with RPi Logger for a host that looks at the clock. */
export class AskingHost implements AsyncDisposable {
  readonly #host: HostProcess;
  readonly #questions = new Map<string, Question>();
  #sequence = 0;

  private constructor(args: readonly string[]) {
    this.#host = new HostProcess({
      args: ["--enable-commands", ...args],
      onStatus: (status) => this.#receive(status, monotonicNs()),
    });
  }

  /** Once it is ready. */
  static async start(args: readonly string[]): Promise<AskingHost> {
    const host = new AskingHost(args);
    await host.#host.waitFor(({ status }) => status === "ready");
    return host;
  }

  /** The exit code, once the process is gone. */
  get exited(): Promise<number> {
    return this.#host.exited;
  }

  async ask(command: string, fields: Readonly<Record<string, unknown>> = {}): Promise<TimedReply> {
    const id = `${command}_${++this.#sequence}`;
    const line = JSON.stringify({ command, command_id: id, ...fields });
    return await new Promise((answer) => {
      this.#questions.set(id, { sentNs: monotonicNs(), answer });
      this.#host.send(line);
    });
  }

  /** Throws where the reply has another status. */
  async expect<Name extends StatusName>(
    name: Name,
    command: string,
    fields?: Readonly<Record<string, unknown>>,
  ): Promise<TimedReply & { readonly payload: ReturnType<(typeof STATUS_PAYLOADS)[Name]["parse"]> }>;
  async expect(
    name: StatusName,
    command: string,
    fields: Readonly<Record<string, unknown>> = {},
  ): Promise<TimedReply & { readonly payload: unknown }> {
    const reply = await this.ask(command, fields);
    if (reply.status.status !== name) throw new Error(`got ${JSON.stringify(reply.status)}, expected ${name}`);
    return { ...reply, payload: STATUS_PAYLOADS[name].parse(reply.status.data) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#host[Symbol.asyncDispose]();
  }

  #receive(status: StatusLine, repliedNs: bigint): void {
    const { in_reply_to: id } = status;
    const question = status.status === "device_ack" ? undefined : this.#questions.get(id ?? "");
    if (id === undefined || question === undefined) return;
    this.#questions.delete(id);
    const { sentNs, answer } = question;
    answer({ status, ms: Number(repliedNs - sentNs) / 1e6, sentNs });
  }
}
