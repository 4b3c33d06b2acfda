import { pictureBytes, POOL_BUFFERS_MAX } from "../../src/capture/buffer-pool.ts";
import { paddedYuv420, REC709 } from "../../src/capture/stream-format.ts";
import type { Findings } from "./findings.ts";
import { type Judged, type JudgedOptions, signed } from "./judged.ts";
import { robustFit } from "./robust-fit.ts";

/** While recording at 60 frames/s. */
const MEMORY_BYTES_MAX = 150e6;
/** From the beginning to the end of what is fitted. */
const GROWTH_MAX = 0.05;
/** What is loaded and compiled at first is no leak. */
const WARM_UP_SECONDS = 180;
/** Of a shorter stretch a slope says more about the garbage collector than about a leak. */
const FIT_SECONDS_MIN = 600;

/** That memory keeps within its limit, and does not grow. */
export function judgeMemory({ isAccelerated, width, height }: JudgedOptions, found: Findings): Judged[] {
  const most = Math.max(...found.samples.map(({ residentBytes }) => residentBytes), found.peakBytes);
  // What a camera's driver holds, and its process does not; two more for the picture that these are copied from.
  const ofOne = pictureBytes(paddedYuv420({ width, height, colour: REC709 }));
  const pictures = `up to ${megabytes((POOL_BUFFERS_MAX + 2) * ofOne)} MB`;
  const limit = {
    what: "most resident memory",
    isSound: isAccelerated ? undefined : found.samples.length > 0 && most <= MEMORY_BYTES_MAX,
    measured: isAccelerated ? `${megabytes(most)} MB` : `${megabytes(most)} MB, ${pictures} of it the made-up camera's`,
    expected: isAccelerated ? "reported" : `at most ${megabytes(MEMORY_BYTES_MAX)} MB`,
  };
  const fit = fitLong(found.samples, ({ residentBytes }) => residentBytes);
  if (fit === undefined) {
    return [limit, { what: "memory over time", isSound: false, measured: "no samples", expected: "flat" }];
  }
  const growth = (fit.to - fit.from) / fit.from;
  const isLongEnough = fit.seconds >= FIT_SECONDS_MIN;
  const line = `${signed((fit.slope * 3600) / 1e6)} MB/h over ${(fit.seconds / 60).toFixed(1)} min`;
  const spread = `half of all samples within ${(fit.spread / 1e6).toFixed(1)} MB of the line`;
  return [
    limit,
    {
      what: "memory over time",
      isSound: isLongEnough ? growth <= GROWTH_MAX : undefined,
      measured: `${line}: ${signed(growth * 100)} %, ${spread}`,
      expected: isLongEnough
        ? `at most +${GROWTH_MAX * 100} %`
        : `too short to judge: ${FIT_SECONDS_MIN / 60} min needed`,
    },
  ];
}

/** That none is left open. */
export function judgeDescriptors({ samples, openAtRest }: Findings): Judged {
  const [first, last] = [openAtRest[0], openAtRest.at(-1)];
  const fit = fitLong(samples, ({ descriptors }) => descriptors);
  const grown = fit === undefined ? Number.NaN : fit.to - fit.from;
  const most = Math.max(...samples.map(({ descriptors }) => descriptors));
  return {
    what: "descriptors",
    isSound: first !== undefined && last !== undefined && last.length <= first.length && grown < 1,
    measured: [
      `${most} at most; at rest ${first?.length} after the first trial, ${last?.length} after the last`,
      `${signed(grown)} in the long one`,
      ...(last ?? []).filter((name) => first?.includes(name) === false).map((name) => `new: ${name}`),
    ].join("; "),
    expected: "no more after the last than after the first, +0 in the long one",
  };
}

function fitLong<Sample extends Findings["samples"][number]>(
  samples: readonly Sample[],
  of: (sample: Sample) => number,
) {
  const long = samples.filter(({ trial }) => trial === 0);
  const end = long.at(-1)?.seconds ?? 0;
  const begin = Math.min(WARM_UP_SECONDS, end / 4);
  const fit = robustFit(long.filter(({ seconds }) => seconds >= begin).map((sample) => [sample.seconds, of(sample)]));
  return fit === undefined ? undefined : { ...fit, seconds: end - begin };
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(0);
}
