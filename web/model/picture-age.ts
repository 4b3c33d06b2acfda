import type { PreviewHeader } from "../../src/debug/preview-packet.ts";

/** Beyond this, the sensor's clock is none that can be compared with the module's. */
const SENSOR_LAG_MS_MAX = 10_000;

/** How old a picture was when it left the module, ms: from its exposure, or from its arrival where the clocks differ. */
export function ageWhenSentMs({ sensorTimestampNs, arrivedNs, sentNs }: PreviewHeader): number {
  const fromSensorMs = Number(sentNs - sensorTimestampNs) / 1e6;
  if (fromSensorMs >= 0 && fromSensorMs <= SENSOR_LAG_MS_MAX) return fromSensorMs;
  return Math.max(0, Number(sentNs - arrivedNs) / 1e6);
}

/** Without a new picture for this long, ms, the one that is shown is stale. `rate`: pictures per second, as they should come. */
export function staleAfterMs(rate: number): number {
  return rate > 0 ? Math.max(1000, 3000 / rate) : 1000;
}
