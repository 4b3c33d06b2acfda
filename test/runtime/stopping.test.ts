import { describe, expect, test } from "bun:test";
import type { StopReason } from "../../src/runtime/waits.ts";
import { verifyRecording } from "../../src/verify/verify-recording.ts";
import { ManualSource } from "../support/manual-source.ts";
import { payloadOf, RuntimeHost } from "../support/runtime-host.ts";
import { waitUntil } from "../log/wait-until.ts";

const REASONS: StopReason[] = ["stdin_end", "host_gone", "SIGTERM", "SIGINT", "SIGHUP", "internal_error"];

describe("stop()", () => {
  for (const reason of REASONS) {
    test(`while recording finishes the file, says so once with reason ${reason}, and closes the camera`, async () => {
      await using host = new RuntimeHost({ args: ["--record-fps", "60"] });
      await host.assign();
      const { video_path } = await host.record();
      await host.source.deliverAll(20);
      await Promise.all([host.runtime.stop(reason), host.runtime.stop("SIGINT")]);
      expect(host.story(3)).toEqual(["recording_stopped!"]);
      expect(host.statuses[3]?.payload).toMatchObject({ reason, video_path, ledger: { captured: 20, recorded: 20 } });
      expect(host.source.state).toBe("closed");
      expect(host.source.frames.held).toBe(0);
      const { samples, rows, problems } = await verifyRecording(video_path);
      expect({ samples, rows, problems }).toEqual({ samples: 20, rows: 20, problems: [] });
    });
  }

  test("without a camera just ends; again does nothing", async () => {
    await using host = new RuntimeHost();
    await host.runtime.stop("stdin_end");
    await host.runtime.stop("SIGTERM");
    expect(host.story()).toEqual(["ready!"]);
  });

  test("while a camera opens does not wait for it, and the assignment is answered", async () => {
    await using host = new RuntimeHost({ newSource: () => new ManualSource() });
    const id = host.send("assign_device", { device_id: "picam:0" });
    await waitUntil("opening", () => host.sources[0]?.state === "opening");
    const startMs = performance.now();
    await host.runtime.stop("SIGTERM");
    // The first frame's time limit is 10 s.
    expect(performance.now() - startMs).toBeLessThan(5000);
    expect(payloadOf(await host.replyTo(id), "device_error").code).toBe("shutting_down");
    expect(host.source.state).toBe("closed");
  });

  test("while a camera waits for its first frame does not wait for it", async () => {
    await using host = new RuntimeHost({ newSource: () => new ManualSource() });
    const id = host.send("assign_device", { device_id: "picam:0" });
    await waitUntil("opening", () => host.sources[0]?.state === "opening");
    host.source.admit();
    await host.runtime.stop("SIGTERM");
    expect(payloadOf(await host.replyTo(id), "device_error").code).toBe("shutting_down");
  });

  test("answers the commands that came before it", async () => {
    await using host = new RuntimeHost();
    const ids = [
      host.send("assign_device", { device_id: "picam:0" }),
      host.send("start_session", { session_dir: host.sessionDir }),
      host.send("start_recording"),
    ];
    await host.runtime.stop("SIGTERM");
    expect(host.statuses.map(({ inReplyTo }) => inReplyTo).filter((id) => id !== undefined)).toEqual(ids);
    expect(host.runtime.isRecording).toBe(false);
  });
});

describe("quit", () => {
  test("while recording finishes the file, and quitting is the last word", async () => {
    await using host = new RuntimeHost({ args: ["--record-fps", "60"] });
    await host.assign();
    const { video_path } = await host.record();
    await host.source.deliverAll(20);
    const id = host.send("quit");
    await host.runtime.finished;
    await host.runtime.stop("stdin_end");
    expect(host.story(3)).toEqual(["recording_stopped!", "quitting"]);
    expect(host.statuses[3]?.payload).toMatchObject({ reason: "quit", ledger: { recorded: 20 } });
    expect(host.statuses.at(-1)?.inReplyTo).toBe(id);
    expect((await verifyRecording(video_path)).problems).toEqual([]);
    expect(host.source.state).toBe("closed");
  });

  test("without an id works too", async () => {
    await using host = new RuntimeHost();
    await host.sendRaw({ command: "quit" });
    await host.runtime.finished;
    expect(host.story(1)).toEqual(["quitting"]);
  });

  test("and stop() together say quitting once and end the recording once", async () => {
    await using host = new RuntimeHost();
    await host.assign();
    await host.record();
    host.send("quit");
    await host.runtime.stop("SIGTERM");
    expect(host.story(3)).toEqual(["recording_stopped!", "quitting"]);
  });
});

test("start() works once", async () => {
  await using host = new RuntimeHost();
  expect(() => host.runtime.start()).toThrow("once");
});
