import { describe, expect, test } from "bun:test";
import manifest from "../../package.json" with { type: "json" };
import { RuntimeConfig, UsageError } from "../../src/runtime/runtime-config.ts";
import { TemporaryDirectory } from "../log/temporary-directory.ts";
import { ModuleProcess } from "../support/module-process.ts";
import { probeVideo } from "../support/probe-video.ts";
import { assign, record } from "../support/record.ts";
import { runProgram } from "../support/run-program.ts";
import type { ProgramResult } from "../support/run-to-end.ts";

const VALUES: readonly [name: string, bad: readonly string[]][] = [
  ["source", ["webcam", "synthetic:colour=red", "synthetic:lost=x", "replay:", "replay:a.avi", "replay:a.yuv,1x1", ""]],
  ["size", ["big", "1456", "0x0", "-1x5", "1456x1088x3", "99999x99999"]],
  ["capture-fps", ["fast", "0", "-30", "1e3", "NaN", "Infinity", "1001"]],
  ["record-fps", ["0", "two"]],
  ["preview-fps", ["0", "x"]],
  ["preview-scale", ["0", "2", "1/0", "half"]],
  ["jpeg-quality", ["0", "101", "8.5", "best"]],
  ["codec", ["av1", "H264", ""]],
  ["encoder", ["nvenc", "v4l2m2m:", "v4l2m2m:video11", ""]],
  ["bitrate", ["1", "lots", "8G", "999M"]],
  ["first-frame-timeout", ["never", "0", "601", "-1"]],
  ["camera-index", ["-1", "1.5", "first"]],
  ["log-level", ["loud", ""]],
  ["log-dir", [""]],
];

function expectUsageError({ exitCode, stdout, stderr }: ProgramResult, ...mentions: readonly string[]): void {
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
  expect(stderr).toMatch(/^csi-camera: [^\n]+\n$/);
  for (const mention of mentions) expect(stderr).toContain(mention);
}

/** What the program says of these arguments, without a process of its own: main.ts makes the line of any UsageError. */
function complaintAbout(...args: string[]): string {
  try {
    RuntimeConfig.fromArgs(args, {});
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  throw new Error(`${args.join(" ")} was accepted`);
}

describe("a bad value is one line on stderr and exit code 2", () => {
  test.each(VALUES)(
    "of --%s, on the command line and in the environment",
    async (name, bad) => {
      for (const value of bad) {
        const complaint = complaintAbout(`--${name}=${value}`);
        for (const mention of [`--${name}`, JSON.stringify(value), "expected"]) expect(complaint).toContain(mention);
        expect(complaint).not.toContain("\n");
      }
      const [first = ""] = bad;
      // An empty variable is as good as none.
      const variable = `CSI_CAMERA_${name.toUpperCase().replaceAll("-", "_")}`;
      const [byOption, byVariable] = await Promise.all([
        runProgram([`--${name}=${first}`]),
        first === "" ? undefined : runProgram([], { env: { [variable]: first } }),
      ]);
      expectUsageError(byOption, `--${name}`, JSON.stringify(first), "expected");
      expect(byOption.stderr).toBe(`csi-camera: ${complaintAbout(`--${name}=${first}`)}\n`);
      if (byVariable !== undefined) expectUsageError(byVariable, variable, JSON.stringify(first), "expected");
    },
    30_000,
  );
});

test.each([[["--frobnicate"]], [["frobnicate"]], [["-x"]], [["--record-fps"]], [["--codec", "h264", "extra"]]])(
  "%p is one line on stderr and exit code 2",
  async (args) => {
    expectUsageError(await runProgram(args));
  },
  15_000,
);

test("--help tells every option, and nothing else happens", async () => {
  const { exitCode, stdout, stderr } = await runProgram(["--help"]);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  for (const [name] of VALUES) expect(stdout).toContain(`--${name}`);
  for (const word of ["demo", "list", "verify", "--version"]) expect(stdout).toContain(word);
  for (const line of stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(120);
}, 15_000);

test("--version prints the version", async () => {
  expect(await runProgram(["--version"])).toEqual({
    exitCode: 0,
    stdout: `csi-camera ${manifest.version}\n`,
    stderr: "",
  });
}, 15_000);

test("the environment sets what the command line does not", async () => {
  using directory = new TemporaryDirectory();
  const env = { CSI_CAMERA_SOURCE: "synthetic", CSI_CAMERA_SIZE: "160x120", CSI_CAMERA_CODEC: "mjpeg" };
  await using host = new ModuleProcess(["--size", "320x240"], { env });
  await assign(host);
  const { stream } = await probeVideo((await record(host, directory.path, 5)).video);
  expect(stream).toMatchObject({ codec_name: "mjpeg", width: 320, height: 240 });
}, 15_000);

test("without a host, its stdin empty, the program says ready and ends", async () => {
  const { exitCode, stdout, stderr } = await runProgram(["--source", "synthetic"]);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  expect(stdout).toMatch(/^\{"type":"status","status":"ready",[^\n]*\}\n$/);
}, 15_000);

test("list tells cameras and encoders", async () => {
  const { exitCode, stdout } = await runProgram(["list"]);
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^Cameras:\n {2}\S/);
  expect(stdout).toMatch(/\nSoftware encoders:\n {2}h264 +libx264.*\n {2}mjpeg +libjpeg/);
  expect(stdout).toMatch(/\nHardware encoders .*:\n {2}\S/);
  expectUsageError(await runProgram(["list", "everything"]));
}, 15_000);

test("verify without a file is called wrongly", async () => {
  expectUsageError(await runProgram(["verify"]), "verify");
}, 15_000);

test("verify of a file that is not there says so", async () => {
  const { exitCode, stdout, stderr } = await runProgram(["verify", "/no/such/file.mp4"]);
  expect(exitCode).toBe(2);
  expect(stdout + stderr).toContain("/no/such/file.mp4");
}, 15_000);
