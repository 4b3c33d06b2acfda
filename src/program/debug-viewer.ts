import type { Logger } from "pino";
import type { DebugViewer, DebugViewerOptions } from "../debug/debug-viewer.ts";
import { ListenError } from "../http/listen-error.ts";
import { monotonicNs } from "../native/clocks.ts";
import { type RuntimeConfig, UsageError } from "../runtime/runtime-config.ts";

/** The viewer that the configuration asks for, not open yet; undefined where it asks for none. */
export async function createViewer(
  config: RuntimeConfig,
  module: Pick<DebugViewerOptions, "snapshot" | "onLeftOut">,
  log: Logger,
): Promise<DebugViewer | undefined> {
  const { debugSocket: address, debugToken: token, camera } = config;
  if (address === undefined) return undefined;
  const { DebugViewer } = await import("../debug/debug-viewer.ts");
  const { previewFps: rate, previewScale: scale, jpegQuality: quality } = camera;
  // To the microsecond.
  const monotonicMs = () => Number(monotonicNs() / 1000n) / 1000;
  return new DebugViewer({ address, token, preview: { rate, scale, quality }, ...module, monotonicMs, log });
}

/** Throws UsageError where it can't be open there. */
export async function openViewer(viewer: DebugViewer | undefined): Promise<void> {
  try {
    await viewer?.open();
  } catch (error) {
    if (!(error instanceof ListenError)) throw error;
    throw new UsageError(`--debug-socket ${error.message}`, { cause: error });
  }
}
