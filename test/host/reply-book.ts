import type { StatusLine } from "../../src/protocol/statuses.ts";
import { isMadeUpId, mayAnswer } from "./reply-rules.ts";
import type { SentCommand } from "./sent-lines.ts";

/** RPi Logger sends an assignment again when nothing came by then. */
const ACK_MS_MAX = 3000;

interface OpenCommand extends SentCommand {
  /** Which the module gave it, once that is known. */
  madeUpId: string | undefined;
  isAcknowledged: boolean;
  /** Another one that came later was answered before it. */
  isOvertaken: boolean;
}

export interface ReplyBookOptions {
  /** RPi Logger is the host: assignments are acknowledged. */
  readonly hasAcks: boolean;
  /** Called with what is wrong, a sentence. */
  readonly onViolation: (sentence: string) => void;
}

/** The commands that have no final reply yet, in the order in which they were sent. */
export class ReplyBook {
  readonly #hasAcks: boolean;
  readonly #violate: (sentence: string) => void;
  readonly #answeredIds = new Set<string>();
  #open: OpenCommand[] = [];

  constructor({ hasAcks, onViolation }: ReplyBookOptions) {
    this.#hasAcks = hasAcks;
    this.#violate = onViolation;
  }

  get open(): readonly SentCommand[] {
    return this.#open;
  }

  sent(command: SentCommand): void {
    this.#open.push({ ...command, madeUpId: undefined, isAcknowledged: false, isOvertaken: false });
  }

  /** Takes a final reply. */
  answered(status: StatusLine): void {
    const { in_reply_to: id } = status;
    const index = this.#find(id);
    const command = this.#open[index];
    if (command === undefined) {
      const isSecond = id !== undefined && this.#answeredIds.has(id);
      this.#violate(
        `${isSecond ? "a second final response" : "a reply to an id that was never sent"}: ${show(status)}`,
      );
      return;
    }
    for (const earlier of this.#open.slice(0, index)) {
      if (earlier.isOvertaken) continue;
      earlier.isOvertaken = true;
      this.#violate(`a reply out of order, before the one to ${describe(earlier)}: ${show(status)}`);
    }
    this.#open.splice(index, 1);
    if (id !== undefined) this.#answeredIds.add(id);
    this.#checkReply(command, status);
    // After it nobody listens.
    if (status.status === "quitting") this.#open = this.#open.slice(0, index);
  }

  /** Takes a device_ack. */
  acknowledged(status: StatusLine, atMs: number): void {
    const { in_reply_to: id, data } = status;
    const command = id === undefined ? undefined : this.#open[this.#find(id, ({ name }) => name === "assign_device")];
    if (!this.#hasAcks) this.#violate(`device_ack without --enable-commands: ${show(status)}`);
    if (command === undefined || command.isAcknowledged) {
      this.#violate(`a device_ack for no assign_device that waits for one: ${show(status)}`);
      return;
    }
    command.isAcknowledged = true;
    if (command.id === undefined) command.madeUpId = id;
    if (data["device_id"] !== command.deviceId) this.#violate(`a device_ack for another device: ${show(status)}`);
    const tookMs = Math.round(atMs - command.sentMs);
    if (tookMs > ACK_MS_MAX) this.#violate(`a device_ack that took ${tookMs} ms: ${show(status)}`);
  }

  /** An id of the host's own comes first; a made-up one stands for the oldest command that has none. */
  #find(id: string | undefined, fits: (command: OpenCommand) => boolean = () => true): number {
    const exact = this.#open.findIndex((command) => (command.id ?? command.madeUpId) === id && fits(command));
    if (id === undefined || exact !== -1 || this.#answeredIds.has(id) || !isMadeUpId(id)) return exact;
    return this.#open.findIndex(
      (command) => command.id === undefined && command.madeUpId === undefined && fits(command),
    );
  }

  #checkReply(command: OpenCommand, status: StatusLine): void {
    if (!mayAnswer(command.name, status)) this.#violate(`no reply to ${describe(command)}: ${show(status)}`);
    if (command.name !== "assign_device" || status.status === "command_nack") return;
    if (status.data["device_id"] !== command.deviceId) this.#violate(`a reply for another device: ${show(status)}`);
    if (this.#hasAcks && !command.isAcknowledged) this.#violate(`no device_ack came before: ${show(status)}`);
  }
}

/** A status for use in a sentence. */
export function show(status: StatusLine): string {
  return JSON.stringify(status).slice(0, 500);
}

export function describe({ name, id }: SentCommand): string {
  return `${name ?? "a line"} (${id === undefined ? "without an id" : JSON.stringify(id.slice(0, 80))})`;
}
