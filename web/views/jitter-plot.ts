import uPlot from "uplot";
import type { JitterReport } from "../model/jitter.ts";
import { find, setText } from "./elements.ts";
import { fillWithPlot, plotAxis, plotColours } from "./plot.ts";

/** A histogram of how far intervals are from their median. */
export function jitterPlot(): (report: JitterReport | undefined) => void {
  const summary = find("jitter-summary", HTMLElement);
  const plot = fillWithPlot(find("jitter-plot", HTMLElement), options());
  return (report) => {
    const bins = report?.bins ?? [];
    const binMs = report?.binMs ?? 1;
    const centres = bins.map(({ fromMs }) => fromMs + binMs / 2);
    plot.setData([centres, bins.map(({ count }) => heightOf(count))]);
    const text = report && `p99 ±${report.p99JitterMs.toFixed(3)} · max ±${report.maxJitterMs.toFixed(3)}`;
    setText(summary, text ?? "no frames");
  };
}

/** One frame that is out of line has to be seen beside two thousand that are not. */
function heightOf(count: number): number {
  return Math.log10(1 + count);
}

const COUNT_TICKS = [0, 1, 10, 100, 1000, 10_000];

function options(): Omit<uPlot.Options, "width" | "height"> {
  const colours = plotColours();
  const barWidth = 0.86;
  return {
    scales: {
      x: { time: false, range: (_plot, low, high) => withHalfBins(low, high) },
      y: { range: (_plot, _low, high) => [0, Math.max(heightOf(10), high ?? 0) * 1.06] },
    },
    axes: [
      { ...plotAxis(colours, 24), values: (_plot, splits) => splits.map(signed) },
      {
        ...plotAxis(colours, 52),
        splits: () => COUNT_TICKS.map(heightOf),
        values: (_plot, splits) => splits.map((height) => String(Math.round(10 ** height - 1))),
      },
    ],
    series: [
      {},
      {
        stroke: colours.line,
        fill: colours.fill,
        width: 1,
        points: { show: false },
        ...(uPlot.paths.bars ? { paths: uPlot.paths.bars({ size: [barWidth, 100] }) } : {}),
      },
    ],
  };
}

function withHalfBins(low: number | null, high: number | null): [number, number] {
  if (low === null || high === null || low === high) return [-1, 1];
  const halfBin = (high - low) / 60;
  return [low - halfBin, high + halfBin];
}

function signed(value: number): string {
  return value > 0 ? `+${value}` : String(value);
}
