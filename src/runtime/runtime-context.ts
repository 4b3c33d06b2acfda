import type { Logger } from "pino";
import type { LineSink } from "../log/line-sink.ts";
import type { Status } from "../protocol/statuses.ts";
import type { OpenVideoEncoder } from "../recording/encoders/open-video-encoder.ts";
import type { Stills } from "../preview/stills.ts";
import type { Telemetry } from "../telemetry/telemetry.ts";
import type { AssignedDevice, AssignedDeviceEvents } from "./assigned-device.ts";
import type { CreateSource } from "./create-source.ts";
import type { OthersOf } from "./frame-stream.ts";
import type { RuntimeConfig } from "./runtime-config.ts";

/** A status without an id: what a handler answers, or what nobody asked for. */
export type UnaddressedStatus = Status extends infer S ? (S extends Status ? Omit<S, "inReplyTo"> : never) : never;

/** What the command handlers share. Only the command that is being handled changes it: commands run one by one. */
export interface RuntimeContext {
  readonly config: RuntimeConfig;
  readonly log: Logger;
  readonly frameDrops: LineSink;
  /** undefined: the program's own. */
  readonly createSource: CreateSource | undefined;
  readonly openEncoder: OpenVideoEncoder | undefined;
  readonly deviceEvents: AssignedDeviceEvents;
  readonly telemetry: Telemetry;
  readonly stills: Stills;
  /** Somebody may look on while frames come and are recorded. */
  readonly isWatched: boolean;
  readonly frameConsumersOf: OthersOf;
  /** Aborted when the module is to stop: waits must end. */
  readonly stopSignal: AbortSignal;
  device: AssignedDevice | undefined;
  /** The device that is being assigned. */
  openingDeviceId: string | undefined;
  /** Absolute; from start_session. */
  sessionDir: string | undefined;
  /** Of the last recording; 0 before the first. */
  lastTrialNumber: number;
  /** Sends a status that nobody asked for. */
  announce(status: UnaddressedStatus): void;
}
