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

/** As many decimals as the axis needs to tell its ticks apart; with a sign, where 0 is in the middle. */
export function tickTexts(splits: readonly number[], signed = false): string[] {
  const step = Math.abs((splits[1] ?? 0) - (splits[0] ?? 0));
  const decimals = step > 0 ? Math.min(6, Math.max(0, Math.ceil(-Math.log10(step) - 1e-9))) : 0;
  return splits.map((split) => {
    const digits = Math.abs(split).toFixed(decimals);
    if (Number(digits) === 0) return "0";
    return split < 0 ? `−${digits}` : signed ? `+${digits}` : digits;
  });
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
  const calm = { legend: { show: false }, cursor: { show: false }, padding: [8, 18, 0, 0] as uPlot.Padding };
  const plot = new uPlot({ ...calm, ...options, ...size() }, undefined, parent);
  new ResizeObserver(() => plot.setSize(size())).observe(parent);
  return plot;
}
