/** The module at one moment, and since the moment before. */
export interface Sample {
  /** Since the long trial began. */
  readonly seconds: number;
  /** 0: the long trial; from 1: the short ones. */
  readonly trial: number;
  readonly residentBytes: number;
  readonly descriptors: number;
  readonly threads: number;
  /** Processor time since the sample before, of one core. */
  readonly cpuPercent: number;
  /** How late the module's own timers were since then; undefined where it did not say. */
  readonly delayMeanMs: number | undefined;
  readonly delayMaxMs: number | undefined;
}
