import type { Findings } from "./findings.ts";
import type { Judged, JudgedOptions } from "./judged.ts";
import { SCRAPE_EVERY_SECONDS } from "./scraper.ts";

/** Of what comes in the time, when nothing is left out. */
const PART_MIN = 0.9;

/**
 * That each viewer got the previews that the module means to make, but for the few that it may leave out where the machine
 * has no time for them; how many these are at full speed, nobody promised.
 */
export function judgeViewers({ isAccelerated, frameRate }: JudgedOptions, { watched }: Findings): Judged {
  const { previews, leftOutTimes, viewerProblems: problems, seconds, previewRate } = watched;
  // There are no more previews than frames.
  const rate = Math.min(previewRate, frameRate);
  const isServed = previews.length > 0 && previews.every((got) => got > 0 && got >= PART_MIN * rate * seconds);
  const least = isAccelerated ? "" : `${100 * PART_MIN} % of ${rate} a second for each, `;
  return {
    what: "viewers",
    isSound: problems.length === 0 && (isServed || isAccelerated),
    measured: [
      `${previews.join(" and ")} previews in ${seconds.toFixed(1)} s`,
      `the host was told ${leftOutTimes} times that some are left out`,
      ...problems,
    ].join("; "),
    expected: `${least}whole and in order, connected to the end`,
  };
}

/** That the metrics were there whenever they were asked for. */
export function judgeScrapes({ watched }: Findings): Judged {
  const { scrapes, slowestScrapeMs, scrapeProblems, seconds } = watched;
  const answered = `${scrapes} in ${seconds.toFixed(1)} s, the slowest took ${slowestScrapeMs.toFixed(1)} ms`;
  const least = Math.max(1, Math.floor((PART_MIN * seconds) / SCRAPE_EVERY_SECONDS));
  return {
    what: "scrapes",
    isSound: scrapes >= least && scrapeProblems.length === 0,
    measured: [answered, ...scrapeProblems].join("; "),
    expected: `${100 * PART_MIN} % of one in ${SCRAPE_EVERY_SECONDS} s, each answered, and no counter falls`,
  };
}
