import { webSocketProtocols } from "./connection/access-token.ts";
import { Connection } from "./connection/connection.ts";
import { parseMessage } from "./connection/parse-message.ts";
import { IntervalBuffer } from "./model/interval-buffer.ts";
import { jitterOf } from "./model/jitter.ts";
import { liveSnapshot, type View, type ViewerState } from "./model/viewer-state.ts";
import { listenForShortcuts } from "./shortcuts.ts";
import { bannerView } from "./views/banner-view.ts";
import { detailsView } from "./views/details-view.ts";
import { intervalPlot } from "./views/interval-plot.ts";
import { jitterPlot } from "./views/jitter-plot.ts";
import { ledgerView } from "./views/ledger-view.ts";
import { PictureView } from "./views/picture-view.ts";
import { ratesView } from "./views/rates-view.ts";
import { recordingView } from "./views/recording-view.ts";
import { statusBarView } from "./views/status-bar-view.ts";
import { TrafficView } from "./views/traffic-view.ts";

/** The page: takes what the module sends, and hands it to the views. */

const views: readonly View[] = [
  statusBarView(),
  bannerView(),
  ratesView(),
  recordingView(),
  ledgerView(),
  detailsView(),
];
const picture = new PictureView();
const traffic = new TrafficView();
const intervals = new IntervalBuffer();
const drawIntervals = intervalPlot();
const drawJitter = jitterPlot();

let state: ViewerState = {
  connection: { status: "connecting", since: Date.now() },
  hello: undefined,
  snapshot: undefined,
};

function change(changed: Partial<ViewerState>): void {
  state = { ...state, ...changed };
  for (const view of views) view(state);
  picture.expectRate(liveSnapshot(state)?.rates.display.target ?? 0);
}

function receiveText(text: string): void {
  const message = parseMessage(text);
  switch (message?.kind) {
    case "hello":
      change({ hello: message });
      break;
    case "traffic":
      traffic.add(message.entries);
      break;
    case "snapshot":
      change({ snapshot: message.snapshot });
      picture.tellError(message.preview_error ?? null);
      drawTimes(message.snapshot.frame_intervals_ms, Date.parse(message.snapshot.at));
      break;
    case undefined: // of a newer module, or nothing that we understand
      break;
  }
}

function drawTimes(intervalsMs: readonly number[], atMs: number): void {
  intervals.push(intervalsMs, atMs);
  // Nobody sees it, and it takes time: the next one after the page comes back draws all.
  if (document.hidden) return;
  const report = jitterOf(intervals.values());
  drawIntervals(intervals, report, atMs);
  drawJitter(report);
}

const url = new URL("/ws", location.href);
url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
url.hash = "";

change({});
const connection = new Connection(url.href, () => webSocketProtocols(location.hash), {
  state: (connectionState) => change({ connection: connectionState }),
  text: receiveText,
  binary: (bytes) => picture.receive(bytes),
});
// Somebody who looks again, or whose network is back, does not want to wait.
addEventListener("online", () => connection.retryNow());
document.addEventListener("visibilitychange", () => !document.hidden && connection.retryNow());
// Another token.
addEventListener("hashchange", () => connection.reopen());

listenForShortcuts({
  "/": () => traffic.focusFilter(),
  p: () => picture.togglePause(),
  Escape: () => traffic.clearFilter(),
});
