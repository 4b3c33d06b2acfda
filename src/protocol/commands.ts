import { z } from "zod";

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

export const StartRecording = z.object({
  command: z.literal("start_recording"),
  command_id: commandId,
  session_dir: sessionDir.nullish(),
  trial_number: z.number().int().min(Number.MIN_SAFE_INTEGER).max(Number.MAX_SAFE_INTEGER).nullish(),
  trial_label: anyText(TEXT_MAX).nullish(),
});
export type StartRecording = z.infer<typeof StartRecording>;

const StopRecording = z.object({ command: z.literal("stop_recording"), command_id: commandId });

export const StartSession = z.object({
  command: z.literal("start_session"),
  command_id: commandId,
  session_dir: sessionDir,
});
export type StartSession = z.infer<typeof StartSession>;

const StopSession = z.object({ command: z.literal("stop_session"), command_id: commandId });

const Quit = z.object({ command: z.literal("quit"), command_id: commandId });

/** Every command of the host contract; keys that we don't know are ignored. */
export const Command = z.discriminatedUnion("command", [
  AssignDevice,
  UnassignDevice,
  StartRecording,
  StopRecording,
  StartSession,
  StopSession,
  Quit,
]);
export type Command = z.infer<typeof Command>;
export type CommandName = Command["command"];

export const COMMAND_NAMES: readonly CommandName[] = Command.options.map((option) => option.shape.command.value);
