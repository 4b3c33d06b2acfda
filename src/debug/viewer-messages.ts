import type { ModuleSnapshot } from "../telemetry/module-snapshot.ts";

/**
 * What goes over `/ws`. From the module: JSON as text messages, previews as binary ones (preview-packet.ts). From the
 * viewer: nothing; it shows and does not command. The page imports this file too.
 */
export type ViewerMessage = HelloMessage | TrafficMessage | SnapshotMessage;

/** Always the first. */
export interface HelloMessage {
  readonly kind: "hello";
  /** Grows when a message changes its meaning. */
  readonly protocol: 1;
  readonly versions: { readonly csi_camera: string; readonly bun: string };
}

/** The host's traffic, in order: on connecting the last 500 entries, then each as it comes. */
interface TrafficMessage {
  readonly kind: "traffic";
  readonly entries: readonly TrafficEntry[];
}

/** One command received or one status sent. */
export interface TrafficEntry {
  /** From 1, without holes: one that is missing was dropped for a viewer that was too slow, and that is told in a hole. */
  readonly sequence: number;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** CLOCK_MONOTONIC, ms: for how long replies took. */
  readonly monotonic_ms: number;
  readonly direction: "in" | "out";
  /** The command's or the status's name; null for a line that is no command. */
  readonly name: string | null;
  /** The command's id, or the one that a status replies to. */
  readonly id: string | null;
  /** Shortened: see shorten-payload.ts. */
  readonly payload: Readonly<Record<string, unknown>>;
}

/** Once a second. */
export interface SnapshotMessage {
  readonly kind: "snapshot";
  readonly snapshot: ModuleSnapshot;
  /** Why no pictures can be made, a sentence; null while they can. */
  readonly preview_error: string | null;
}
