import { HostCheck } from "../http/host-check.ts";
import type { ListenAddress } from "../http/listen-address.ts";
import type { Telemetry } from "../telemetry/telemetry.ts";
import { answerMetrics } from "./answer-metrics.ts";
import { MetricsPages } from "./metrics-pages.ts";

/** Nobody has anything to send. */
const REQUEST_BYTES_MAX = 1024;
/** A connection on which nothing moves for so long is closed, seconds: also that of one who does not read. */
const IDLE_S = 10;

type TcpAddress = Extract<ListenAddress, { kind: "tcp" }>;

export interface MetricsServer extends AsyncDisposable {
  /** Ends all connections. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** Serves what telemetry tells. Throws the system's error where the port can't be had. */
export function serveMetrics(
  address: TcpAddress,
  telemetry: Telemetry,
  onError: (error: unknown) => void,
): MetricsServer {
  const pages = new MetricsPages(telemetry);
  const hosts = new HostCheck(address, address.port);
  const server = Bun.serve({
    hostname: address.hostname,
    port: address.port,
    development: false,
    // Bun takes `development: false` for a wish to share the port with whoever else wants it.
    reusePort: false,
    maxRequestBodySize: REQUEST_BYTES_MAX,
    idleTimeout: IDLE_S,
    fetch: (request) => answerMetrics(request, hosts, pages),
    error(error) {
      onError(error);
      return new Response("internal error\n", { status: 500 });
    },
  });
  return { [Symbol.asyncDispose]: () => server.stop(true) };
}
