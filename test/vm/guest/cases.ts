import { awkwardLabel, cameraStableId, framesMin, type VmCase } from "../plan.ts";
import { askDoctor } from "./ask-doctor.ts";
import { plugCamera, unplugCamera } from "./camera-plug.ts";
import type { Program } from "./program.ts";
import { timingRowsAtLeast } from "./timing-rows.ts";

/** Plays a case to its end. Judges nothing: it goes on as long as there are replies, whatever they say. */
export type Play = (program: Program, sessionDir: string) => Promise<void>;

export const plays: Record<VmCase["name"], Play> = {
  "two-trials": async (program, sessionDir) => {
    await program.waitFor("ready");
    await program.ask("start_recording", { session_dir: sessionDir });
    await program.ask("assign_device", { device_id: "picam:0" });
    await program.ask("stop_recording");
    await record(program, { session_dir: sessionDir, trial_number: 1, trial_label: "" });
    await program.ask("start_recording", { session_dir: sessionDir });
    await program.ask("stop_recording");
    await record(program, { session_dir: sessionDir, trial_number: 2, trial_label: "" });
    await program.ask("stop_recording");
    await program.ask("unassign_device");
    await program.closeInput();
  },

  // The index in the device id fits no camera: only the stable id can have found it.
  "stable-id": async (program, sessionDir) => {
    await program.waitFor("ready");
    await program.ask("start_session", { session_dir: sessionDir });
    const device = { device_id: "picam:7", camera_type: "picam", camera_stable_id: cameraStableId, port: null };
    await program.ask("assign_device", device);
    await program.ask("assign_device", device);
    await record(program, { trial_number: 1, trial_label: awkwardLabel });
    await program.ask("stop_session");
    await record(program, { session_dir: sessionDir });
    await program.ask("unassign_device");
    await program.closeInput();
  },

  // Records nothing, so there is room for `doctor`.
  "unknown-camera": async (program) => {
    await Promise.all([program.waitFor("ready"), askDoctor("free", program.pid)]);
    await program.ask("assign_device", { device_id: "picam:0", camera_stable_id: "platform/vimc.0 Sensor Z" });
    await program.ask("assign_device", { device_id: "picam:0" });
    await askDoctor("held", program.pid);
    await program.closeInput();
  },

  sigterm: async (program, sessionDir) => {
    await program.waitFor("ready");
    await program.ask("assign_device", { device_id: "picam:0" });
    await record(program, { session_dir: sessionDir, trial_number: 1, trial_label: "" });
    await program.terminate();
  },

  unplugged: async (program, sessionDir) => {
    await program.waitFor("ready");
    await program.ask("assign_device", { device_id: "picam:0" });
    await record(program, { session_dir: sessionDir, trial_number: 1, trial_label: "" });
    unplugCamera();
    await program.waitForUnasked("device_error");
    await program.ask("start_recording");
    plugCamera();
    await program.waitForUnasked("device_ready");
    await record(program, { session_dir: sessionDir, trial_number: 2, trial_label: "" });
    await program.ask("stop_recording");
    await program.ask("unassign_device");
    await program.closeInput();
  },
};

async function record(program: Program, fields: Record<string, unknown>): Promise<void> {
  const started = await program.ask("start_recording", fields);
  if (started.video_path !== undefined) await timingRowsAtLeast(started.video_path, framesMin);
}
