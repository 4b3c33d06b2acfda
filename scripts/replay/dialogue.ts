/** A status, and when it was said: ms since the beginning. */
export interface Said {
  readonly status: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly replyTo: string | undefined;
  readonly atMs: number;
}

/** A command with its replies so far. */
export interface Exchange {
  readonly atMs: number;
  /** Said that it was understood, while the final reply may take its time. */
  readonly interim: Said[];
  /** One, by the contract. */
  readonly final: Said[];
}

interface OpenExchange extends Exchange {
  /** By which it is answered; undefined until the module has made one up. */
  id: string | undefined;
  readonly command: string | null;
}

/** The only status with an id that is no final reply. */
const INTERIM = "device_ack";

/** The only status that answers, and never is said unasked: without an id it is the reply to what came without one. */
const REFUSAL = "command_nack";

/** Which status answers which command, as they come. */
export class Dialogue {
  /** In the order of the commands. */
  readonly exchanges: Exchange[] = [];
  /** In the order in which they were said. */
  readonly unasked: Said[] = [];
  /** Replies to ids of no command. */
  readonly strays: Said[] = [];
  /** Without a final reply still, in order. */
  readonly #waiting: OpenExchange[] = [];
  readonly #answered = new Map<string, OpenExchange>();
  /** A log may have a command after the interim reply to it. */
  #early: Said[] = [];

  /** `id`: by which it will be answered; undefined where none was sent. */
  command(command: string | null, id: string | undefined, atMs: number): Exchange {
    const exchange: OpenExchange = { command, id, atMs, interim: [], final: [] };
    this.exchanges.push(exchange);
    this.#waiting.push(exchange);
    const early = this.#early;
    this.#early = [];
    for (const said of early) this.status(said);
    return exchange;
  }

  /** The exchange that it belongs to; undefined where there is none (yet). */
  status(said: Said): Exchange | undefined {
    if (said.status === INTERIM) return this.#interim(said);
    if (said.replyTo === undefined && said.status !== REFUSAL) {
      this.unasked.push(said);
      return undefined;
    }
    return this.#final(said);
  }

  #interim(said: Said): OpenExchange | undefined {
    const unsaid = this.#waiting.filter(({ interim }) => interim.length === 0);
    const exchange =
      unsaid.find(({ id }) => id === said.replyTo) ??
      unsaid.find(({ id, command }) => id === undefined && command === "assign_device");
    if (exchange === undefined) this.#early.push(said);
    else exchange.id = said.replyTo;
    exchange?.interim.push(said);
    return exchange;
  }

  /** Ids may be used again. Those that the module makes up are known by their order: commands are answered in order. */
  #final(said: Said): OpenExchange | undefined {
    const { replyTo } = said;
    const waiting =
      this.#waiting.find(({ id }) => id === replyTo) ??
      (replyTo === undefined || this.#answered.has(replyTo)
        ? undefined
        : this.#waiting.find(({ id }) => id === undefined));
    const exchange = waiting ?? this.#answered.get(replyTo ?? "");
    if (exchange === undefined) {
      this.strays.push(said);
      return undefined;
    }
    exchange.final.push(said);
    if (replyTo !== undefined) this.#answered.set(replyTo, exchange);
    if (waiting !== undefined) this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
    return exchange;
  }
}
