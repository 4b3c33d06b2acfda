import type { TestPicture } from "./pictures.ts";
import { type EncoderLibraryName, NativeEncoder, type NativeEncoderEvent } from "../../src/native/encoder-library.ts";
import type { NativeEncoderConfig } from "../../src/native/encoder-structs.ts";
import { followWakeSocket } from "../../src/native/wake-socket.ts";

type Packet = Extract<NativeEncoderEvent, { kind: "packet" }>;

/** An encoder whose events are gathered as they come. */
export class DrivenEncoder implements AsyncDisposable {
  readonly native: NativeEncoder;
  readonly events: NativeEncoderEvent[] = [];
  readonly #wakesEnded: Promise<void>;
  readonly #held: TestPicture[] = [];
  #waiters: (() => void)[] = [];

  constructor(name: EncoderLibraryName, config: NativeEncoderConfig) {
    this.native = new NativeEncoder(name, config);
    this.#wakesEnded = followWakeSocket(this.native.wakeFd, () => this.takeAll());
  }

  submit(picture: TestPicture, timestampNs: bigint, forceKey = false): boolean {
    this.#held.push(picture);
    return this.native.submit(picture.planes, timestampNs, forceKey);
  }

  /** Submits as soon as there is room. */
  async feed(picture: TestPicture, timestampNs: bigint, forceKey = false): Promise<void> {
    while (!this.submit(picture, timestampNs, forceKey)) await this.#nextWake();
  }

  /** Everything that came until "drained" or "failed". */
  async drain(): Promise<readonly NativeEncoderEvent[]> {
    this.native.drain();
    await this.until((event) => event.kind === "drained" || event.kind === "failed");
    return this.events;
  }

  async until(isIt: (event: NativeEncoderEvent) => boolean): Promise<void> {
    while (!this.events.some(isIt)) await this.#nextWake();
  }

  get packets(): readonly Packet[] {
    return this.events.filter((event): event is Packet => event.kind === "packet");
  }

  timestamps(kind: "released" | "packet" | "skipped"): bigint[] {
    return this.events.flatMap((event) => (event.kind === kind && "timestampNs" in event ? [event.timestampNs] : []));
  }

  takeAll(): void {
    for (let event = this.native.take(); event !== undefined; event = this.native.take()) this.events.push(event);
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const wake of waiters) wake();
  }

  /** Resolves when the wake-up socket is at its end and closed. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.native.destroy();
    this.takeAll = () => {};
    await this.#wakesEnded;
  }

  #nextWake(): Promise<void> {
    return new Promise((resolve) => this.#waiters.push(resolve));
  }
}
