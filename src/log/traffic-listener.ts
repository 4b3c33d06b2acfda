/** Plain JSON, as it was read or has been sent. */
export type TrafficPayload = Readonly<Record<string, unknown>>;

/** Hears of everything that comes from the host and goes to it, in order. Must not throw, keeps no payload. */
export interface TrafficListener {
  /** `command` is null for a line that could not be parsed, `id` where none could be read. */
  received(id: string | null, command: string | null, payload: TrafficPayload): void;
  /** `replyTo` is null for a status that nobody asked for. */
  sent(status: string, replyTo: string | null, payload: TrafficPayload): void;
}
