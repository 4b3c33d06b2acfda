import type { RuntimeError } from "../errors.ts";
import type { LedgerReport } from "../pipeline/frame-ledger.ts";
import type { ClockSteps } from "../pipeline/wall-clock.ts";

/** What a recording was, told when it has ended. */
export interface RecordingReport {
  /** undefined: there is no file, because no frame was recorded or somebody removed it. */
  readonly videoPath: string | undefined;
  /** Why it ended: see endReason(). */
  readonly reason: string;
  readonly ledger: LedgerReport;
  readonly clockSteps: ClockSteps;
  /** The ledger's sums agree: captured = recorded + skipped + dropped. */
  readonly isBalanced: boolean;
  /** Drops that the ledger counts and the recording's drops file could not take. */
  readonly unwrittenDrops: number;
  /** Why the recording's metadata file is not there, or not the last version. */
  readonly metadataFailure: RuntimeError | undefined;
  /** What went wrong at any time, also while stopping. */
  readonly failure: RuntimeError | undefined;
}
