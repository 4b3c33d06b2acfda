import { expect, test } from "bun:test";
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { findLibrary } from "../../src/native/find-library.ts";
import { loadLibrary } from "../../src/native/load-library.ts";
import { TemporaryDirectory } from "../log/temporary-directory.ts";

const SYMBOLS = { csi_encoder_struct_size: { args: ["u32"], returns: "u32" } } as const;

/** What a program that was compiled into `executable` finds. */
const findInRelease = (executable: string) => findLibrary("x264", "/$bunfs/root/main", executable);

test("a release takes the first of its libraries that loads, one built on the machine before all others", () => {
  using directory = new TemporaryDirectory();
  const [mine] = findLibrary("x264").paths;
  for (const folder of ["debian-13", "debian-12", "built-here"]) {
    const path = directory.file(`lib/${folder}/libcsi_x264.so`);
    mkdirSync(dirname(path), { recursive: true });
    if (folder === "built-here") writeFileSync(path, "of a system that was updated since");
    else cpSync(mine ?? "", path);
  }
  const found = findInRelease(directory.file("csi-camera"));
  expect(found.paths.map((path) => path.split("/").at(-2))).toEqual(["built-here", "debian-12", "debian-13"]);
  expect(loadLibrary("x264", SYMBOLS, found).csi_encoder_struct_size(0)).toBePositive();
});

test("a library that is not there, or does not load, is an error that says why and what to do", () => {
  using directory = new TemporaryDirectory();
  const executable = directory.file("csi-camera");
  const remedy = `it needs libx264-164 and libyuv0; with other versions of these, "sh ${directory.path}/install.sh --build" builds it here`;
  const load = () => loadLibrary("x264", SYMBOLS, findInRelease(executable));
  expect(load).toThrow(`the x264 library is not built (there is none): ${remedy}`);

  const path = directory.file("lib/debian-12/libcsi_x264.so");
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, "no library");
  expect(load).toThrow(`the x264 library does not load (${path}: `);
  expect(load).toThrow(remedy);
});
