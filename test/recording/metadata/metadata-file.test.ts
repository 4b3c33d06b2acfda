import { describe, expect, test } from "bun:test";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { MetadataFile } from "../../../src/recording/metadata/metadata-file.ts";
import { mayMount, SmallDisk } from "../../log/small-disk.ts";
import { TemporaryDirectory } from "../../log/temporary-directory.ts";
import { openFiles } from "../../support/open-files.ts";

/** A file in a folder of its own, its first version written. */
async function begin(): Promise<{ directory: TemporaryDirectory; file: MetadataFile }> {
  const directory = new TemporaryDirectory();
  const file = new MetadataFile(directory.file("x.json"));
  await file.create("first");
  expect(file.failure).toBeUndefined();
  return { directory, file };
}

const openIn = (directory: TemporaryDirectory) => openFiles().filter((path) => path.startsWith(directory.path));

describe("MetadataFile", () => {
  test("holds the first version, then the last, and nothing stays beside it or open", async () => {
    const { directory, file } = await begin();
    using _ = directory;
    expect(readFileSync(file.path, "utf8")).toBe("first");
    await file.finish("last");
    expect(readFileSync(file.path, "utf8")).toBe("last");
    expect(readdirSync(directory.path)).toEqual(["x.json"]);
    expect(openIn(directory)).toEqual([]);
    expect(file.failure).toBeUndefined();
  });

  test("whoever reads the first version while it is replaced reads it to its end", async () => {
    const { directory, file } = await begin();
    using _ = directory;
    const { ino } = statSync(file.path);
    await file.finish("last");
    expect(statSync(file.path).ino).not.toBe(ino);
  });

  test("is removed where there is nothing to say, and not made where it was not begun", async () => {
    const { directory, file } = await begin();
    using _ = directory;
    await file.finish(undefined);
    expect([readdirSync(directory.path), openIn(directory)]).toEqual([[], []]);
    const other = new MetadataFile(directory.file("y.json"));
    await other.finish("last");
    expect([readdirSync(directory.path), other.failure]).toEqual([[], undefined]);
  });

  test("touches no file and follows no link that is there already", async () => {
    using directory = new TemporaryDirectory();
    writeFileSync(directory.file("x.json"), "theirs");
    symlinkSync(directory.file("target"), directory.file("link.json"));
    for (const name of ["x.json", "link.json"]) {
      const file = new MetadataFile(directory.file(name));
      await file.create("first");
      await file.finish("last");
      expect(file.failure).toMatchObject({ code: "disk_error", message: expect.stringContaining(file.path) });
    }
    expect(readFileSync(directory.file("x.json"), "utf8")).toBe("theirs");
    expect(existsSync(directory.file("target"))).toBe(false);
  });

  test.each([
    ["a file", (path: string) => writeFileSync(path, "theirs"), "theirs"],
    ["a link", (path: string) => symlinkSync("/etc/hostname", path), readFileSync("/etc/hostname", "utf8")],
    ["nothing", () => undefined, undefined],
  ] as const)("leaves %s alone that took the place of the first version", async (_what, act, content) => {
    for (const text of ["last", undefined]) {
      const { directory, file } = await begin();
      using _ = directory;
      rmSync(file.path);
      act(file.path);
      await file.finish(text);
      if (text !== undefined) expect(file.failure).toMatchObject({ code: "file_gone" });
      expect(existsSync(file.path) ? readFileSync(file.path, "utf8") : undefined).toBe(content);
      expect(readdirSync(directory.path)).toEqual(content === undefined ? [] : ["x.json"]);
      expect(openIn(directory)).toEqual([]);
    }
  });

  test("leaves a file alone that has the name of its next version", async () => {
    const { directory, file } = await begin();
    using _ = directory;
    symlinkSync(directory.file("target"), `${file.path}.tmp`);
    await file.finish("last");
    expect(file.failure?.message).toContain(`cannot create ${file.path}.tmp: EEXIST`);
    expect(readFileSync(file.path, "utf8")).toBe("first");
    expect(lstatSync(`${file.path}.tmp`).isSymbolicLink()).toBe(true);
    expect(existsSync(directory.file("target"))).toBe(false);
  });

  test("of a folder that was moved away makes nothing where that was", async () => {
    using directory = new TemporaryDirectory();
    mkdirSync(directory.file("a"));
    const file = new MetadataFile(directory.file("a/x.json"));
    await file.create("first");
    renameSync(directory.file("a"), directory.file("b"));
    mkdirSync(directory.file("a"));
    await file.finish("last");
    expect(file.failure).toMatchObject({ code: "file_gone" });
    expect(readdirSync(directory.path, { recursive: true, encoding: "utf8" }).toSorted()).toEqual([
      "a",
      "b",
      "b/x.json",
    ]);
    expect(readFileSync(directory.file("b/x.json"), "utf8")).toBe("first");
  });

  test.skipIf(!mayMount)("leaves nothing half written on a full disk", async () => {
    using disk = new SmallDisk("64k");
    const file = new MetadataFile(`${disk.path}/x.json`);
    await file.create("first");
    await file.finish("x".repeat(100_000));
    expect(file.failure).toMatchObject({ code: "disk_full" });
    expect(readdirSync(disk.path)).toEqual(["x.json"]);
    const other = new MetadataFile(`${disk.path}/y.json`);
    await other.create("x".repeat(100_000));
    expect(other.failure).toMatchObject({ code: "disk_full" });
    expect(readdirSync(disk.path)).toEqual(["x.json"]);
    expect(openFiles().filter((path) => path.startsWith(disk.path))).toEqual([]);
  });
});
