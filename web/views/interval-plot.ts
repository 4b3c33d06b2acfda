import type uPlot from "uplot";
import { formatCount } from "../model/format.ts";
import type { IntervalBuffer } from "../model/interval-buffer.ts";
import type { JitterReport } from "../model/jitter.ts";
import { find, setText } from "./elements.ts";
import { fillWithPlot, plotAxis, plotColours, tickTexts } from "./plot.ts";

/** From this many medians on, frames are missing in between. */
const GAP_MEDIANS = 1.5;
const SPAN_SECONDS = 60;

/** Frame intervals over the last minute; long ones are marked. */
export function intervalPlot(): (buffer: IntervalBuffer, report: JitterReport | undefined, nowMs: number) => void {
  const summary = find("intervals-summary", HTMLElement);
  const plot = fillWithPlot(find("intervals-plot", HTMLElement), options());
  return (buffer, report, nowMs) => {
    const { timesMs, intervalsMs } = buffer.series();
    const gapMs = (report?.medianMs ?? Infinity) * GAP_MEDIANS;
    const seconds = timesMs.map((timeMs) => (timeMs - nowMs) / 1000);
    const gaps = intervalsMs.map((interval) => (interval !== null && interval > gapMs ? interval : null));
    const gapCount = gaps.filter((gap) => gap !== null).length;
    plot.setData([seconds, [...intervalsMs], gaps]);
    setText(summary, report === undefined ? "no frames" : summaryOf(report, gapCount));
  };
}

function summaryOf({ medianMs, longestMs }: JitterReport, gapCount: number): string {
  const gaps = gapCount === 0 ? "no gap" : `▲ ${formatCount(gapCount)} ${gapCount === 1 ? "gap" : "gaps"}`;
  return `median ${medianMs.toFixed(3)} · longest ${longestMs.toFixed(3)} · ${gaps}`;
}

function options(): Omit<uPlot.Options, "width" | "height"> {
  const colours = plotColours();
  return {
    scales: {
      x: { time: false, range: [-SPAN_SECONDS, 0] },
      y: { range: (_plot, low, high) => aroundData(low, high) },
    },
    axes: [
      {
        ...plotAxis(colours, 24),
        space: 64,
        values: (_plot, splits) => tickTexts(splits).map((text) => (text === "0" ? "now" : `${text} s`)),
      },
      { ...plotAxis(colours, 52), values: (_plot, splits) => tickTexts(splits), space: 28 },
    ],
    series: [
      {},
      { stroke: colours.line, width: 1, points: { show: false } },
      { stroke: colours.alarm, width: 0, points: { show: true, size: 6, fill: colours.alarm, width: 0 } },
    ],
  };
}

/** At least a tenth to either side, so that a steady camera is a quiet line and not magnified noise. */
function aroundData(low: number | null, high: number | null): [number, number] {
  if (low === null || high === null) return [0, 50];
  const padding = Math.max((high - low) * 0.08, high * 0.001);
  return [Math.max(0, Math.min(low - padding, low * 0.9)), Math.max(high + padding, low * 1.1)];
}
