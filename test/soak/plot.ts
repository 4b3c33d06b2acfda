import { type Axis, linearAxis, logarithmicAxis, timeAxis } from "./axis.ts";
import type { Sample } from "./sample.ts";

interface Curve {
  readonly name: string;
  readonly colour: string;
  readonly of: (sample: Sample) => number | undefined;
}

interface Panel {
  readonly title: string;
  readonly curves: readonly Curve[];
  readonly axis: (most: number) => Axis;
  /** A line that is not to be crossed. */
  readonly limit?: number;
}

export interface PlotOptions {
  readonly title: string;
  readonly isMemoryLimited: boolean;
}

const WIDTH = 900;
const [LEFT, RIGHT, TOP, BOTTOM] = [56, 20, 56, 40];
const [PANEL_HEIGHT, PANEL_GAP] = [120, 34];
const [BLUE, ORANGE] = ["#1f5fa8", "#d9822b"];
const MEMORY_MB_MAX = 150;

/** What was sampled over the minutes of a run, as an SVG: panels below one another, the short trials shaded in turn. */
export function plotSamples(samples: readonly Sample[], { title, isMemoryLimited }: PlotOptions): string {
  const panels = panelsOf(isMemoryLimited);
  const height = TOP + panels.length * (PANEL_HEIGHT + PANEL_GAP) - PANEL_GAP + BOTTOM;
  const time = timeAxis(Math.max(1 / 60, ...samples.map(({ seconds }) => seconds / 60)));
  const x = (minutes: number): number => LEFT + time.place(minutes) * (WIDTH - LEFT - RIGHT);
  const drawn = panels.map((panel, index) =>
    drawPanel(panel, {
      samples,
      x,
      top: TOP + index * (PANEL_HEIGHT + PANEL_GAP),
      time,
      isLast: index === panels.length - 1,
    }),
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}"`,
    ` font-family="system-ui, sans-serif" font-size="12" fill="#333">`,
    `<rect width="100%" height="100%" fill="#fff"/>`,
    text(LEFT, 20, title, 'font-weight="600" font-size="13"'),
    ...drawn,
    text((LEFT + WIDTH - RIGHT) / 2, height - 8, "minutes", 'text-anchor="middle"'),
    "</svg>\n",
  ].join("\n");
}

function panelsOf(isMemoryLimited: boolean): Panel[] {
  return [
    {
      title: "resident memory, MB",
      curves: [{ name: "", colour: BLUE, of: ({ residentBytes }) => residentBytes / 1e6 }],
      axis: linearAxis,
      ...(isMemoryLimited ? { limit: MEMORY_MB_MAX } : {}),
    },
    {
      title: "processor time, % of a core",
      curves: [{ name: "", colour: BLUE, of: ({ cpuPercent }) => cpuPercent }],
      axis: linearAxis,
    },
    {
      title: "open at once",
      curves: [
        { name: "threads", colour: ORANGE, of: ({ threads }) => threads },
        { name: "descriptors", colour: BLUE, of: ({ descriptors }) => descriptors },
      ],
      axis: linearAxis,
    },
    {
      title: "event-loop delay, ms",
      curves: [
        { name: "longest", colour: ORANGE, of: ({ delayMaxMs }) => delayMaxMs },
        { name: "mean", colour: BLUE, of: ({ delayMeanMs }) => delayMeanMs },
      ],
      axis: (most) => logarithmicAxis(0.1, most),
    },
  ];
}

interface Place {
  readonly samples: readonly Sample[];
  readonly x: (minutes: number) => number;
  readonly top: number;
  readonly time: Axis;
  /** What all panels share stands below the last one. */
  readonly isLast: boolean;
}

function drawPanel({ title, curves, axis: axisOf, limit }: Panel, { samples, x, top, time, isLast }: Place): string {
  const values = samples.flatMap((sample) => curves.flatMap(({ of }) => of(sample) ?? []));
  const axis = axisOf(Math.max(1, limit ?? 0, ...values));
  const bottom = top + PANEL_HEIGHT;
  const y = (value: number): number => bottom - axis.place(value) * PANEL_HEIGHT;
  const right = WIDTH - RIGHT;
  const rows = axis.ticks.map((tick) => {
    const at = y(tick).toFixed(1);
    return `<path d="M${LEFT} ${at}H${right}" stroke="#e4e4e4"/>${text(LEFT - 8, Number(at) + 4, `${tick}`, 'text-anchor="end"')}`;
  });
  const columns = time.ticks.map((tick) => {
    const at = x(tick).toFixed(1);
    return `<path d="M${at} ${bottom}v4" stroke="#999"/>${isLast ? text(Number(at), bottom + 17, `${tick}`, 'text-anchor="middle"') : ""}`;
  });
  const crossed =
    limit === undefined
      ? ""
      : `<path d="M${LEFT} ${y(limit).toFixed(1)}H${right}" stroke="#c33" stroke-dasharray="5 4"/>`;
  return [
    shadeShortTrials(samples, x, top),
    ...rows,
    ...columns,
    `<path d="M${LEFT} ${bottom}H${right}" stroke="#999"/>`,
    crossed,
    ...curves.map(({ colour, of }) => drawCurve(samples, of, colour, x, y)),
    text(LEFT, top - 8, title),
    drawLegend(curves, right, top - 8),
  ].join("\n");
}

function drawCurve(
  samples: readonly Sample[],
  of: Curve["of"],
  colour: string,
  x: (minutes: number) => number,
  y: (value: number) => number,
): string {
  const points = samples.flatMap((sample) => {
    const value = of(sample);
    return value === undefined ? [] : [`${x(sample.seconds / 60).toFixed(1)},${y(value).toFixed(1)}`];
  });
  return `<polyline points="${points.join(" ")}" fill="none" stroke="${colour}" stroke-width="1.2" stroke-linejoin="round"/>`;
}

/** Every second of the short ones, so that one sees where each begins. */
function shadeShortTrials(samples: readonly Sample[], x: (minutes: number) => number, top: number): string {
  const odd = new Map<number, { from: number; to: number }>();
  samples.forEach(({ trial, seconds }, index) => {
    if (trial % 2 === 0) return;
    const band = odd.get(trial) ?? { from: samples[index - 1]?.seconds ?? 0, to: seconds };
    odd.set(trial, { ...band, to: seconds });
  });
  const rectangles = [...odd.values()].map(({ from, to }) => {
    const [left, right] = [x(from / 60), x(to / 60)];
    return `<rect x="${left.toFixed(1)}" y="${top}" width="${(right - left).toFixed(1)}" height="${PANEL_HEIGHT}" fill="#f1f3f6"/>`;
  });
  return rectangles.join("");
}

/** Names from the right, each in its curve's colour. */
function drawLegend(curves: readonly Curve[], right: number, y: number): string {
  const spans = curves.map(({ name, colour }) => `<tspan fill="${colour}">${name}</tspan>`).join("&#160;&#160; ");
  return `<text x="${right}" y="${y}" text-anchor="end">${spans}</text>`;
}

function text(x: number, y: number, words: string, attributes = ""): string {
  return `<text x="${x}" y="${y}" ${attributes}>${Bun.escapeHTML(words)}</text>`;
}
