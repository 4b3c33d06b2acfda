import { z } from "zod";
import { LOG_LEVELS } from "../log/log-level.ts";

/** Longest text that a field may hold, so that every reply stays far below a line of 64 KiB. */
const TEXT_MAX = 1024;
const ID_MAX = 200;

const anyText = (max: number) =>
  z
    .string()
    .max(max)
    // A NUL ends a path for the system: what we check would not be what it opens.
    .refine((value) => !value.includes("\0"), "expected no NUL character");

const text = (max: number) => anyText(max).min(1);

// Hosts write null or an empty text for "not known".
const optionalText = (max: number) =>
  anyText(max)
    .nullish()
    .transform((value) => value || undefined);

const commandId = optionalText(ID_MAX);
const sessionDir = text(4096);

/** A command that has no fields but its id. */
const bare = <const Names extends readonly [string, ...string[]]>(...names: Names) =>
  z.object({ command: z.literal(names), command_id: commandId });

export const AssignDevice = z.object({
  command: z.literal("assign_device"),
  command_id: commandId,
  device_id: text(ID_MAX),
  camera_type: optionalText(TEXT_MAX),
  camera_stable_id: optionalText(TEXT_MAX),
  camera_hw_model: optionalText(TEXT_MAX),
  camera_index: z.number().int().min(0).nullish(),
  display_name: optionalText(TEXT_MAX),
});
export type AssignDevice = z.infer<typeof AssignDevice>;

export const UnassignDevice = z.object({
  command: z.literal("unassign_device"),
  command_id: commandId,
  device_id: optionalText(ID_MAX),
});
export type UnassignDevice = z.infer<typeof UnassignDevice>;

/** `record` is RPi Logger's name for it. */
export const StartRecording = z.object({
  command: z.literal(["start_recording", "record"]),
  command_id: commandId,
  session_dir: sessionDir.nullish(),
  trial_number: z.number().int().min(Number.MIN_SAFE_INTEGER).max(Number.MAX_SAFE_INTEGER).nullish(),
  trial_label: anyText(TEXT_MAX).nullish(),
});
export type StartRecording = z.infer<typeof StartRecording>;

/** `pause` is RPi Logger's name for it. */
const StopRecording = bare("stop_recording", "pause");
export type StopRecording = z.infer<typeof StopRecording>;

export const StartSession = z.object({
  command: z.literal("start_session"),
  command_id: commandId,
  session_dir: sessionDir,
});
export type StartSession = z.infer<typeof StartSession>;

export const TakeSnapshot = z.object({
  command: z.literal("take_snapshot"),
  command_id: commandId,
  session_dir: sessionDir.nullish(),
});
export type TakeSnapshot = z.infer<typeof TakeSnapshot>;

export const SetLogLevel = z.object({
  command: z.literal("set_log_level"),
  command_id: commandId,
  /** In any case: hosts write INFO as well. Where to, they say as well (`target`); we have one log. */
  level: z.string().toLowerCase().pipe(z.enum(LOG_LEVELS)),
});
export type SetLogLevel = z.infer<typeof SetLogLevel>;

/** Every command of the host contract but xbee_*; keys that we don't know are ignored. */
export const NamedCommand = z.discriminatedUnion("command", [
  AssignDevice,
  UnassignDevice,
  bare("unassign_all_devices"),
  StartRecording,
  StopRecording,
  StartSession,
  bare("stop_session"),
  TakeSnapshot,
  bare("get_status"),
  SetLogLevel,
  bare("get_geometry", "show_window", "hide_window"), // of a window that we don't have
  bare("quit"),
]);

/** RPi Logger tells every module of its radio. */
export type XbeeName = `xbee_${string}`;
export const XbeeCommand = z.object({
  command: z.custom<XbeeName>((name) => typeof name === "string" && isXbeeName(name)),
  command_id: commandId,
});

export function isXbeeName(name: string): name is XbeeName {
  return /^xbee_[a-z_]{1,60}$/.test(name);
}

export type Command = z.infer<typeof NamedCommand> | z.infer<typeof XbeeCommand>;
export type CommandName = Command["command"];
type NamedCommandName = Exclude<CommandName, XbeeName>;

/** All but xbee_*. */
export const COMMAND_NAMES: readonly NamedCommandName[] = NamedCommand.options.flatMap((option) =>
  Array.from(option.shape.command.values),
);
