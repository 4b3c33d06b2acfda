import { connect, type Socket } from "node:net";

export type Endpoint = { readonly port: number; readonly host?: string } | { readonly path: string };

/** What a server said to bytes that were sent to it. */
export interface RawAnswer {
  /** 0: nothing that is an answer. */
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Sends bytes as they are and waits for the head of an answer and its body, or for the end of the connection. */
export async function rawRequest(endpoint: Endpoint, bytes: string | Uint8Array): Promise<RawAnswer> {
  // What answers a HEAD tells the length of a body that does not come.
  const isHead = typeof bytes === "string" && bytes.startsWith("HEAD ");
  return await exchange(endpoint, bytes, (text) => parseAnswer(text, isHead));
}

/** Sends bytes as they are and waits for the end of the connection; `body` is all after the first answer's head. */
export async function rawConversation(endpoint: Endpoint, bytes: string): Promise<RawAnswer> {
  return await exchange(endpoint, bytes, () => undefined);
}

async function exchange(
  endpoint: Endpoint,
  bytes: string | Uint8Array,
  parse: (text: string) => RawAnswer | undefined,
): Promise<RawAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<RawAnswer>();
  let text = "";
  const socket: Socket = connect(endpoint, () => socket.write(bytes));
  const timer = setTimeout(() => reject(new Error(`no answer to ${String(bytes).slice(0, 100)}; got ${text}`)), 20_000);
  const end = (): void => resolve(parseAnswer(text, true) ?? { status: 0, headers: {}, body: text });
  socket.on("data", (data) => {
    text += data.toString("latin1");
    const answer = parse(text);
    if (answer !== undefined) resolve(answer);
  });
  // A server that has refused may be gone before all was written to it.
  socket.on("error", end).on("close", end);
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    socket.destroy();
  }
}

function parseAnswer(text: string, isAll = false): RawAnswer | undefined {
  const end = text.indexOf("\r\n\r\n");
  if (end < 0) return undefined;
  const [first = "", ...lines] = text.slice(0, end).split("\r\n");
  const headers = Object.fromEntries(
    lines.map((line): [string, string] => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  const body = text.slice(end + 4);
  const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(first)?.[1] ?? 0);
  const isWhole = status === 101 || body.length >= Number(headers["content-length"] ?? Number.POSITIVE_INFINITY);
  return isWhole || isAll ? { status, headers, body } : undefined;
}

/** A request's bytes; a header given twice is sent twice. */
export function requestText(line: string, headers: readonly (readonly [string, string])[]): string {
  return [line, ...headers.map(([name, value]) => `${name}: ${value}`), "", ""].join("\r\n");
}

/** What makes a request one for a WebSocket: RFC 6455, 4.1. */
export const UPGRADE = [
  ["Connection", "Upgrade"],
  ["Upgrade", "websocket"],
  ["Sec-WebSocket-Version", "13"],
  ["Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="],
] as const;
