import { describe, expect, test } from "bun:test";
import { existsSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { AppendFile } from "../../src/recording/append-file.ts";
import { mayMount, SmallDisk } from "../log/small-disk.ts";
import { TemporaryDirectory } from "../log/temporary-directory.ts";
import { openFiles } from "../support/open-files.ts";

const isOpen = (path: string): boolean => openFiles().includes(path);

describe("AppendFile", () => {
  test("holds what was appended, text and bytes, in order; closing twice is once", async () => {
    using directory = new TemporaryDirectory();
    const file = await AppendFile.create(directory.file("x"));
    await file.append("é\n");
    await file.append(Uint8Array.of(0, 255));
    await file.append("");
    await Promise.all([file.close(), file.close()]);
    expect(readFileSync(directory.file("x"))).toEqual(Buffer.from([0xc3, 0xa9, 0x0a, 0, 255]));
    expect(isOpen(directory.file("x"))).toBe(false);
  });

  test("takes more pieces than one call of the system does", async () => {
    using directory = new TemporaryDirectory();
    const file = await AppendFile.create(directory.file("x"));
    const pieces = Array.from({ length: 5000 }, (_, index) => new Uint8Array(index % 7).fill(index));
    await file.append("before");
    await file.append(pieces);
    await file.close();
    expect(file.byteCount).toBe(Buffer.concat(pieces).length + 6);
    expect(readFileSync(directory.file("x")).equals(Buffer.concat([Buffer.from("before"), ...pieces]))).toBe(true);
  });

  test("never touches a file that is there, nor follows a link", async () => {
    using directory = new TemporaryDirectory();
    writeFileSync(directory.file("x"), "old");
    symlinkSync(directory.file("target"), directory.file("link"));
    for (const name of ["x", "link"]) {
      await expect(AppendFile.create(directory.file(name))).rejects.toMatchObject({ code: "EEXIST" });
    }
    expect(readFileSync(directory.file("x"), "utf8")).toBe("old");
    expect(existsSync(directory.file("target"))).toBe(false);
  });

  test.skipIf(!mayMount)("says disk_full of a full disk, and closes all the same", async () => {
    using disk = new SmallDisk("64k");
    const path = `${disk.path}/x`;
    const file = await AppendFile.create(path);
    await expect(file.append(new Uint8Array(200_000))).rejects.toMatchObject({
      name: "RuntimeError",
      code: "disk_full",
    });
    await file.close().catch(() => undefined);
    expect(isOpen(path)).toBe(false);
  });

  test("says disk_error of a write after closing", async () => {
    using directory = new TemporaryDirectory();
    const file = await AppendFile.create(directory.file("x"));
    await file.close();
    await expect(file.append("late")).rejects.toMatchObject({ name: "RuntimeError", code: "disk_error" });
  });
});
