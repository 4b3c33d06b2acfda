import { describe, expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { waitUntil } from "../log/wait-until.ts";
import { expectPayload } from "../support/expect-payload.ts";
import { unasked, withEncoders } from "../support/hardware-recording.ts";
import type { M2mSwitches } from "../support/m2m-device.ts";
import type { ModuleProcess } from "../support/module-process.ts";
import { openFiles } from "../support/open-files.ts";

// Encoders that can't be used, and what the program says of them.

/** From the command to its reply. */
const REPLY_MS_MAX = 2000;
/** With those that wait for their turn. */
const TIMEOUT_MS = 120_000;

interface Fault {
  readonly what: string;
  readonly nodes: readonly M2mSwitches[];
  /** `v4l2m2m` has this node behind it; undefined: the first that fits. */
  readonly node?: string;
  readonly args?: readonly string[];
  readonly code: "encoder_unavailable" | "encoder_failed";
  readonly sentence: string;
}

const NONE = "this machine has no V4L2 encoder for this codec";
const YUV = "/dev/video11: a YU12 picture of 320x240";

const faults: readonly Fault[] = [
  { what: "there is none", nodes: [{ kind: "decoder" }], code: "encoder_unavailable", sentence: NONE },
  { what: "there is one for JPEGs only", nodes: [{ codec: "jpeg" }], code: "encoder_unavailable", sentence: NONE },
  {
    what: "there is one for H.264 only and JPEGs are wanted",
    nodes: [{}],
    ...{ args: ["--codec", "mjpeg"], code: "encoder_unavailable", sentence: NONE },
  },
  {
    what: "there is one for pixels that nobody here knows",
    nodes: [{ formats: "YV12+NV21" }],
    ...{ code: "encoder_unavailable", sentence: NONE },
  },
  {
    what: "there is no such node",
    ...{ nodes: [{}], node: "/dev/video99", code: "encoder_unavailable" },
    sentence: "there is no device /dev/video99",
  },
  {
    what: "the node is a decoder",
    ...{ nodes: [{ kind: "decoder" }], node: "/dev/video10", code: "encoder_failed" },
    sentence: "/dev/video10 (bcm2835-codec-decode) does not encode to H.264: it is a decoder or converter",
  },
  {
    what: "the node is a camera",
    ...{ nodes: [{ kind: "camera" }], node: "/dev/video0", code: "encoder_failed" },
    sentence: "/dev/video0 (camera) is no encoder but a camera",
  },
  {
    what: "the node is one for JPEGs",
    ...{ nodes: [{ codec: "jpeg" }], node: "/dev/video31", code: "encoder_failed" },
    sentence: "/dev/video31 (bcm2835-codec-encode_image) does not encode to H.264",
  },
  {
    what: "the node is no video device",
    ...{ nodes: [{ kind: "not_v4l2" }], node: "/dev/video0", code: "encoder_failed" },
    sentence: "/dev/video0 is no video device",
  },
  {
    what: "the node is another device",
    ...{ nodes: [{}], node: "/dev/null", code: "encoder_failed" },
    sentence: "/dev/null is no video device",
  },
  {
    what: "the node is a folder",
    ...{ nodes: [{}], node: "/dev", code: "encoder_failed" },
    sentence: "cannot open /dev: Is a directory",
  },
  {
    what: "it may not be opened",
    ...{ nodes: [{ open_error: "EACCES" }], code: "encoder_failed" },
    sentence: "no permission to open /dev/video11: the user has to be in the group that owns it (video)",
  },
  {
    what: "it is busy when it is opened",
    ...{ nodes: [{ open_error: "EBUSY" }], code: "encoder_failed" },
    sentence: "/dev/video11 is in use by another program",
  },
  {
    what: "it is busy when it is set up",
    ...{ nodes: [{ refuse: "S_FMT:EBUSY" }], code: "encoder_failed" },
    sentence: "/dev/video11: cannot set the coded format: it is in use by another program",
  },
  {
    what: "it has no memory",
    ...{ nodes: [{ refuse: "REQBUFS:ENOMEM" }], code: "encoder_failed" },
    sentence: "/dev/video11: cannot get buffers: Cannot allocate memory",
  },
  {
    what: "its firmware does not start",
    ...{ nodes: [{ refuse: "STREAMON:EIO" }], code: "encoder_failed" },
    sentence: "/dev/video11: cannot start streaming: Input/output error",
  },
  {
    what: "the picture is too large",
    ...{ nodes: [{ max_size: "160x120" }], code: "encoder_failed" },
    sentence: "/dev/video11 (bcm2835-codec-encode) takes at most 160x120 of a picture of 320x240",
  },
  {
    what: "the bit rate is too high",
    ...{ nodes: [{}], args: ["--bitrate", "30M"], code: "encoder_failed" },
    sentence: "/dev/video11 encodes at 25000 to 25000000 bit/s, asked for 30000000",
  },
  {
    what: "the bit rate is too low",
    ...{ nodes: [{}], args: ["--bitrate", "10k"], code: "encoder_failed" },
    sentence: "/dev/video11 encodes at 25000 to 25000000 bit/s, asked for 10000",
  },
  {
    what: "its driver answers with rows of nothing",
    ...{ nodes: [{ sizes: "garbage_zero" }], code: "encoder_failed" },
    sentence: `${YUV} has rows of 320 bytes, the driver says 0`,
  },
  {
    what: "its driver answers with rows that are too short",
    ...{ nodes: [{ sizes: "garbage_small_stride" }], code: "encoder_failed" },
    sentence: `${YUV} has rows of 320 bytes, the driver says 160`,
  },
  {
    what: "its driver answers with rows of 4 GiB",
    ...{ nodes: [{ sizes: "garbage_huge" }], code: "encoder_failed" },
    sentence: `${YUV} has rows of 320 bytes, the driver says 4294967040`,
  },
  {
    what: "its driver answers with half a picture",
    ...{ nodes: [{ sizes: "garbage_small_sizeimage" }], code: "encoder_failed" },
    sentence: `${YUV} takes 184320 bytes, the driver says 92160`,
  },
  {
    what: "its driver answers with no planes",
    ...{ nodes: [{ sizes: "garbage_planes" }], code: "encoder_failed" },
    sentence: "/dev/video11: YU12 in 0 memory planes makes no sense",
  },
];

describe("--encoder v4l2m2m refuses to record, says why and what to do, and leaves nothing behind, where", () => {
  for (const { what, nodes, node, args = [], code, sentence } of faults) {
    test.concurrent(
      what,
      async () => {
        const encoder = node === undefined ? "v4l2m2m" : `v4l2m2m:${node}`;
        await withEncoders(nodes, { encoder, args }, async (host, directory) => {
          const refuse = async () => {
            const startMs = performance.now();
            const reply = await host.ask("start_recording", { session_dir: directory });
            expect(performance.now() - startMs).toBeLessThan(REPLY_MS_MAX);
            const error = `${sentence}; use --encoder software or auto`;
            expect(expectPayload(reply, "device_error")).toEqual({ device_id: "picam:0", code, error });
          };
          await refuse();
          const open = openFiles(host.pid);
          await refuse();
          await waitUntil("what is open is what was before", () => isDeepStrictEqual(openFiles(host.pid), open));
          expect(filesIn(directory)).toEqual([]);
          // The camera is as it was.
          expectPayload(await host.ask("assign_device", { device_id: "picam:0" }), "device_ready");
          expect(expectPayload(await host.ask("stop_recording"), "command_nack").code).toBe("not_recording");
          expect(unasked(host)).toEqual([]);
          return {};
        });
      },
      TIMEOUT_MS,
    );
  }
});

test.concurrent(
  "a driver that keeps the encoder's thread is given up after 2 s, and let go of when that comes back",
  async () => {
    // Opening, it stops a queue once; each stop takes this long.
    await withEncoders([{ streamoff_delay: 2500 }], { encoder: "v4l2m2m" }, async (host, directory) => {
      const startMs = performance.now();
      const reply = await host.ask("start_recording", { session_dir: directory });
      expect(performance.now() - startMs).toBeWithin(1900, REPLY_MS_MAX + 1000);
      expect(expectPayload(reply, "device_error")).toEqual({
        ...{ device_id: "picam:0", code: "encoder_failed" },
        error: "the m2m encoder does not answer: nothing came from it for 2 s; use --encoder software or auto",
      });
      expect(filesIn(directory)).toEqual([]);
      expect(nodesOpen(host)).toBe(1);
      await waitUntil("the node is closed", () => nodesOpen(host) === 0, 20_000);
      return {};
    });
  },
  TIMEOUT_MS,
);

describe("--encoder auto records in software and says why, where", () => {
  // It does not look at a node of a name, and where there is no encoder nothing is wrong.
  const survived = faults.filter(({ node, code }) => node === undefined && code !== "encoder_unavailable");
  for (const { what, nodes, args = [], sentence } of survived) {
    test.concurrent(
      what,
      async () => {
        await withEncoders(nodes, { encoder: "auto", args }, async (host, directory) => {
          const reply = await host.ask("start_recording", { session_dir: directory });
          const { encoder, zero_copy } = expectPayload(reply, "recording_started");
          expect({ encoder, zero_copy }).toEqual({
            encoder: expect.stringMatching(/^libx264 core \d+$/),
            zero_copy: false,
          });
          const warning = await host.waitFor("the warning", ({ status }) => status === "warning");
          expect(expectPayload(warning, "warning")).toEqual({
            code: "encoder_fallback",
            message: `the hardware encoder can't be used, ${encoder} is used instead: ${sentence}`,
          });
          expectPayload(await host.ask("stop_recording"), "recording_stopped");
          expect(unasked(host)).toEqual(["warning:encoder_fallback"]);
          return {};
        });
      },
      TIMEOUT_MS,
    );
  }
});

/** Our device's nodes are stand-ins. */
function nodesOpen(host: ModuleProcess): number {
  return openFiles(host.pid).filter((file) => file === "/dev/null").length;
}

function filesIn(directory: string): string[] {
  const entries = readdirSync(directory, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name);
}
