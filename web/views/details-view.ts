import { formatBytes, formatCount, formatMilliseconds, NOTHING, plural } from "../model/format.ts";
import { printable } from "../model/printable.ts";
import type { View, ViewerState } from "../model/viewer-state.ts";
import { find, make, setText } from "./elements.ts";

type Facts = readonly (readonly [term: string, description: string])[];

/** Camera, encoder, module and viewers, as lists of facts. */
export function detailsView(): View {
  const groups = find("detail-groups", HTMLElement);
  const camera = groupView(groups, "Camera");
  const encoder = groupView(groups, "Encoder");
  const module = groupView(groups, "Module");
  const viewers = groupView(groups, "Viewers");
  return (viewer) => {
    camera(cameraFacts(viewer));
    encoder(encoderFacts(viewer));
    module(moduleFacts(viewer));
    viewers(viewerFacts(viewer));
  };
}

/** The terms of a group never change, only what they say. */
function groupView(parent: HTMLElement, heading: string): (facts: Facts) => void {
  const list = make("dl", "facts-list");
  parent.append(make("div", "detail-group", make("h3", "", heading), list));
  const cells = new Map<string, HTMLElement>();
  return (facts) => {
    for (const [term, description] of facts) {
      const cell = cells.get(term) ?? addFact(list, term);
      cells.set(term, cell);
      setText(cell, description);
    }
  };
}

function addFact(list: HTMLElement, term: string): HTMLElement {
  const cell = make("dd", "");
  cell.dir = "auto";
  list.append(make("div", "", make("dt", "", term), cell));
  return cell;
}

function cameraFacts({ snapshot }: ViewerState): Facts {
  const camera = snapshot?.camera;
  return [
    ["Model", camera ? printable(camera.model) : NOTHING],
    ["Device", camera ? printable(camera.device_id) : NOTHING],
    ["Id", camera ? printable(camera.camera_id) : NOTHING],
    ["Picture", camera ? `${camera.width} × ${camera.height}, ${printable(camera.pixel_format)}` : NOTHING],
  ];
}

function encoderFacts({ snapshot }: ViewerState): Facts {
  const recording = snapshot?.recording;
  if (!recording) {
    return ["Encoder", "Why this one", "Copies", "Restarts", "Waiting"].map((term) => [term, NOTHING] as const);
  }
  const { encoder_frames: frames, disk_bytes: bytes } = recording.queues;
  return [
    ["Encoder", printable(recording.encoder)],
    ["Why this one", printable(recording.encoder_reason)],
    ["Copies", recording.zero_copy ? "none: from the camera's memory" : "each frame once"],
    ["Restarts", formatCount(recording.encoder_restarts)],
    ["Waiting", `${plural(frames, "frame")} to encode, ${formatBytes(bytes)} for the disk`],
  ];
}

function moduleFacts({ hello, snapshot }: ViewerState): Facts {
  const use = snapshot?.process;
  const delay = use?.event_loop_delay_ms;
  return [
    ["Version", hello ? printable(hello.versions.csi_camera) : NOTHING],
    ["Bun", hello ? printable(hello.versions.bun) : NOTHING],
    ["Memory", use ? formatBytes(use.resident_bytes) : NOTHING],
    ["Processor", use ? `${Math.round(use.cpu * 100)} % of a core` : NOTHING],
    ["Timers late", delay ? `${formatMilliseconds(delay.mean)}, max ${formatMilliseconds(delay.max)}` : NOTHING],
  ];
}

function viewerFacts({ snapshot }: ViewerState): Facts {
  const viewers = snapshot?.viewers;
  return [
    ["Watching", viewers ? formatCount(viewers.count) : NOTHING],
    ["Pictures sent", viewers ? formatCount(viewers.previews_sent) : NOTHING],
    ["Not sent", viewers ? formatCount(viewers.previews_dropped) : NOTHING],
    ["Left out", viewers ? formatCount(viewers.previews_left_out) : NOTHING],
  ];
}
