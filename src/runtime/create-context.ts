import { resolve } from "node:path";
import { nowhere } from "../log/line-sink.ts";
import { SpareFrames } from "../pipeline/spare-frames.ts";
import { Stills } from "../preview/stills.ts";
import type { Telemetry } from "../telemetry/telemetry.ts";
import { deviceEvents } from "./device-events.ts";
import type { RuntimeConfig } from "./runtime-config.ts";
import type { RuntimeContext } from "./runtime-context.ts";
import type { RuntimeDependencies } from "./runtime-dependencies.ts";

interface ContextParts extends Pick<RuntimeContext, "stopSignal" | "announce"> {
  readonly telemetry: Telemetry;
  /** Does it in its turn among the commands, unless the module has finished by then. */
  readonly run: (job: () => Promise<void>) => void;
}

/** Of a module to which nothing is assigned yet. */
export function createContext(
  config: RuntimeConfig,
  dependencies: RuntimeDependencies,
  { telemetry, stopSignal, announce, run }: ContextParts,
): RuntimeContext {
  const { log, frameDrops = nowhere, createSource, openEncoder, preview } = dependencies;
  const stills = new Stills(config.camera.jpegQuality);
  const isWatched = config.metricsPort !== undefined || config.debugSocket !== undefined;
  const context: RuntimeContext = {
    config,
    log,
    frameDrops,
    createSource,
    openEncoder,
    deviceEvents: deviceEvents({ context: () => context, run }),
    telemetry,
    stills,
    isWatched,
    frameConsumersOf: (info) => [
      ...(isWatched ? [telemetry.frames.opened(info)] : []),
      new SpareFrames(preview === undefined ? [stills] : [preview, stills], info.bufferCount),
    ],
    stopSignal,
    device: undefined,
    openingDeviceId: undefined,
    sessionDir: config.outputDir === undefined ? undefined : resolve(config.outputDir),
    lastTrialNumber: 0,
    announce,
  };
  return context;
}
