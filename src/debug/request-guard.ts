import type { HostCheck } from "../http/host-check.ts";
import { offeredSubprotocols, SUBPROTOCOL, type TokenCheck } from "./token-check.ts";

/** On every response. The page brings all it needs, talks to nobody else, and is put into no other page. */
const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  "Content-Security-Policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Cache-Control": "no-store",
};

/** A sentence with a status of its own, for whoever is not let in. */
export function refusal(status: number, sentence: string, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(`${sentence}\n`, {
    status,
    headers: { ...SECURITY_HEADERS, "Content-Type": "text/plain; charset=utf-8", ...headers },
  });
}

export function fileResponse(body: Uint8Array<ArrayBuffer>, contentType: string): Response {
  return new Response(body, { headers: { ...SECURITY_HEADERS, "Content-Type": contentType } });
}

/** What holds for every request, before anything else is asked. undefined: it may pass. */
export function refuseRequest(request: Request, hosts: HostCheck): Response | undefined {
  const host = request.headers.get("host");
  if (!hosts.accepts(host)) return refusal(421, "This is another host.");
  const origin = request.headers.get("origin");
  // Programs send none; browsers do with every WebSocket.
  if (origin !== null && origin.toLowerCase() !== `http://${host?.toLowerCase()}`) {
    return refusal(403, "Pages of other sites have no business here.");
  }
  if (request.method !== "GET" && request.method !== "HEAD") {
    return refusal(405, "Nothing is done here, things are only shown.", { Allow: "GET, HEAD" });
  }
  return undefined;
}

/** For all that is not the page itself, which holds nothing of anybody's. undefined: it may pass. */
export function refuseWithoutToken(request: Request, tokens: TokenCheck): Response | undefined {
  if (tokens.accepts(request.headers.get("sec-websocket-protocol"))) return undefined;
  return refusal(401, "The token is missing, or it is not the right one.", { "WWW-Authenticate": "csi-camera" });
}

/** What a WebSocket is opened with: never the token, which was offered beside our own subprotocol. */
export function upgradeHeaders(request: Request): Record<string, string> {
  const offered = offeredSubprotocols(request.headers.get("sec-websocket-protocol"));
  return offered.includes(SUBPROTOCOL) ? { "Sec-WebSocket-Protocol": SUBPROTOCOL } : {};
}
