import { formatRate, NOTHING } from "../model/format.ts";
import { percentOfTarget, type RateLevel } from "../model/rate-level.ts";
import { type Rate, ratesOf } from "../model/rates.ts";
import type { View } from "../model/viewer-state.ts";
import { find, findWithin, setData, setText } from "./elements.ts";

/** Colour is never the only sign. */
const MARKS: Record<RateLevel, string> = { good: "✓", low: "▲", bad: "✕", neutral: "" };

/** The three big numbers. */
export function ratesView(): View {
  const capture = rateView("rate-capture");
  const record = rateView("rate-record");
  const display = rateView("rate-display");
  return (viewer) => {
    const rates = ratesOf(viewer);
    capture(rates.capture);
    record(rates.record);
    display(rates.display);
  };
}

function rateView(id: string): (rate: Rate) => void {
  const cell = find(id, HTMLElement);
  const actualText = findWithin(cell, "rate-actual");
  const targetText = findWithin(cell, "rate-target");
  const levelText = findWithin(cell, "rate-level");
  return ({ actual, target, level }) => {
    setData(cell, "level", level);
    setText(actualText, actual === null ? NOTHING : formatRate(actual));
    setText(targetText, target === null || target <= 0 ? "" : `/ ${formatRate(target)}`);
    const isJudged = level !== "neutral" && actual !== null && target !== null;
    setText(levelText, isJudged ? `${MARKS[level]} ${percentOfTarget(actual, target)} %` : "");
  };
}
