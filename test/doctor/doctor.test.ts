import { describe, expect, test } from "bun:test";
import { readdir, writeFile } from "node:fs/promises";
import { z } from "zod";
import { parseDoctorArguments } from "../../src/doctor/doctor-arguments.ts";
import { CHECKS, type CheckName, EXIT_CODES, type Finding, type Level, verdictOf } from "../../src/doctor/finding.ts";
import { ownCommandLine } from "../../src/doctor/own-command-line.ts";
import { ownCommand } from "../../src/own-command.ts";
import { reportLines } from "../../src/doctor/report-lines.ts";
import { UsageError } from "../../src/runtime/runtime-config.ts";
import { TemporaryDirectory } from "../log/temporary-directory.ts";
import { m2mDevice } from "../support/m2m-device.ts";
import { cleanEnvironment, programCommand } from "../support/module-process.ts";
import { runProgram } from "../support/run-program.ts";

/** A finding in the program's JSON, as far as it is looked at here. */
const Reported = z.object({
  check: z.string(),
  level: z.enum(["ok", "skipped", "unknown", "warning", "failure"]),
  values: z.record(z.string(), z.unknown()),
});

test.each<[Level[], number]>([
  [["ok", "skipped"], 0],
  [["ok", "unknown"], 1],
  [["warning", "skipped"], 1],
  [["failure", "warning", "ok"], 2],
])("findings %p are exit code %p", (levels, exitCode) => {
  expect(EXIT_CODES[verdictOf(levels.map((level) => ({ level })))]).toBe(exitCode);
});

test("the folder, --json and the module's options come in any order, options from the environment too", () => {
  const environment = { CSI_CAMERA_RECORD_FPS: "60", CSI_CAMERA_OUTPUT_DIR: "/sessions" };
  const { config, ...rest } = parseDoctorArguments(["--size", "640x480", "/data", "--json"], environment);
  expect(rest).toEqual({ isJson: true, folder: "/data" });
  expect(config.camera).toMatchObject({ size: { width: 640, height: 480 }, recordFps: 60 });
  expect(parseDoctorArguments(["--codec=mjpeg"], environment).folder).toBe("/sessions");
  expect(parseDoctorArguments(["--", "--json"], {})).toMatchObject({ isJson: false, folder: "--json" });
  expect(parseDoctorArguments([], {}).folder).toBe(".");
  for (const wrong of [["a", "b"], [""], ["--jsn"], ["--size"], ["--record-fps", "0"]])
    expect(() => parseDoctorArguments(wrong, {})).toThrow(UsageError);
});

test("the command that is told to type is this program, whatever a shell makes of spaces and quotes", () => {
  const { stdout } = Bun.spawnSync(["sh", "-c", `printf '%s\\n' ${ownCommandLine("it's one", "list")}`]);
  expect(stdout.toString().split("\n")).toEqual([...ownCommand(), "it's one", "list", ""]);
});

test("the report has what to do below what is so, in as many columns as there are, and ends with the verdict", () => {
  const findings: Finding[] = [
    { check: "clock", level: "ok", sentence: "is right", advice: [], values: {} },
    { check: "cameras", level: "failure", sentence: "there is none at all", advice: ["look at the cable"], values: {} },
  ];
  expect(reportLines(findings, 40)).toEqual([
    "ok      Clock          is right",
    "FAILURE Cameras        there is none at",
    "                       all",
    "                       > look at the",
    "                         cable",
    "",
    "This machine will NOT record what is asked; see FAILURE above.",
  ]);
});

