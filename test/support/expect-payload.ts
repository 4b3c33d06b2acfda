import { STATUS_PAYLOADS, type StatusLine, type StatusName } from "../../src/protocol/statuses.ts";

type Payloads = typeof STATUS_PAYLOADS;

/** The payload of a reply that must have this status. */
export function expectPayload<Name extends StatusName>(
  reply: StatusLine,
  name: Name,
): ReturnType<Payloads[Name]["parse"]>;
export function expectPayload(reply: StatusLine, name: StatusName): unknown {
  if (reply.status !== name) throw new Error(`got ${JSON.stringify(reply)}, expected ${name}`);
  return STATUS_PAYLOADS[name].parse(reply.data);
}
