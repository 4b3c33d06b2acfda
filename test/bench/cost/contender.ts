import type { VideoCodec } from "../../../src/recording/video-encoder.ts";
import type { Clip } from "./clip.ts";
import type { Turns } from "./turns.ts";

/** What every contender is to do: encode the clip's pictures, round and round. */
export interface Job {
  readonly codec: VideoCodec;
  readonly clip: Clip;
  /** How many pictures; one that can't stop on the dot encodes a few more. */
  readonly frames: number;
  /** A folder for what is written, which is removed afterwards. */
  readonly folder: string;
  /** What an H.264 encoder is told; absent: SETTINGS. Bit/s. */
  readonly bitrate?: number;
  /** Which it takes with others; absent: it has the machine to itself. */
  readonly turns?: Turns;
}

/** One process's life. */
export interface Run {
  readonly frames: number;
  /** User and system, of all threads. */
  readonly cpuMs: number;
  /** While it was its turn. */
  readonly wallMs: number;
  /** Most memory resident. */
  readonly peakBytes: number;
  /** Of one that is looked at while it runs: memory resident, each second or so. */
  readonly residentBytes?: readonly number[];
  /** Where its time went, of one that is looked into. */
  readonly profile?: Profile;
  /** What it wrote for video. */
  readonly outputPath: string;
}

/** What a program's threads had taken when so many frames were recorded. */
interface Profile {
  readonly frames: number;
  readonly cpuMs: Readonly<Record<Part, number>>;
}

/** Of a program's threads. */
export const PARTS = ["JavaScript", "encoder", "files", "engine"] as const;
export type Part = (typeof PARTS)[number];

export interface Contender {
  readonly name: string;
  /** Why it can't be had on this machine; undefined: it can. */
  readonly missing: string | undefined;
  run(job: Job): Promise<Run>;
}

/** The module's defaults: what all contenders encode with. */
export const SETTINGS = { frameRate: 30, bitrate: 8_000_000, jpegQuality: 85 } as const;
