import type { Logger } from "pino";
import { messageOf } from "../errors.ts";
import { UsageError } from "../runtime/runtime-config.ts";
import { systemErrorCode } from "../system-error.ts";
import type { Telemetry } from "../telemetry/telemetry.ts";

/** Serves the metrics where a port is given. Throws UsageError where it can't be had. */
export async function openMetrics(
  port: number | undefined,
  telemetry: Telemetry,
  log: Logger,
): Promise<AsyncDisposable | undefined> {
  if (port === undefined) return undefined;
  // With prom-client it takes some 100 ms to load.
  const { serveMetrics } = await import("../metrics/metrics-server.ts");
  try {
    return serveMetrics(port, telemetry, (error) => log.error({ err: error }, "a request for metrics failed"));
  } catch (cause) {
    throw new UsageError(`--metrics-port: cannot listen on 127.0.0.1:${port}: ${whyNot(cause)}`, { cause });
  }
}

function whyNot(error: unknown): string {
  const code = systemErrorCode(error);
  if (code === "EADDRINUSE") return "the port is in use";
  return code === "EACCES" ? "no permission for this port" : messageOf(error);
}
