import { expect, test } from "bun:test";
import { cpSync, existsSync, readFileSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { findModules } from "../../src/hosts/find-modules.ts";
import { installDropIn, uninstallDropIn } from "../../src/hosts/install-drop-in.ts";
import { ownCommand } from "../../src/own-command.ts";
import { runRpiLogger } from "../../src/hosts/rpi-logger-command.ts";
import { UsageError } from "../../src/runtime/runtime-config.ts";
import { runProgram } from "../support/run-program.ts";
import { RPiLoggerFolder } from "./rpi-logger-folder.ts";

const DROP_IN = join(import.meta.dir, "../../src/hosts/rpi-logger");
const COMMAND = ["/usr/bin/bun", "/opt/csi-camera/src/main.ts"];

const install = (modules: string) => installDropIn(modules, COMMAND, () => undefined);
const uninstall = (modules: string) => uninstallDropIn(modules, () => undefined);

test("the installed folder is a module by RPi Logger's rules, holds all of the drop-in, and knows how to run us", () => {
  using host = new RPiLoggerFolder();
  install(host.modules);
  const { "csi_camera_program.json": command, ...rest } = filesOf(host.module);
  expect(JSON.parse(command ?? "")).toEqual({ command: COMMAND });
  const dropIn = filesOf(DROP_IN);
  // It was switched on before.
  expect(rest).toEqual({ ...dropIn, "config.txt": dropIn["config.txt"]?.replace("false", "true") ?? "" });

  const [entry, ...others] = Object.keys(rest).filter((name) => /^main_.*\.py$/.test(name));
  expect({ entry, others }).toEqual({ entry: "main_cameras_csi.py", others: [] });
  for (const text of ["asyncio", "async def main"]) expect(rest["main_cameras_csi.py"]).toContain(text);
  const config = rest["config.txt"]?.trim().split("\n") ?? [];
  expect(Object.fromEntries(config.map((line) => line.split(" = ")))).toEqual({
    enabled: "true",
    platforms: "raspberry_pi",
    display_name: "Cameras-CSI",
  });
});

test("installed again it is brought up to date, with the config.txt that RPi Logger wrote; uninstalled all is as it was", () => {
  using host = new RPiLoggerFolder();
  const before = host.contents();
  install(host.modules);
  const installed = host.contents();
  const written = "enabled = false\nwindow_geometry = 1x1\n";
  writeFileSync(join(host.module, "config.txt"), written);
  writeFileSync(join(host.module, "csi_camera_program.py"), "old");
  install(host.modules);
  expect(host.contents()).toEqual({ ...installed, "Cameras_CSI/config.txt": written });

  host.write("rpi_logger/modules/Cameras_CSI/__pycache__/x.pyc", "");
  uninstall(host.modules);
  uninstall(host.modules);
  expect(host.contents()).toEqual(before);
});

test.each([
  ["while the drop-in is written or removed", { isWhole: false, isSetAside: false }],
  ["before the original is set aside, or after it is back", { isWhole: true, isSetAside: false }],
  ["between the two renames", { isWhole: true, isSetAside: true }],
  ["between the two renames, and once more while it was mended", { isWhole: false, isSetAside: true }],
])("interrupted %s, the next run finishes it, either way", (_when, { isWhole, isSetAside }) => {
  using undisturbed = new RPiLoggerFolder();
  const original = undisturbed.contents();
  install(undisturbed.modules);
  for (const [run, expected] of [
    [install, undisturbed.contents()],
    [uninstall, original],
  ] as const) {
    using host = new RPiLoggerFolder();
    const staging = join(host.modules, ".Cameras_CSI.csi-camera");
    cpSync(undisturbed.module, staging, { recursive: true });
    if (!isWhole) renameSync(join(staging, "main_cameras_csi.py"), join(staging, "main_cameras_csi.py.unfinished"));
    if (isSetAside) renameSync(host.module, join(host.modules, ".Cameras_CSI.original"));
    run(host.modules);
    expect(host.contents()).toEqual(expected);
  }
});

test("an update of RPi Logger over the drop-in loses neither its new module nor the old one", () => {
  using host = new RPiLoggerFolder();
  install(host.modules);
  host.writeOriginal("the update");
  install(host.modules);
  uninstall(host.modules);
  const contents = host.contents();
  expect(contents["Cameras_CSI/main_cameras_csi.py"]).toContain("the update");
  expect(contents["Cameras_CSI/csi_camera_program.py"]).toBeUndefined();
  expect(contents[".Cameras_CSI.original.1/main_cameras_csi.py"]).toContain("the original");
});

test("files that are neither ours nor RPi Logger's are not removed", () => {
  using host = new RPiLoggerFolder();
  install(host.modules);
  writeFileSync(join(host.module, "notes.md"), "mine");
  uninstall(host.modules);
  expect(host.contents()).toMatchObject({ ".Cameras_CSI.csi-camera/notes.md": "mine" });
  expect(() => install(host.modules)).toThrow("move them away");
});

test("a link to the drop-in is replaced, never written through", () => {
  using host = new RPiLoggerFolder();
  rmSync(host.module, { recursive: true });
  symlinkSync(DROP_IN, host.module);
  install(host.modules);
  expect(existsSync(join(host.module, "csi_camera_program.json"))).toBe(true);
  expect(existsSync(join(DROP_IN, "csi_camera_program.json"))).toBe(false);
});

test("a checkout, its package and its modules folder are found; the program says what it did", async () => {
  using host = new RPiLoggerFolder();
  for (const path of [host.path, dirname(host.modules), host.modules]) expect(findModules(path)).toBe(host.modules);
  const { exitCode, stdout, stderr } = await runProgram(["rpi-logger", "install", "rpi_logger"], { cwd: host.path });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  for (const word of [host.module, ".Cameras_CSI.original", "src/main.ts"]) expect(stdout).toContain(word);
});

test("what is not RPi Logger's, and what the system refuses, is one line; another command line is a usage error", () => {
  using host = new RPiLoggerFolder();
  writeFileSync(join(host.modules, ".Cameras_CSI.csi-camera"), "a file where a folder has to be");
  const said: string[] = [];
  const output = {
    stdout: { write: (text: string) => said.push(text) },
    stderr: { write: (text: string) => said.push(text) },
  };
  for (const [path, why] of [
    [host.module, "expected the folder of RPi Logger"],
    ["/no/such/folder", "expected the folder of RPi Logger"],
    [host.path, ".Cameras_CSI.csi-camera/"],
  ] as const) {
    said.length = 0;
    expect(runRpiLogger(["install", path], output)).toBe(1);
    expect(said.join("")).toMatch(new RegExp(`^csi-camera: rpi-logger install: [^\\n]*${why}[^\\n]*\\n$`));
  }
  for (const args of [[], ["install"], ["remove", host.path], ["install", host.path, "--force"]]) {
    expect(() => runRpiLogger(args, output)).toThrow(UsageError);
  }
});

test("a compiled program is run as it is, another one by its Bun", () => {
  expect(ownCommand("/$bunfs/root/main", "/opt/csi-camera")).toEqual(["/opt/csi-camera"]);
  expect(ownCommand("/x/src/main.ts", "/x/bun")).toEqual(["/x/bun", "/x/src/main.ts"]);
});

/** Text by path, without what Python makes. */
function filesOf(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => /\.\w+$/.test(name));
  const ours = names.filter((name) => !name.includes("__pycache__"));
  return Object.fromEntries(ours.map((name) => [name, readFileSync(join(folder, name), "utf8")]));
}
