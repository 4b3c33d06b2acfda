import uPlot from "uplot";

/** Colours of the plots, from the style sheet: a canvas can't be styled by it. */
export interface PlotColours {
  readonly line: string;
  readonly fill: string;
  readonly target: string;
  readonly alarm: string;
  readonly axis: string;
  readonly grid: string;
}

export function plotColours(): PlotColours {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string) => style.getPropertyValue(`--plot-${name}`).trim();
  return {
    line: colour("line"),
    fill: colour("fill"),
    target: colour("target"),
    alarm: colour("alarm"),
    axis: colour("axis"),
    grid: colour("grid"),
  };
}

/** An axis as all plots have it. `size`: pixels across it. */
export function plotAxis({ axis, grid }: PlotColours, size: number): uPlot.Axis {
  return {
    size,
    stroke: axis,
    font: "11px ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace",
    grid: { stroke: grid, width: 1 },
    ticks: { show: false },
    gap: 4,
  };
}

/** A plot that fills `parent`, whatever its size becomes; nothing to hover or to click. */
export function fillWithPlot(parent: HTMLElement, options: Omit<uPlot.Options, "width" | "height">): uPlot {
  const size = () => ({ width: Math.max(100, parent.clientWidth), height: Math.max(80, parent.clientHeight) });
  const calm = { legend: { show: false }, cursor: { show: false }, padding: [8, 8, 0, 0] as uPlot.Padding };
  const plot = new uPlot({ ...calm, ...options, ...size() }, undefined, parent);
  new ResizeObserver(() => plot.setSize(size())).observe(parent);
  return plot;
}
