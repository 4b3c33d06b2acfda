import { describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import {
  createRecordingFiles,
  discardRecordingFiles,
  type RecordingFiles,
} from "../../src/recording/recording-files.ts";
import { TIMING_CSV_HEADER } from "../../src/recording/timing-csv.ts";
import { mayMount, SmallDisk } from "../log/small-disk.ts";
import { TemporaryDirectory } from "../log/temporary-directory.ts";
import { openFiles } from "../support/open-files.ts";

const STEM = "20260106_081726_CSI_trial001_cam_0";

function placeIn(directory: TemporaryDirectory, sessionDir = directory.file("session_20260106_081726")) {
  return { sessionDir, cameraLabel: "cam_0", trialNumber: 1 };
}

async function close(files: RecordingFiles): Promise<RecordingFiles> {
  await Promise.all([files.video.close(), files.timing.close()]);
  return files;
}

const namesOf = ({ video, timing, metadata, dropsPath }: RecordingFiles) =>
  [video.path, timing.path, metadata.path, dropsPath].map((path) => basename(path));
const named = (stem: string) =>
  [".mp4", "_timing.csv", "_recording.json", "_drops.jsonl"].map((suffix) => stem + suffix);

describe("createRecordingFiles", () => {
  test("that can't make the second file leaves no first one, on disk or open", async () => {
    using directory = new TemporaryDirectory();
    // The video's name is just short enough, the CSV's is not.
    const token = "t".repeat(255 - "_CSI_trial001_cam_0.mp4".length);
    const failing = createRecordingFiles(placeIn(directory, directory.file(token)));
    await expect(failing).rejects.toMatchObject({ code: "disk_error" });
    expect(readdirSync(directory.file(`${token}/CSICameras/cam_0`))).toEqual([]);
    expect(openFiles().filter((path) => path.startsWith(directory.path))).toEqual([]);
  });

  test("refuses a file where a folder should be", async () => {
    for (const place of ["CSICameras", "CSICameras/cam_0"]) {
      using directory = new TemporaryDirectory();
      const sessionDir = directory.file("session_1");
      mkdirSync(join(sessionDir, place, ".."), { recursive: true });
      writeFileSync(join(sessionDir, place), "");
      const failing = createRecordingFiles(placeIn(directory, sessionDir));
      await expect(failing).rejects.toMatchObject({ code: "bad_session_dir" });
    }
  });

  for (const suffix of [".mp4", "_timing.csv", "_recording.json", "_drops.jsonl"]) {
    test(`takes a dangling link for a name that is taken (${suffix})`, async () => {
      using directory = new TemporaryDirectory();
      const folder = directory.file("session_20260106_081726/CSICameras/cam_0");
      mkdirSync(folder, { recursive: true });
      symlinkSync(directory.file("target"), join(folder, STEM + suffix));
      expect(namesOf(await close(await createRecordingFiles(placeIn(directory))))).toEqual(named(`${STEM}_2`));
      expect(existsSync(directory.file("target"))).toBe(false);
    });
  }

  test("makes the contract's files where they belong, the CSV with its header", async () => {
    using directory = new TemporaryDirectory();
    const files = await close(await createRecordingFiles(placeIn(directory)));
    expect(files.video.path).toBe(directory.file(`session_20260106_081726/CSICameras/cam_0/${STEM}.mp4`));
    expect(namesOf(files)).toEqual(named(STEM));
    expect(readFileSync(files.timing.path, "utf8")).toBe(TIMING_CSV_HEADER);
    expect(readFileSync(files.video.path)).toHaveLength(0);
    expect([files.metadata.path, files.dropsPath].filter(existsSync)).toEqual([]);
  });

  test("never overwrites: _2, _3 for all files of a recording", async () => {
    using directory = new TemporaryDirectory();
    const stems = [];
    for (let count = 0; count < 3; count++) {
      const files = await close(await createRecordingFiles(placeIn(directory)));
      stems.push(namesOf(files));
    }
    expect(stems).toEqual([named(STEM), named(`${STEM}_2`), named(`${STEM}_3`)]);
  });

  for (const suffix of [".mp4", "_timing.csv", "_recording.json", "_drops.jsonl"]) {
    test(`a lone ${suffix} of an earlier recording takes its number as well, and is left alone`, async () => {
      using directory = new TemporaryDirectory();
      const folder = directory.file("session_20260106_081726/CSICameras/cam_0");
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, STEM + suffix), "old");
      const files = await close(await createRecordingFiles(placeIn(directory)));
      expect(namesOf(files)).toEqual(named(`${STEM}_2`));
      expect(readFileSync(join(folder, STEM + suffix), "utf8")).toBe("old");
      expect(readdirSync(folder).toSorted()).toEqual(
        [STEM + suffix, `${STEM}_2.mp4`, `${STEM}_2_timing.csv`].toSorted(),
      );
    });
  }

  test("many at once get names of their own", async () => {
    using directory = new TemporaryDirectory();
    const all = await Promise.all(Array.from({ length: 12 }, () => createRecordingFiles(placeIn(directory))));
    await Promise.all(all.map(close));
    for (const which of [0, 1, 2]) expect(new Set(all.map((files) => namesOf(files)[which])).size).toBe(12);
    for (const { video, timing } of all) expect(timing.path).toBe(video.path.replace(".mp4", "_timing.csv"));
  });

  test("a session directory that is a link is followed: it is where the host wants it", async () => {
    using directory = new TemporaryDirectory();
    mkdirSync(directory.file("real"));
    symlinkSync(directory.file("real"), directory.file("session_1"));
    const files = await close(await createRecordingFiles(placeIn(directory, directory.file("session_1"))));
    expect(existsSync(directory.file(`real/CSICameras/cam_0/${basename(files.video.path)}`))).toBe(true);
  });

  for (const link of ["CSICameras", "CSICameras/cam_0"]) {
    test(`a link ${link} that leads out of the session is refused, and nothing is made there`, async () => {
      using directory = new TemporaryDirectory();
      const place = placeIn(directory);
      mkdirSync(directory.file("outside"));
      mkdirSync(join(place.sessionDir, link, ".."), { recursive: true });
      symlinkSync(directory.file("outside"), join(place.sessionDir, link));
      await expect(createRecordingFiles(place)).rejects.toMatchObject({ code: "bad_session_dir" });
      expect(readdirSync(directory.file("outside"))).toEqual([]);
    });
  }

  test("a link within the session is fine", async () => {
    using directory = new TemporaryDirectory();
    const place = placeIn(directory);
    mkdirSync(join(place.sessionDir, "elsewhere"), { recursive: true });
    symlinkSync(join(place.sessionDir, "elsewhere"), join(place.sessionDir, "CSICameras"));
    await close(await createRecordingFiles(place));
  });

  test("a file in the way is a bad_session_dir that names it", async () => {
    using directory = new TemporaryDirectory();
    writeFileSync(directory.file("file"), "");
    for (const sessionDir of [directory.file("file"), directory.file("file/session_1"), "/proc/session_1"]) {
      const creating = createRecordingFiles(placeIn(directory, sessionDir));
      await expect(creating).rejects.toMatchObject({
        name: "RuntimeError",
        code: "bad_session_dir",
        message: expect.stringContaining(sessionDir),
      });
    }
  });

  test.skipIf(!mayMount)("a session directory that can't be written to is a bad_session_dir", async () => {
    using disk = new SmallDisk("64k");
    using directory = new TemporaryDirectory();
    Bun.spawnSync(["mount", "-o", "remount,ro", disk.path]);
    const creating = createRecordingFiles(placeIn(directory, join(disk.path, "session_1")));
    await expect(creating).rejects.toMatchObject({ name: "RuntimeError", code: "bad_session_dir" });
  });

  test.skipIf(!mayMount)("a disk without room for the header is full, and no file is left", async () => {
    using disk = new SmallDisk("64k");
    using directory = new TemporaryDirectory();
    const place = placeIn(directory, join(disk.path, "session_1"));
    const folder = join(place.sessionDir, "CSICameras/cam_0");
    mkdirSync(folder, { recursive: true });
    try {
      writeFileSync(join(disk.path, "filler"), new Uint8Array(100_000));
    } catch {
      // Full, as it is to be.
    }
    await expect(createRecordingFiles(place)).rejects.toMatchObject({ name: "RuntimeError", code: "disk_full" });
    expect(readdirSync(folder)).toEqual([]);
  });
});

test("discardRecordingFiles removes the files of a recording without frames", async () => {
  using directory = new TemporaryDirectory();
  const files = await close(await createRecordingFiles(placeIn(directory)));
  await discardRecordingFiles(files);
  expect(existsSync(files.video.path) || existsSync(files.timing.path)).toBe(false);
});
