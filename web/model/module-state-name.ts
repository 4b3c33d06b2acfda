import type { ModuleState } from "../../src/module-state.ts";

const NAMES: Record<ModuleState, string> = {
  starting: "Starting",
  idle: "No camera",
  opening: "Opening camera",
  streaming: "Streaming",
  recording: "Recording",
  reconnecting: "Reconnecting camera",
  stopping: "Stopping",
};

/** A state as people say it. */
export function moduleStateName(state: ModuleState): string {
  // A newer module may know more of them.
  return Object.hasOwn(NAMES, state) ? NAMES[state] : state;
}
