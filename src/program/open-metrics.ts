import type { Logger } from "pino";
import { formatListenAddress } from "../http/listen-address.ts";
import { listenError } from "../http/listen-error.ts";
import { UsageError } from "../runtime/runtime-config.ts";
import type { Telemetry } from "../telemetry/telemetry.ts";

/** Nobody else has any business there. */
const LOOPBACK = "127.0.0.1";

/** Serves the metrics where a port is given. Throws UsageError where it can't be had. */
export async function openMetrics(
  port: number | undefined,
  telemetry: Telemetry,
  log: Logger,
): Promise<AsyncDisposable | undefined> {
  if (port === undefined) return undefined;
  // With prom-client it takes some 100 ms to load.
  const { serveMetrics } = await import("../metrics/metrics-server.ts");
  const address = { kind: "tcp", hostname: LOOPBACK, port } as const;
  try {
    return serveMetrics(address, telemetry, (error) => log.error({ err: error }, "a request for metrics failed"));
  } catch (cause) {
    const { message } = listenError(formatListenAddress(address), port, cause);
    throw new UsageError(`--metrics-port ${message}`, { cause });
  }
}
