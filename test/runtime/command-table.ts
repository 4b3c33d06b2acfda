/** Every state that a command can come in. */
export const STATES = [
  "starting",
  "idle",
  "opening",
  "streaming",
  "recording",
  "stopping",
  "stalled",
  "reconnecting",
  "shutting down",
] as const;
export type State = (typeof STATES)[number];

/**
 * What a command is answered with: its final reply as `status` or `status:code`, before it what else has to be told
 * (`recording_stopped!`, with a `!` since nobody asked for that). Empty: nobody listens any more.
 */
export type Outcome = string;

export interface CommandCase {
  /** The command's names; each is tried. */
  readonly names: readonly string[];
  /** What is special about it. */
  readonly which?: string;
  /** Beside its name and id. */
  readonly fields?: (sessionDir: string) => Readonly<Record<string, unknown>>;
  readonly outcomes: Readonly<Record<State, Outcome>>;
  /** It ends waits for a camera: an assignment before it is answered with device_error. */
  readonly endsWaits?: true;
}

interface Outcomes {
  readonly idle: Outcome;
  readonly streaming: Outcome;
  readonly recording: Outcome;
  /** As recording unless told. */
  readonly stalled?: Outcome;
  /** As streaming unless told. */
  readonly reconnecting?: Outcome;
}

/** starting: before `ready`, told after it. opening, stopping: told once that is done. stalled: it records, and no frame comes. */
function inStates({ idle, streaming, recording, stalled, reconnecting }: Outcomes): Record<State, Outcome> {
  return {
    starting: idle,
    idle,
    opening: streaming,
    streaming,
    recording,
    stopping: streaming,
    stalled: stalled ?? recording,
    reconnecting: reconnecting ?? streaming,
    "shutting down": "",
  };
}

/** The same whatever the state. */
function always(outcome: Outcome): Record<State, Outcome> {
  return inStates({ idle: outcome, streaming: outcome, recording: outcome });
}

const UNASSIGNED = inStates({
  idle: "device_unassigned",
  streaming: "device_unassigned",
  recording: "recording_stopped! device_unassigned",
});
const BUSY = { streaming: "command_nack:device_busy", recording: "command_nack:device_busy" };
const BAD = always("command_nack:bad_command");
const UNWRITABLE = "/proc/version/session_x";

function started(outcome: Outcome): Record<State, Outcome> {
  return inStates({
    idle: "command_nack:no_device",
    streaming: outcome,
    recording: "command_nack:already_recording",
    reconnecting: "command_nack:camera_reconnecting",
  });
}

function snapped(outcome: Outcome): Record<State, Outcome> {
  return inStates({
    idle: "command_nack:no_device",
    streaming: outcome,
    recording: outcome,
    stalled: "command_nack:camera_stalled",
    reconnecting: "command_nack:camera_reconnecting",
  });
}

/** Commands crossed with states: what must happen. The README's table is made of it (scripts/readme-table.ts). */
export const COMMAND_CASES: readonly CommandCase[] = [
  { names: ["assign_device"], fields: () => ({ device_id: "picam:0" }), outcomes: always("device_ready") },
  {
    names: ["assign_device"],
    which: "of another device",
    fields: () => ({ device_id: "picam:1" }),
    outcomes: inStates({ idle: "device_ready", ...BUSY }),
  },
  {
    names: ["assign_device"],
    which: "of a USB camera",
    fields: () => ({ device_id: "usb:1", camera_type: "usb" }),
    outcomes: inStates({ idle: "device_error:camera_unsupported", ...BUSY }),
  },
  { names: ["assign_device"], which: "without `device_id`", outcomes: BAD },
  { names: ["unassign_device"], outcomes: UNASSIGNED },
  {
    names: ["unassign_device"],
    which: "of another device",
    fields: () => ({ device_id: "picam:1" }),
    outcomes: inStates({
      idle: "device_unassigned",
      streaming: "command_nack:no_device",
      recording: "command_nack:no_device",
    }),
  },
  { names: ["unassign_all_devices"], outcomes: UNASSIGNED, endsWaits: true },
  { names: ["start_session"], fields: (sessionDir) => ({ session_dir: sessionDir }), outcomes: always("command_ack") },
  { names: ["start_session"], which: "without `session_dir`", outcomes: BAD },
  {
    names: ["stop_session"],
    outcomes: inStates({ idle: "command_ack", streaming: "command_ack", recording: "recording_stopped" }),
  },
  {
    names: ["start_recording", "record"],
    fields: (sessionDir) => ({ session_dir: sessionDir, trial_number: 7 }),
    outcomes: started("recording_started"),
  },
  {
    names: ["start_recording", "record"],
    which: "with no session directory",
    outcomes: started("command_nack:bad_command"),
  },
  {
    names: ["start_recording", "record"],
    which: "where nothing can be written",
    fields: () => ({ session_dir: UNWRITABLE }),
    outcomes: started("device_error:bad_session_dir"),
  },
  {
    names: ["start_recording", "record"],
    which: "with a field of a wrong type",
    fields: () => ({ session_dir: 7 }),
    outcomes: BAD,
  },
  {
    names: ["stop_recording", "pause"],
    outcomes: inStates({
      idle: "command_nack:not_recording",
      streaming: "command_nack:not_recording",
      recording: "recording_stopped",
    }),
  },
  {
    names: ["take_snapshot"],
    fields: (sessionDir) => ({ session_dir: sessionDir }),
    outcomes: snapped("snapshot_taken"),
  },
  {
    names: ["take_snapshot"],
    which: "where nothing can be written",
    fields: () => ({ session_dir: UNWRITABLE }),
    outcomes: snapped("command_nack:bad_session_dir"),
  },
  { names: ["get_status"], outcomes: always("status_report") },
  {
    names: ["set_log_level"],
    fields: () => ({ level: "warning", target: "all" }),
    outcomes: always("command_ack"),
  },
  { names: ["set_log_level"], which: "to no level", fields: () => ({ level: "loud" }), outcomes: BAD },
  { names: ["get_geometry", "show_window", "hide_window", "xbee_data"], outcomes: always("command_ack") },
  {
    names: ["quit"],
    outcomes: inStates({ idle: "quitting", streaming: "quitting", recording: "recording_stopped! quitting" }),
    endsWaits: true,
  },
  { names: ["make_coffee"], which: "(unknown)", outcomes: always("command_nack:unknown_command") },
];
