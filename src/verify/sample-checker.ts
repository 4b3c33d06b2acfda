import type { MovieTrack } from "./movie-track.ts";
import type { PositionedFile } from "./positioned-file.ts";
import type { Problems } from "./problems.ts";
import { findDataProblem } from "./sample-data.ts";
import type { StoredSample } from "./stored-sample.ts";
import type { TopLevelBox } from "./top-level-boxes.ts";

/** The last sample's duration has no next sample to prove it: it is plausible up to so many times the longest other one. */
const LAST_DURATION_FACTOR_MAX = 2;

/** Checks the samples one after the other, by themselves and after the one before, and counts them. */
export class SampleChecker {
  readonly #file: PositionedFile;
  readonly #mediaData: readonly TopLevelBox[];
  readonly #codec: MovieTrack["entry"]["codec"];
  readonly #problems: Problems;
  readonly #usedMediaData = new Set<TopLevelBox>();
  /** Where in `#mediaData` to look: data come in the file's order. */
  #mediaDataIndex = 0;
  #dataEnd = 0;
  #longestDuration = 0;

  sampleCount = 0;
  keyFrameCount = 0;
  firstTime = 0;
  last: StoredSample | undefined;

  constructor(file: PositionedFile, boxes: readonly TopLevelBox[], track: MovieTrack, problems: Problems) {
    this.#file = file;
    this.#mediaData = boxes.filter((box) => box.type === "mdat");
    this.#codec = track.entry.codec;
    this.#problems = problems;
  }

  check(sample: StoredSample): void {
    this.sampleCount++;
    if (sample.isSync) this.keyFrameCount++;
    if (this.last) this.#longestDuration = Math.max(this.#longestDuration, this.last.duration);
    else this.#checkFirst(sample);
    this.last = sample;
    const end = sample.at + sample.byteCount;
    if (end > this.#file.byteCount) {
      const sentence = `sample ${sample.number}: its data end at byte ${end}, the file at ${this.#file.byteCount}`;
      this.#problems.addTorn("sample data", sentence, sample.number);
      return;
    }
    const problem = this.#findPlaceProblem(sample) ?? findDataProblem(this.#file, sample, this.#codec);
    if (problem) this.#problems.add("sample data", `sample ${sample.number}: ${problem}`);
  }

  /** After the last sample. */
  finish(): void {
    this.#checkUnusedMediaData();
    const durationMax = this.#longestDuration * LAST_DURATION_FACTOR_MAX;
    if (this.sampleCount < 2 || !this.last || this.last.duration <= durationMax) return;
    const longest = `the longest of the others ${this.#longestDuration}`;
    this.#problems.add("last duration", `last sample lasts ${this.last.duration} µs, ${longest}`);
  }

  /** Media data that no sample table leads to: a fragment whose `moof` is lost or was never written. */
  #checkUnusedMediaData(): void {
    for (const box of this.#mediaData) {
      if (box.end === box.payloadAt || this.#usedMediaData.has(box)) continue;
      this.#problems.add(
        "unused data",
        `${box.end - box.payloadAt} bytes of media data at byte ${box.at} belong to no sample`,
      );
    }
  }

  #checkFirst(sample: StoredSample): void {
    this.firstTime = sample.time;
    if (!sample.isSync) this.#problems.add("first sample", "video does not begin with a key frame");
  }

  #findPlaceProblem({ at, byteCount }: StoredSample): string | undefined {
    const end = at + byteCount;
    if (byteCount === 0) return "it has no data";
    if (at < this.#dataEnd) return `its data begin at byte ${at}, inside those of an earlier sample`;
    this.#dataEnd = end;
    let box = this.#mediaData[this.#mediaDataIndex];
    while (box && box.end <= at) box = this.#mediaData[++this.#mediaDataIndex];
    if (!box || at < box.payloadAt || end > box.end) return `its data at byte ${at} are not inside a media data box`;
    this.#usedMediaData.add(box);
    return undefined;
  }
}
