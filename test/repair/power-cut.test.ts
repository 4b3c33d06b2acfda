import { describe, expect, test } from "bun:test";
import { readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import fc from "fast-check";
import { AppendFile } from "../../src/recording/append-file.ts";
import { runRepair } from "../../src/repair/repair-command.ts";
import { verifyRecording } from "../../src/verify/verify-recording.ts";
import { TemporaryDirectory } from "../log/temporary-directory.ts";
import { howMany } from "../long/effort.ts";
import { drawFrom, FileHistory } from "../recording/file-history.ts";
import { encodeH264Video, encodeJpegVideo } from "../recording/mp4/encoded-video.ts";
import { readWithMp4box } from "../recording/mp4/read-with-mp4box.ts";
import { recordHistory } from "../recording/recorded-history.ts";
import { metadataInVideo } from "../support/read-metadata.ts";

const TIMES_MS = [0, 100, 200.0005, 333, 451, 600, 700.7, 801, 955, 1111, 1210, 1330, 1499, 1600, 1700, 1800];
const h264 = encodeH264Video({ frames: 16, x264: "keyint=7:scenecut=0" });
const jpeg = encodeJpegVideo(16);
const recordings = {
  h264: { ...h264, ...(await recordHistory(h264, TIMES_MS)) },
  mjpeg: { ...jpeg, ...(await recordHistory(jpeg, TIMES_MS)) },
};

const MOMENTS = howMany({ few: 100, many: 3000 });
/** Time for them, on a busy machine. */
const TIMEOUT_MS = howMany({ few: 60_000, many: 600_000 });

const moment = fc.record({
  codec: fc.constantFrom("h264", "mjpeg"),
  permille: fc.integer({ min: 0, max: 1000 }),
  isPowerCut: fc.boolean(),
  lastSectors: fc.nat(40),
  seed: fc.integer(),
});
type Moment = typeof moment extends fc.Arbitrary<infer Value> ? Value : never;

/** What there is of the files at this moment of a history, and after how many operations. */
function filesAt(history: FileHistory, { permille, isPowerCut, lastSectors, seed }: Omit<Moment, "codec">) {
  const count = Math.round((permille / 1000) * history.operations.length);
  const files = isPowerCut ? history.afterPowerCut(count, drawFrom(seed)) : history.afterKill(count, lastSectors);
  return { files, count };
}

/** Files of a recording in a directory of their own. */
class PlacedFiles implements Disposable {
  readonly #directory = new TemporaryDirectory();
  readonly video: string;

  constructor(files: ReadonlyMap<string, Buffer>) {
    for (const [path, bytes] of files) writeFileSync(this.#directory.file(basename(path)), bytes);
    const video = [...files.keys()].find((path) => path.endsWith(".mp4"));
    if (video === undefined) throw new Error("no video");
    this.video = this.#directory.file(basename(video));
  }

  async repair(): Promise<{ exitCode: number; text: string }> {
    const written: string[] = [];
    const exitCode = await runRepair([this.video], { write: (text: string) => written.push(text) });
    return { exitCode, text: written.join("") };
  }

  /** Repairs, and tells all that this did to the files, which were on the disk before. */
  async watchRepair(): Promise<FileHistory> {
    const history = new FileHistory();
    const open = AppendFile.open.bind(AppendFile);
    AppendFile.open = async (path) => {
      const file = await open(path);
      history.watch(file, readFileSync(path), { isSynced: true });
      return file;
    };
    try {
      await this.repair();
      return history;
    } finally {
      AppendFile.open = open;
    }
  }

  [Symbol.dispose](): void {
    this.#directory[Symbol.dispose]();
  }
}

describe("a recording that ended at any moment, by a kill or a power cut,", () => {
  test(
    "is repaired to pictures and rows that agree, with all that was on the disk for sure",
    async () => {
      let repaired = 0;
      await fc.assert(
        fc.asyncProperty(moment, async ({ codec, ...when }) => {
          const { history, synced, pictures, begun, ended } = recordings[codec];
          const { files, count } = filesAt(history, when);
          const durable = synced.findLast(({ operations }) => operations <= count)?.samples ?? 0;
          using placed = new PlacedFiles(files);
          const { exitCode, text } = await placed.repair();
          if (durable === 0 && exitCode !== 0) return;
          repaired++;
          expect(text).toMatch(/: (repaired: \d+ pictures?|is an ordinary MP4 file already)/);
          expect(exitCode).toBe(0);
          const { samples, rows, problems } = await verifyRecording(placed.video);
          expect(samples).toBeGreaterThanOrEqual(durable);
          if (rows > 0) expect(problems).toEqual([]);
          if (durable > 0) expect([begun, ended]).toContain(metadataInVideo(readFileSync(placed.video)) ?? "none");
          const { read } = await readWithMp4box(placed.video);
          const wanted = pictures.slice(0, samples).map(({ data }) => Buffer.from(data).toString("hex"));
          expect(read.map(({ data }) => data)).toEqual(wanted);
          expect((await placed.repair()).text).toEndWith(": is an ordinary MP4 file already: nothing to do\n");
        }),
        { numRuns: MOMENTS },
      );
      expect(repaired).toBeGreaterThan(MOMENTS / 2);
    },
    TIMEOUT_MS,
  );

  test(
    "is repaired to the same where the repair itself ends at any moment and is run again",
    async () => {
      await fc.assert(
        fc.asyncProperty(moment, moment, async ({ codec, ...when }, { codec: _codec, ...whenRepairing }) => {
          const { files } = filesAt(recordings[codec].history, when);
          using once = new PlacedFiles(files);
          const repair = await once.watchRepair();
          if (repair.operations.length === 0) return;
          const { samples, rows } = await verifyRecording(once.video);
          using twice = new PlacedFiles(new Map([...files, ...filesAt(repair, whenRepairing).files]));
          expect((await twice.repair()).exitCode).toBe(0);
          expect(await verifyRecording(twice.video)).toMatchObject({ samples, rows });
        }),
        { numRuns: MOMENTS },
      );
    },
    TIMEOUT_MS,
  );
});
