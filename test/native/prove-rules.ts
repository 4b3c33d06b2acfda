import { describe, expect, test } from "bun:test";
import { atMost } from "../support/at-most.ts";
import type { M2mSwitches } from "../support/m2m-device.ts";
import type { PlayOptions } from "./m2m-rules-story.ts";
import { play, type Played } from "./play-m2m.ts";

/** Something that the m2m library has to keep to, and a device that shows whether it does. */
export interface Rule {
  readonly claim: string;
  /** A Raspberry Pi 4's encoder unless it says otherwise. */
  readonly nodes?: readonly M2mSwitches[];
  readonly options?: PlayOptions;
  readonly proof: (played: Played) => void;
}

/** Pictures that are right have 33 dB and more. */
const LIKENESS_MIN_DB = 30;
/** They wait for the device more than they compute. */
const inTurn = atMost(3);
const plays = new Map<string, Promise<Played>>();

/** A test for each rule, by what it is about. What every encoder owes is proved of each of them. */
export function proveRules(rules: Readonly<Record<string, readonly Rule[]>>): void {
  for (const [subject, itsRules] of Object.entries(rules)) {
    describe(subject, () => {
      for (const rule of itsRules) {
        test.concurrent(rule.claim, async () => {
          const played = await playOnce(rule);
          expectAllAnswered(played);
          rule.proof(played);
        }, 120_000);
      }
    });
  }
}

/** Rules with the same device and pictures share them. */
function playOnce({ nodes = [{}], options = {} }: Rule): Promise<Played> {
  const key = JSON.stringify([nodes, options]);
  const played = plays.get(key) ?? inTurn(() => play(nodes, options));
  plays.set(key, played);
  return played;
}

/**
 * Each frame was released once and became one skip or one chunk, in order, that decodes to its picture; no rule that the
 * device knows of was broken; nothing of the device is open.
 */
function expectAllAnswered(played: Played): void {
  const { report } = played;
  const submitted = played.frames("submitted");
  const chunks = played.frames("chunk");
  expect(report.violations).toEqual([]);
  expect(inOrder(played.frames("released"))).toEqual(submitted);
  expect(inOrder([...chunks, ...played.frames("skipped")])).toEqual(submitted);
  expect(chunks).toEqual(inOrder(chunks));
  expect(played.pictures.map(({ number }) => number)).toEqual(chunks);
  expect(played.pictures.filter(({ likeness }) => likeness < LIKENESS_MIN_DB)).toEqual([]);
  for (const { isClosed, buffersMapped, buffersUnmapped } of report.contexts) {
    expect({ isClosed, buffersUnmapped }).toEqual({ isClosed: true, buffersUnmapped: buffersMapped });
  }
}

function inOrder(frames: readonly number[]): number[] {
  return [...frames].sort((a, b) => a - b);
}
