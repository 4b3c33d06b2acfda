import { describe, expect, test } from "bun:test";
import { TemporaryDirectory } from "../log/temporary-directory.ts";
import { expectPayload } from "../support/expect-payload.ts";
import { expectConsecutive, expectSound } from "../support/expect-sound.ts";
import { m2mDevice, type M2mDeviceReport, type M2mSwitches } from "../support/m2m-device.ts";
import { ModuleProcess } from "../support/module-process.ts";
import { assign, type Ledger, pathsOf, type RecordingPaths, waitForRows } from "../support/record.ts";
import { runProgram } from "../support/run-program.ts";

// The program, unmodified, on a made-up device: test/native/m2m-device. The kernel's own is in test/vm.

const FRAME_RATE = 30;
const BCM2835 = "bcm2835-codec-encode (/dev/video11)";

interface Outcome extends RecordingPaths {
  readonly encoder: string;
  readonly zeroCopy: boolean;
  readonly ledger: Ledger;
  /** Unasked statuses as `status:code`, and the sentences of warnings. */
  readonly story: readonly string[];
  readonly sentences: readonly string[];
  readonly report: M2mDeviceReport;
}

interface Attempt {
  readonly encoder?: string;
  /** Where the pictures lie. */
  readonly memory?: "dmabuf" | "own";
  readonly codec?: string;
  readonly rows?: number;
}

/** Starts the program on the device and gives the reply to start_recording to `use`. */
async function start<T>(
  nodes: readonly M2mSwitches[],
  { encoder = "auto", memory = "dmabuf", codec = "h264" }: Attempt,
  use: (host: ModuleProcess, reply: Awaited<ReturnType<ModuleProcess["ask"]>>) => Promise<T>,
): Promise<T & { readonly report: M2mDeviceReport }> {
  using directory = new TemporaryDirectory();
  using device = await m2mDevice(...nodes);
  await using host = new ModuleProcess(
    [
      ...["--source", memory === "dmabuf" ? "synthetic:memory=dmabuf" : "synthetic", "--size", "320x240"],
      ...["--encoder", encoder, "--codec", codec],
    ],
    { env: device.env },
  );
  await assign(host);
  const used = await use(host, await host.ask("start_recording", { session_dir: directory.path }));
  host.closeStdin();
  expect(await host.ending()).toEqual({ exitCode: 0, signal: null, stderr: "" });
  const report = await device.report();
  expect(report.violations).toEqual([]);
  expect(report.contexts.filter(({ isClosed }) => !isClosed)).toEqual([]);
  return { ...used, report };
}

/** A recording of so many rows; `look` sees its files, which are gone afterwards. */
function record(
  nodes: readonly M2mSwitches[],
  attempt: Attempt,
  look: (outcome: Omit<Outcome, "report">) => Promise<void>,
): Promise<Outcome> {
  return start(nodes, attempt, async (host, reply) => {
    const { video_path, encoder, zero_copy: zeroCopy } = expectPayload(reply, "recording_started");
    const paths = pathsOf(video_path);
    await waitForRows(paths, attempt.rows ?? 40);
    const { ledger } = expectPayload(await host.ask("stop_recording"), "recording_stopped");
    const outcome = { ...paths, encoder, zeroCopy, ledger, ...unasked(host) };
    await look(outcome);
    return outcome;
  });
}

/** The same, and its file is sound. Gives the numbers of its pictures. */
async function recordSound(
  nodes: readonly M2mSwitches[],
  attempt: Attempt = {},
): Promise<Outcome & { readonly numbers: readonly number[] }> {
  const numbers: number[] = [];
  const outcome = await record(nodes, attempt, async (recording) => {
    const sound = await expectSound(recording, FRAME_RATE);
    numbers.push(...sound.numbers);
    expect(recording.ledger.recorded).toBe(numbers.length);
    const dropped = Object.values(recording.ledger.dropped).reduce((sum, count) => sum + count, 0);
    expect(recording.ledger.captured).toBe(numbers.length + dropped);
  });
  return { ...outcome, numbers };
}

function unasked({ statuses }: ModuleProcess): Pick<Outcome, "story" | "sentences"> {
  const own = statuses.filter(({ status, in_reply_to }) => status !== "ready" && in_reply_to === undefined);
  return {
    story: own.map(({ status, data }) => `${status}:${String(data["code"] ?? data["reason"])}`),
    sentences: own.flatMap(({ data }) => (typeof data["message"] === "string" ? [data["message"]] : [])),
  };
}

