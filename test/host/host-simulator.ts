import type { STATUS_PAYLOADS, StatusName } from "../../src/protocol/statuses.ts";
import type { ModuleProcess } from "../support/module-process.ts";
import type { RecordingPaths } from "../support/record.ts";
import type { StopReport } from "./stop-ladder.ts";

export type Fields = Readonly<Record<string, unknown>>;
export type PayloadOf<Name extends StatusName> = ReturnType<(typeof STATUS_PAYLOADS)[Name]["parse"]>;

/**
 * A host with its time-outs and its order of shutting down, in one of the two dialects. Whatever breaks the contract on
 * the way is thrown when it is disposed of.
 */
export interface HostSimulator extends AsyncDisposable {
  readonly module: ModuleProcess;
  /** Until the module has said `ready` and has its camera. */
  connect(): Promise<void>;
  /** Sends a command that this status must answer. */
  tell<Name extends StatusName>(command: string, expected: Name, fields?: Fields): Promise<PayloadOf<Name>>;
  startTrial(sessionDir: string, trialNumber: number, trialLabel: string): Promise<RecordingPaths>;
  endTrial(): Promise<PayloadOf<"recording_stopped">>;
  /** Stops the module, from the rung of this name on. */
  stop(from?: string): Promise<StopReport>;
}

/** How long a host waits after `quit`, stdin's end or a signal before it takes harder measures. */
export const EXIT_MS = 2000;
