import uPlot from "uplot";
import { formatCount } from "../model/format.ts";
import type { JitterReport } from "../model/jitter.ts";
import { find, setText } from "./elements.ts";
import { fillWithPlot, plotAxis, plotColours, tickTexts } from "./plot.ts";

/** A histogram of how far intervals are from their median. */
export function jitterPlot(): (report: JitterReport | undefined) => void {
  const summary = find("jitter-summary", HTMLElement);
  const plot = fillWithPlot(find("jitter-plot", HTMLElement), options());
  return (report) => {
    const bins = report?.bins ?? [];
    const binMs = report?.binMs ?? 1;
    const centres = bins.map(({ fromMs }) => fromMs + binMs / 2);
    const heights = bins.map(({ count }) => (count === 0 ? null : heightOf(count)));
    const outermost = heights.map((height, index) => (index === 0 || index === heights.length - 1 ? height : null));
    plot.setData([centres, heights, outermost]);
    const text = report && summaryOf(report);
    setText(summary, text ?? "no frames");
  };
}

function summaryOf({ p99JitterMs, maxJitterMs, beyond }: JitterReport): string {
  const outside = beyond === 0 ? "" : ` · ▲ ${formatCount(beyond)} outside`;
  return `p99 ±${p99JitterMs.toFixed(3)} · max ±${maxJitterMs.toFixed(3)}${outside}`;
}

/** One frame that is out of line has to be seen beside two thousand that are not. */
function heightOf(count: number): number {
  return Math.log10(1 + count);
}

const COUNT_TICKS = [0, 1, 10, 100, 1000, 10_000];

function options(): Omit<uPlot.Options, "width" | "height"> {
  const colours = plotColours();
  return {
    scales: {
      x: { time: false, range: (_plot, low, high) => withHalfBins(low, high) },
      y: { range: (_plot, _low, high) => [0, Math.max(heightOf(10), high ?? 0) * 1.06] },
    },
    axes: [
      { ...plotAxis(colours, 24), values: (_plot, splits) => tickTexts(splits, true), space: 60 },
      {
        ...plotAxis(colours, 52),
        splits: (_plot, _axis, _low, high) => COUNT_TICKS.map(heightOf).filter((height) => height <= high),
        values: (_plot, splits) => splits.map((height) => String(Math.round(10 ** height - 1))),
      },
    ],
    series: [{}, bars(colours.line, colours.fill), bars(colours.alarm, colours.alarm)],
  };
}

function bars(stroke: string, fill: string): uPlot.Series {
  const paths = uPlot.paths.bars?.({ size: [0.86, 100] });
  return { stroke, fill, width: 1, points: { show: false }, ...(paths ? { paths } : {}) };
}

function withHalfBins(low: number | null, high: number | null): [number, number] {
  if (low === null || high === null || low === high) return [-1, 1];
  const halfBin = (high - low) / 60;
  return [low - halfBin, high + halfBin];
}