describe("--encoder auto on a machine with a hardware encoder", () => {
  test("records with it, without a copy where the frames lie in dmabufs that fit", async () => {
    const { encoder, zeroCopy, numbers, ledger, story, report } = await recordSound([{}]);
    expect({ encoder, zeroCopy, dropped: ledger.dropped, story }).toEqual({
      ...{ encoder: BCM2835, zeroCopy: true, dropped: {}, story: [] },
    });
    expectConsecutive(numbers);
    expect(report.contexts.filter(({ framesQueued }) => framesQueued > 0)).toMatchObject([{ outputMemory: "dmabuf" }]);
  }, 30_000);

  test("records with it by copying where they do not", async () => {
    const { encoder, zeroCopy, numbers, report } = await recordSound([{}], { memory: "own" });
    expect({ encoder, zeroCopy }).toEqual({ encoder: BCM2835, zeroCopy: false });
    expectConsecutive(numbers);
    expect(report.contexts.filter(({ framesQueued }) => framesQueued > 0)).toMatchObject([{ outputMemory: "mmap" }]);
  }, 30_000);

  test("encodes mjpeg with the JPEG one", async () => {
    const { encoder, numbers } = await recordSound([{ codec: "h264" }, { codec: "jpeg" }], { codec: "mjpeg" });
    expect(encoder).toBe("bcm2835-codec-encode_image (/dev/video31)");
    expectConsecutive(numbers);
  }, 30_000);

  test("takes software without a word where all nodes are something else", async () => {
    const nodes: M2mSwitches[] = [{ kind: "decoder" }, { kind: "camera" }, { codec: "jpeg" }];
    const { encoder, zeroCopy, story } = await recordSound(nodes);
    expect({ encoder, zeroCopy, story }).toEqual({
      ...{ encoder: expect.stringContaining("libx264"), zeroCopy: false, story: [] },
    });
  }, 30_000);

  const refusals: [string, M2mSwitches, RegExp][] = [
    ["may not be opened", { open_error: "EACCES" }, /\/dev\/video11.*video/],
    ["is busy", { open_error: "EBUSY" }, /\/dev\/video11/],
    ["is too small for the picture", { max_size: "160x120" }, /320x240/],
    ["makes no sense", { sizes: "garbage_planes" }, /\/dev\/video11/],
  ];
  test.each(refusals)(
    "takes software and says why where it %s",
    async (_what, switches, reason) => {
      const { encoder, story, sentences } = await recordSound([switches]);
      expect({ encoder, story }).toEqual({
        encoder: expect.stringContaining("libx264"),
        story: ["warning:encoder_fallback"],
      });
      expect(sentences[0]).toMatch(/^the hardware encoder can't be used, libx264 core \d+ is used instead: /);
      expect(sentences[0]).toMatch(reason);
    },
    30_000,
  );
});

describe("--encoder v4l2m2m", () => {
  test("takes the node that it is given", async () => {
    const nodes: M2mSwitches[] = [{ node: "/dev/video11" }, { node: "/dev/video12" }];
    const { encoder } = await recordSound(nodes, { encoder: "v4l2m2m:/dev/video12" });
    expect(encoder).toBe("bcm2835-codec-encode (/dev/video12)");
  }, 30_000);

  const refusals: [string, M2mSwitches, string][] = [
    ["there is none", { kind: "decoder" }, "encoder_unavailable"],
    ["it may not be opened", { open_error: "EACCES" }, "encoder_failed"],
  ];
  test.each(refusals)(
    "refuses to record where %s, and says what to do",
    async (_what, switches, code) => {
      const { error } = await start([switches], { encoder: "v4l2m2m" }, async (_host, reply) => {
        return { error: expectPayload(reply, "device_error") };
      });
      expect(error).toMatchObject({ code, error: expect.stringMatching(/; use --encoder software or auto$/) });
    },
    30_000,
  );
});

describe("a recording survives an encoder that", () => {
  test("swallows frames", async () => {
    const { ledger, story } = await recordSound([{ skip: 7 }]);
    expect(Object.keys(ledger.dropped)).toEqual(["encoder_skip"]);
    expect(story).toEqual([]);
  }, 30_000);

  test("gives damaged pictures: they and what needs them are left out", async () => {
    const { ledger } = await recordSound([{ error: 13 }]);
    expect(Object.keys(ledger.dropped)).toEqual(["encoder_error"]);
  }, 30_000);

  test("stalls: it is opened again", async () => {
    const { ledger, story, zeroCopy } = await recordSound([{ stall: 20 }], { rows: 60 });
    expect({ story, zeroCopy }).toEqual({ story: ["warning:encoder_restarted"], zeroCopy: true });
    expect(ledger.dropped["encoder_stall"]).toBeGreaterThan(0);
  }, 30_000);

  test("fails with EIO: it is opened again", async () => {
    const { story } = await recordSound([{ eio: 20 }], { rows: 60 });
    expect(story).toEqual(["warning:encoder_restarted"]);
  }, 30_000);

  test("refuses the camera's buffers at the first frame: frames are copied from then on", async () => {
    const { story, sentences, report } = await recordSound([{ dmabuf: "refuse_queue" }]);
    expect(story).toEqual(["warning:encoder_restarted"]);
    expect(sentences[0]).toContain("from here on frames are copied");
    expect(report.contexts.filter(({ framesEncoded }) => framesEncoded > 0)).toMatchObject([{ outputMemory: "mmap" }]);
  }, 30_000);
});

describe("a recording ends by itself, with the reason, when the encoder", () => {
  const untilEnd = async (host: ModuleProcess) => {
    const stopped = await host.waitFor("the end", ({ status }) => status === "recording_stopped");
    await host.waitFor("what went wrong", ({ status }) => status === "device_error");
    const { reason, video_path: videoPath, ledger } = expectPayload(stopped, "recording_stopped");
    expect(reason).toBe("encoder_failed");
    expect(unasked(host).story.slice(-2)).toEqual(["recording_stopped:encoder_failed", "device_error:encoder_failed"]);
    return { videoPath, ledger, story: unasked(host).story };
  };

  test("is taken away; the file is whole", async () => {
    await start([{ vanish: 20 }], {}, async (host) => {
      const { videoPath, ledger } = await untilEnd(host);
      const { numbers } = await expectSound(pathsOf(videoPath ?? ""), FRAME_RATE);
      expect(ledger.recorded).toBe(numbers.length);
      expect(ledger.dropped["encoder_failed"]).toBeGreaterThan(0);
      return {};
    });
  }, 30_000);

  test("never gives anything; there is no file", async () => {
    await start([{ stall: 0, stall_always: 1 }], {}, async (host) => {
      const { videoPath, ledger, story } = await untilEnd(host);
      expect(videoPath).toBeNull();
      expect(ledger.dropped["encoder_stall"]).toBeGreaterThan(0);
      expect(story[0]).toBe("warning:encoder_restarted");
      return {};
    });
  }, 30_000);
});

test("list tells the encoder nodes with what they can, and those that can't be looked at", async () => {
  using device = await m2mDevice(
    { codec: "jpeg" },
    { node: "/dev/video11" },
    { node: "/dev/video12", open_error: "EACCES" },
  );
  const { exitCode, stdout } = await runProgram(["list"], { env: device.env });
  expect(exitCode).toBe(0);
  const [, listed = ""] = stdout.split("Hardware encoders (V4L2 memory-to-memory):\n");
  const nodes = listed.split(/\n(?= {2}\/dev)/);
  expect(nodes[0]).toMatch(/^ {2}\/dev\/video11 {2}bcm2835-codec {2}bcm2835-codec-encode\n {4}for +--codec h264\n/);
  expect(nodes[0]).toMatch(/\n {4}out +H264\n {4}in +YU12 .*multi-planar.*\n {4}size +32x32 to 1920x1920/);
  expect(nodes[0]).toMatch(/\n {4}controls +.*\n {15}\S.*Bitrate/s);
  expect(nodes[1]).toMatch(/^ {2}\/dev\/video12 {2}can't be looked at: no permission; .*group video/);
  expect(nodes[2]).toMatch(/^ {2}\/dev\/video31 .*\n {4}for +--codec mjpeg\n {4}out +JPEG/);
}, 30_000);
