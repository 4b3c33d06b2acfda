import type { RecordingSnapshot } from "../../src/telemetry/module-snapshot.ts";
import { formatBitRate, formatBytes, formatCount, formatDuration, formatTimeOfDay, NOTHING } from "../model/format.ts";
import { droppedFrames } from "../model/ledger-rows.ts";
import { pathParts } from "../model/path-parts.ts";
import { printable } from "../model/printable.ts";
import { liveSnapshot, type View } from "../model/viewer-state.ts";
import { find, setData, setText } from "./elements.ts";

/** The recording that goes on, or the last one; its drops can't be overlooked. */
export function recordingView(): View {
  const panel = find("recording", HTMLElement);
  const title = find("recording-title", HTMLElement);
  const facts = factsView();
  const drops = dropsView();
  return (viewer) => {
    const recording = viewer.snapshot?.recording ?? undefined;
    const isLive = liveSnapshot(viewer) !== undefined;
    setData(panel, "recording", stateOf(recording, isLive));
    setText(title, titleOf(recording, isLive));
    drops(recording);
    facts(recording);
  };
}

function stateOf(recording: RecordingSnapshot | undefined, isLive: boolean): "none" | "running" | "unknown" | "ended" {
  if (recording === undefined) return "none";
  if (recording.ended !== null) return "ended";
  return isLive ? "running" : "unknown";
}

function titleOf(recording: RecordingSnapshot | undefined, isLive: boolean): string {
  if (recording === undefined) return "Not recording";
  if (recording.ended !== null) return "Not recording; the last one was";
  return isLive ? `Recording since ${formatTimeOfDay(recording.started_at)}` : "Was recording";
}

function dropsView(): RecordingPart {
  const cell = find("drops", HTMLElement);
  const label = find("drops-label", HTMLElement);
  const count = find("drops-count", HTMLElement);
  return (recording) => {
    const dropped = recording === undefined ? undefined : droppedFrames(recording.ledger);
    setData(cell, "drops", dropped === undefined ? "none" : dropped === 0 ? "zero" : "some");
    setText(label, dropped !== undefined && dropped > 0 ? "✕ Dropped" : "Dropped");
    setText(count, dropped === undefined ? NOTHING : formatCount(dropped));
  };
}

type RecordingPart = (recording: RecordingSnapshot | undefined) => void;

function factsView(): RecordingPart {
  const duration = find("recording-duration", HTMLElement);
  const size = find("recording-size", HTMLElement);
  const trial = find("recording-trial", HTMLElement);
  const file = find("recording-file", HTMLElement);
  const folder = find("recording-folder", HTMLElement);
  const bitRate = find("recording-bit-rate", HTMLElement);
  const end = find("recording-end", HTMLElement);
  const endRow = find("recording-end-row", HTMLElement);
  return (recording) => {
    setText(duration, recording === undefined ? NOTHING : formatDuration(recording.duration_s));
    setText(size, recording === undefined ? NOTHING : formatBytes(recording.byte_count));
    setText(trial, recording === undefined ? NOTHING : trialOf(recording));
    const path = recording === undefined ? undefined : pathParts(recording.video_path);
    setText(file, path === undefined ? NOTHING : printable(path.file));
    setText(folder, path === undefined ? NOTHING : printable(path.folder));
    const bitsPerSecond = recording === undefined ? 0 : (recording.byte_count * 8) / recording.duration_s;
    setText(bitRate, Number.isFinite(bitsPerSecond) && bitsPerSecond > 0 ? formatBitRate(bitsPerSecond) : NOTHING);
    const ended = recording?.ended ?? null;
    endRow.hidden = ended === null;
    setData(endRow, "level", ended !== null && ended.error !== null ? "bad" : "neutral");
    setText(end, ended === null ? NOTHING : endOf(ended));
  };
}

function trialOf({ trial_number: number, trial_label: label }: RecordingSnapshot): string {
  return label === "" ? String(number) : `${number} · ${printable(label, 160)}`;
}

function endOf({ reason, error }: NonNullable<RecordingSnapshot["ended"]>): string {
  return error === null ? printable(reason) : `✕ ${printable(reason)}: ${printable(error)}`;
}
