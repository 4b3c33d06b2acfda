import axe from "axe-core";
import type { Page } from "playwright-core";

/** Axe's serious and critical faults on this page as it is now, each as its rule and where. */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  // Not as a script element, which the page's security policy refuses.
  if (await page.evaluate<boolean>("!('axe' in window)")) await page.evaluate(axe.source);
  // Details of what holds are half of its work.
  const results = await page.evaluate<axe.AxeResults>("axe.run({ resultTypes: ['violations'] })");
  return results.violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id} ${target.join(" ")}: ${failureSummary}`),
    );
}
