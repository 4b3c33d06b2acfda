import type { Logger } from "pino";
import { HostCheck } from "../http/host-check.ts";
import type { ListenAddress } from "../http/listen-address.ts";
import { loadPage, type PageFile } from "./page.ts";
import { fileResponse, refusal, refuseRequest, refuseWithoutToken, upgradeHeaders } from "./request-guard.ts";
import type { TokenCheck } from "./token-check.ts";
import type { Viewers } from "./viewers.ts";

/** A request carries nothing, and a viewer says nothing: bytes. Of headers, Bun takes 16 KiB (then it answers 431). */
const REQUEST_BODY_BYTES_MAX = 1024;
const MESSAGE_BYTES_MAX = 1024;
/** Without a word on a connection, seconds. A viewer answers the pings that Bun sends it before that. */
const IDLE_SECONDS = 10;
const VIEWER_IDLE_SECONDS = 30;
// RFC 6455, 7.4.1.
const POLICY_VIOLATION = 1008;

export interface ViewerServerOptions {
  readonly address: ListenAddress;
  readonly viewers: Viewers;
  readonly tokens: TokenCheck;
  readonly log: Logger;
}

export interface ViewerServer {
  readonly port: number | undefined;
  /** Ends every connection at once. */
  close(): void;
}

/** Listens and answers: every request goes through the guard in `answer`, the page's files as well. Throws what the system says. */
export function serveViewers({ address, viewers, tokens, log }: ViewerServerOptions): ViewerServer {
  const answer = async (request: Request, server: Bun.Server<undefined>): Promise<Response | undefined> => {
    const refused = refuseRequest(request, hosts);
    if (refused !== undefined) return refused;
    const path = URL.parse(request.url)?.pathname ?? "";
    if (path === "/ws") return answerUpgrade(request, server);
    const file: PageFile | undefined = (await loadPage()).get(path);
    if (file !== undefined) return fileResponse(file.body, file.contentType);
    return refuseWithoutToken(request, tokens) ?? refusal(404, "There is nothing here.");
  };
  const answerUpgrade = (request: Request, server: Bun.Server<undefined>): Response | undefined => {
    const refused = refuseWithoutToken(request, tokens);
    if (refused !== undefined) return refused;
    if (viewers.isFull) return refusal(503, "There are as many viewers as there may be.", { "Retry-After": "10" });
    if (server.upgrade(request, { data: undefined, headers: upgradeHeaders(request) })) return undefined;
    return refusal(426, "Expected a WebSocket.", { Upgrade: "websocket", Connection: "Upgrade" });
  };
  const where =
    address.kind === "unix"
      ? { unix: address.path }
      : {
          hostname: address.hostname,
          port: address.port,
          // Bun takes `development: false` for a wish to share the port with whoever else wants it.
          reusePort: false,
          idleTimeout: IDLE_SECONDS,
        };
  const server = Bun.serve({
    ...where,
    development: false,
    maxRequestBodySize: REQUEST_BODY_BYTES_MAX,
    fetch: answer,
    error: (error) => {
      log.error({ err: error }, "a viewer's request failed");
      return refusal(500, "That went wrong; the log says why.");
    },
    websocket: {
      perMessageDeflate: false,
      maxPayloadLength: MESSAGE_BYTES_MAX,
      idleTimeout: VIEWER_IDLE_SECONDS,
      sendPings: true,
      open: (socket) => viewers.add(socket),
      message: (socket) => socket.close(POLICY_VIOLATION, "viewers say nothing"),
      drain: (socket) => viewers.of(socket)?.flush(),
      pong: (socket, data) => viewers.of(socket)?.onPong(data),
      close(socket, code) {
        const previews = viewers.remove(socket);
        log.debug({ code, ...previews }, "a viewer is gone");
      },
    },
  });
  const hosts = new HostCheck(address, server.port);
  return { port: server.port, close: () => void server.stop(true) };
}
