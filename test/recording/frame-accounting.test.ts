import { expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import fc from "fast-check";
import type { DropReason } from "../../src/pipeline/frame-ledger.ts";
import { DropsFile } from "../../src/recording/drops-file.ts";
import { FrameAccounting } from "../../src/recording/frame-accounting.ts";
import { createRecordingFiles } from "../../src/recording/recording-files.ts";
import { TemporaryDirectory } from "../log/temporary-directory.ts";
import { frameAt } from "./made-up-frames.ts";

/** All there are: TypeScript misses one that is missing. */
const REASONS: Record<DropReason, true> = {
  frame_error: true,
  capture_overflow: true,
  encoder_busy: true,
  encoder_skip: true,
  encoder_error: true,
  encoder_stall: true,
  encoder_failed: true,
  disk_slow: true,
  disk_error: true,
};
const reason = fc.constantFrom(...(Object.keys(REASONS) as DropReason[]));

const drop = fc.oneof(
  fc.record({ kind: fc.constant("frames" as const), reason, count: fc.integer({ min: 1, max: 5 }) }),
  fc.record({ kind: fc.constant("bad" as const), reason, count: fc.integer({ min: 1, max: 5 }) }),
  fc.record({
    kind: fc.constant("out of time" as const),
    reason: fc.constant("frame_error" as const),
    count: fc.constant(1),
  }),
);

test("each dropped frame is a line of the recording's list and of the module's log, with its reason, in order", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(drop, { maxLength: 30 }), async (drops) => {
      using directory = new TemporaryDirectory();
      const place = { sessionDir: directory.file("session_1"), cameraLabel: "cam", trialNumber: 1 };
      const files = await createRecordingFiles(place);
      const dropsFile = new DropsFile(files);
      const logged: string[] = [];
      const accounting = new FrameAccounting(dropsFile, { write: (line) => void logged.push(line) });
      let number = 0;
      for (const { kind, reason: why, count } of drops) {
        const frames = Array.from({ length: count }, () => frameAt(number, 10 * number++));
        if (kind === "bad") accounting.capturedBad(why, count, null);
        for (const frame of frames) {
          const captured = { ...frame, frameDurationNs: 0 };
          if (kind === "frames") accounting.captured(captured);
          else if (kind === "out of time") accounting.capturedOutOfTime(captured);
        }
        if (kind === "frames") accounting.dropped(why, frames);
      }
      await dropsFile.close();
      await Promise.all([files.video.close(), files.timing.close()]);

      const lines = existsSync(files.dropsPath) ? readFileSync(files.dropsPath, "utf8").trimEnd().split("\n") : [];
      expect(lines).toEqual(logged);
      const reasons = lines.map((line) => (JSON.parse(line) as { reason: string }).reason);
      expect(reasons).toEqual(drops.flatMap(({ reason: why, count }) => Array<string>(count).fill(why)));
      const { dropped, captured } = accounting.ledger.report();
      for (const why of Object.keys(REASONS)) {
        expect(dropped[why] ?? 0).toBe(reasons.filter((one) => one === why).length);
      }
      expect([captured, accounting.ledger.inFlight, dropsFile.lostLines]).toEqual([lines.length, 0, 0]);
    }),
    { numRuns: 60 },
  );
}, 30_000);
