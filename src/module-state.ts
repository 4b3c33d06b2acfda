/** What the module is doing. starting: before `ready`. reconnecting: the camera failed, and is opened again and again. */
export const MODULE_STATES = [
  "starting",
  "idle",
  "opening",
  "streaming",
  "recording",
  "reconnecting",
  "stopping",
] as const;
export type ModuleState = (typeof MODULE_STATES)[number];