test("the program tries camera, encoders and disk, tells all checks as JSON, and leaves nothing behind", async () => {
  using directory = new TemporaryDirectory();
  using device = await m2mDevice({ node: "/dev/video11" });
  const { exitCode, stdout, stderr } = await runProgram(
    ["doctor", "--json", "--source", "synthetic", "--size", "320x240", "not/yet/there"],
    { cwd: directory.path, env: device.env },
  );
  expect(stderr).toBe("");
  const report = z
    .object({ findings: z.array(Reported) })
    .loose()
    .parse(JSON.parse(stdout));
  expect(report).toMatchObject({
    format_version: 1,
    asked: { source: "synthetic", size: { width: 320, height: 240 } },
  });
  expect(report.findings.map(({ check }) => check)).toEqual(Object.keys(CHECKS));
  expect(exitCode).toBe(EXIT_CODES[verdictOf(report.findings)]);
  const named = (name: CheckName) => report.findings.find(({ check }) => check === name);
  expect(named("capture")).toMatchObject({ level: "ok", values: { width: 320, height: 240 } });
  expect(named("hardware_encoder")).toMatchObject({ level: "ok", values: { fitting: ["/dev/video11"] } });
  expect(named("encoder_speed")?.values).toMatchObject({
    // The camera's own.
    ...{ assumed: "nothing", pixel_format: "YUV420", strides: [512, 256, 256] },
    hardware: { encoder: expect.stringContaining("/dev/video11"), error: null },
    software: { encoder: expect.stringContaining("libx264"), error: null },
  });
  expect(named("disk_space")).toMatchObject({ values: { folder: directory.path } });
  expect(named("cameras")).toMatchObject({ level: "skipped" });
  expect(await readdir(directory.path)).toEqual([]);
}, 30_000);

test("a camera that is not there is exit code 2, with what was looked at to find out why", async () => {
  using directory = new TemporaryDirectory();
  const { exitCode, stdout, stderr } = await runProgram(["doctor", "--camera-index", "999", "--size=320x240"], {
    cwd: directory.path,
  });
  expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: "" });
  expect(stdout).toMatch(/^FAILURE Cameras +\S/m);
  expect(stdout).toMatch(/^\? +Capture +could not be tried without a camera$/m);
  for (const title of ["Boot settings", "Permissions", "In use"])
    expect(stdout).toMatch(new RegExp(`^\\S+ +${title} `, "m"));
  expect(stdout).not.toContain("needs no camera");
  expect(stdout).toEndWith("This machine will NOT record what is asked; see FAILURE above.\n");
}, 30_000);

// 0 and 1 would be answers.
describe("exit code 2, with a sentence, is what all ends with that is no answer:", () => {
  /** Nothing is encoded or captured: it takes half a second. */
  const quick = ["doctor", "--source", "synthetic:open_fails=busy", "--size", "320x240", "--encoder", "v4l2m2m"];
  const run = async (command: string[], stdout: "pipe" | Bun.BunFile = "pipe") => {
    using directory = new TemporaryDirectory();
    const options = { cwd: directory.path, env: cleanEnvironment, stdin: "ignore", stdout, stderr: "pipe" } as const;
    const child = Bun.spawn(command, options);
    return { stderr: await child.stderr.text(), exitCode: await child.exited };
  };

  test("findings that can't be printed", async () => {
    expect(await run(programCommand(quick), Bun.file("/dev/full"))).toEqual({
      exitCode: 2,
      stderr: expect.stringMatching(/^csi-camera: doctor could not finish: ENOSPC.*\n$/),
    });
  }, 30_000);

  test("an error that nobody awaits", async () => {
    using directory = new TemporaryDirectory();
    const throws = 'setInterval(() => { if (process.listenerCount("uncaughtException") > 0) throw Error("late"); }, 1)';
    await writeFile(directory.file("late.ts"), throws);
    const [bun = "", ...program] = programCommand(quick);
    expect(await run([bun, "--preload", directory.file("late.ts"), ...program])).toEqual({
      exitCode: 2,
      stderr: "csi-camera: doctor could not finish: late\n",
    });
  }, 30_000);

  test("a wrong call", async () => {
    expect(await run(programCommand(["doctor", "one", "two"]))).toEqual({
      exitCode: 2,
      stderr: 'csi-camera: doctor: got "one two", expected one folder that recordings go to, or none\n',
    });
  }, 30_000);
});
