import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { STATUS_PAYLOADS, StatusLine } from "../../src/protocol/statuses.ts";
import { HOST_LINE_BYTES_LIMIT } from "../host/host-lines.ts";

const LOCAL_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}$/;
const Names = z.enum(Object.keys(STATUS_PAYLOADS) as (keyof typeof STATUS_PAYLOADS)[]);

/** A line of the program's stdout as a status that keeps to the host contract, or what is wrong with it. */
export function checkStatusLine(line: string): StatusLine | string {
  const broken = (why: string): string => `${why}: ${line.slice(0, 500)}`;
  if (Buffer.byteLength(line) + 1 >= HOST_LINE_BYTES_LIMIT) return broken("too long a line");
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch {
    return broken("not JSON");
  }
  const parsed = StatusLine.safeParse(json);
  if (!parsed.success) return broken("not a status");
  const status = parsed.data;
  if (status.status === "error") return broken("error, which no module may say");
  const name = Names.safeParse(status.status);
  if (!name.success) return broken("a status that the contract does not know");
  if (!STATUS_PAYLOADS[name.data].safeParse(status.data).success) return broken("a payload that does not fit");
  if (!LOCAL_TIME.test(status.timestamp)) return broken("a timestamp that is no local time");
  if (status.command_id !== status.in_reply_to) return broken("command_id differs from in_reply_to");
  const {
    type: _type,
    status: _status,
    timestamp: _timestamp,
    in_reply_to: _to,
    command_id: _id,
    data,
    ...payload
  } = status;
  return isDeepStrictEqual(payload, data) ? status : broken("data differs from what stands beside status");
}
