import { droppedFrames } from "../model/ledger-rows.ts";
import { formatCount, formatDuration, formatRate } from "../model/format.ts";
import { moduleStateName } from "../model/module-state-name.ts";
import { printable } from "../model/printable.ts";
import { liveSnapshot, type View, type ViewerState } from "../model/viewer-state.ts";
import { find, setData, setText } from "./elements.ts";

const CONNECTION_NAMES = { connecting: "connecting", open: "connected", closed: "disconnected" } as const;

/** The top line: state, device, uptime and connection; and the window's title. */
export function statusBarView(): View {
  const state = find("state", HTMLElement);
  const stateName = find("state-name", HTMLElement);
  const device = find("device", HTMLElement);
  const uptime = find("uptime", HTMLElement);
  const connection = find("connection", HTMLElement);
  const connectionName = find("connection-name", HTMLElement);
  return (viewer) => {
    const snapshot = liveSnapshot(viewer);
    setData(state, "state", snapshot?.state ?? "unknown");
    setText(stateName, snapshot === undefined ? "Unknown" : moduleStateName(snapshot.state));
    const camera = viewer.snapshot?.camera;
    setText(device, camera ? `${printable(camera.model, 60)} · ${printable(camera.device_id, 60)}` : "");
    setText(uptime, viewer.snapshot === undefined ? "" : `up ${formatDuration(viewer.snapshot.uptime_s)}`);
    setData(connection, "status", viewer.connection.status);
    setText(connectionName, CONNECTION_NAMES[viewer.connection.status]);
    document.title = titleOf(viewer);
  };
}

/** Tells the worst first: a tab shows only a few characters. */
function titleOf(viewer: ViewerState): string {
  const snapshot = liveSnapshot(viewer);
  if (snapshot === undefined) return "disconnected – csi-camera";
  if (!snapshot.health.ok) return "▲ failing – csi-camera";
  const { recording, rates } = snapshot;
  if (recording === null || recording.ended !== null) return `${moduleStateName(snapshot.state)} – csi-camera`;
  const dropped = droppedFrames(recording.ledger);
  if (dropped > 0) return `✕ ${formatCount(dropped)} dropped – csi-camera`;
  return `● ${formatRate(rates.record.actual)} fps – csi-camera`;
}
