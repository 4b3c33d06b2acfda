import { describe, expect, test } from "bun:test";
import type { ComparableOptions } from "../../scripts/replay/comparable-fields.ts";
import { compareExchanges, type Difference, nameOf, pairUnasked } from "../../scripts/replay/compare-sessions.ts";
import { Dialogue, type Exchange, type Said } from "../../scripts/replay/dialogue.ts";
import { SessionPaths } from "../../scripts/replay/session-paths.ts";

type Payload = Readonly<Record<string, unknown>>;

const paths = new SessionPaths("/tmp/replay");
const VIDEO = "/data/session_1/CSICameras/left_picam_0/1_CSI_trial001_left_picam_0.mp4";
const LEDGER = { captured: 90, recorded: 90, skipped_by_rate_gate: 0, dropped: {}, sensor_gaps: {} };

const said = (status: string, payload: Payload = {}): Said => ({ status, payload, replyTo: "id", atMs: 0 });
const exchange = (...final: Said[]): Exchange => ({ atMs: 0, interim: [], final });

function compare(recorded: Exchange, replayed: Exchange | undefined, isCameraNamed = true) {
  const ofRecorded: ComparableOptions = { originalPath: (path) => path, isCameraNamed };
  const ofReplayed: ComparableOptions = { originalPath: (path) => paths.original(path), isCameraNamed };
  return compareExchanges(recorded, replayed, { ofRecorded, ofReplayed });
}

describe("replies", () => {
  test.each<[string, Said, Said]>([
    [
      "numbers of frames",
      said("recording_stopped", { ledger: LEDGER }),
      said("recording_stopped", { ledger: { ...LEDGER, recorded: 88 } }),
    ],
    ["sentences", said("command_nack", { error: "one", code: "c" }), said("command_nack", { error: "two", code: "c" })],
    [
      "the encoder",
      said("recording_started", { encoder: "bcm2835", zero_copy: true }),
      said("recording_started", { encoder: "libx264", zero_copy: false }),
    ],
    [
      "the session's place",
      said("recording_started", { video_path: VIDEO }),
      said("recording_started", { video_path: `/tmp/replay${VIDEO}` }),
    ],
    [
      "a name that was taken",
      said("recording_started", { video_path: VIDEO.replace(".mp4", "_2.mp4") }),
      said("recording_started", { video_path: `/tmp/replay${VIDEO}` }),
    ],
    [
      "the time of a snapshot",
      said("snapshot_taken", {
        path: "/s/CSICameras/l/1_CSI_snapshot_20260106_143052_l.jpg",
        sensor_timestamp_ns: "1",
      }),
      said("snapshot_taken", {
        path: "/tmp/replay/s/CSICameras/l/1_CSI_snapshot_20261122_000000_l.jpg",
        sensor_timestamp_ns: "2",
      }),
    ],
  ])("are alike where they differ in %s", (_what, recorded, replayed) => {
    expect(compare(exchange(recorded), exchange(replayed))).toEqual([]);
  });

  test.each<[string, Exchange, Exchange | undefined, Difference[]]>([
    [
      "the status",
      exchange(said("device_ready")),
      exchange(said("device_error", { code: "camera_busy" })),
      [{ what: "status", recorded: "device_ready", replayed: "device_error camera_busy" }],
    ],
    [
      "the code",
      exchange(said("command_nack", { code: "no_device" })),
      exchange(said("command_nack", { code: "not_recording" })),
      [{ what: "code", recorded: '"no_device"', replayed: '"not_recording"' }],
    ],
    [
      "success",
      exchange(said("command_ack", { success: true })),
      exchange(said("command_ack", { success: false })),
      [{ what: "success", recorded: "true", replayed: "false" }],
    ],
    [
      "a field within a field",
      exchange(said("status_report", { recording: { trial_number: 1 } })),
      exchange(said("status_report", { recording: null })),
      [
        { what: "recording.trial_number", recorded: "1", replayed: undefined },
        { what: "recording", recorded: undefined, replayed: "null" },
      ],
    ],
    [
      "whether there is a fault",
      exchange(said("status_report", { fault: null })),
      exchange(said("status_report", { fault: "lost" })),
      [{ what: "fault", recorded: "null", replayed: "…" }],
    ],
    [
      "a file that is where it was recorded",
      exchange(said("recording_started", { video_path: VIDEO })),
      exchange(said("recording_started", { video_path: VIDEO })),
      [{ what: "video_path", recorded: VIDEO, replayed: `not below /tmp/replay: ${VIDEO}` }],
    ],
    [
      "a file's name",
      exchange(said("recording_started", { video_path: VIDEO })),
      exchange(said("recording_started", { video_path: `/tmp/replay${VIDEO.replace("trial001", "trial002")}` })),
      [{ what: "video_path", recorded: VIDEO, replayed: VIDEO.replace("trial001", "trial002") }],
    ],
    [
      "a missing reply",
      exchange(said("command_ack")),
      exchange(),
      [{ what: "status", recorded: "command_ack", replayed: undefined }],
    ],
    [
      "a command that was not sent any more",
      exchange(said("command_ack")),
      undefined,
      [{ what: "status", recorded: "command_ack", replayed: undefined }],
    ],
    [
      "an additional reply",
      exchange(said("command_ack")),
      exchange(said("command_ack"), said("command_ack")),
      [{ what: "status", recorded: undefined, replayed: "command_ack" }],
    ],
    [
      "an interim one",
      { ...exchange(said("device_ready")), interim: [said("device_ack")] },
      exchange(said("device_ready")),
      [{ what: "status", recorded: "device_ack", replayed: undefined }],
    ],
  ])("are told apart by %s", (_what, recorded, replayed, differences) => {
    expect(compare(recorded, replayed)).toEqual(differences);
  });

  test("are alike where the camera's folder is named after another camera's model, unless the host named it", () => {
    const recorded = exchange(said("recording_started", { video_path: VIDEO }));
    const replayed = exchange(
      said("recording_started", { video_path: `/tmp/replay${VIDEO.replaceAll("left", "imx")}` }),
    );
    expect(compare(recorded, replayed, false)).toEqual([]);
    expect(compare(recorded, replayed, true)).toHaveLength(1);
  });
});

test("statuses that nobody asked for are compared in order, by name and reason", () => {
  const dialogueOf = (...names: string[]) => {
    const dialogue = new Dialogue();
    for (const name of names) {
      const [status = "", reason] = name.split(" ");
      dialogue.status({ status, payload: reason === undefined ? {} : { reason }, replyTo: undefined, atMs: 0 });
    }
    return dialogue;
  };
  const pairs = (recorded: Dialogue, replayed: Dialogue) =>
    pairUnasked(recorded, replayed).map((pair) => [nameOf(pair.recorded), nameOf(pair.replayed)]);
  const ready = ["ready", "ready"];
  const stopped = "recording_stopped disk_full";
  expect(pairs(dialogueOf("ready", "warning", "device_ready"), dialogueOf("ready", "device_ready"))).toEqual([
    ready,
    ["warning", undefined],
    ["device_ready", "device_ready"],
  ]);
  expect(pairs(dialogueOf("ready", "device_ready"), dialogueOf("ready", "warning", "warning", "device_ready"))).toEqual(
    [ready, [undefined, "warning"], [undefined, "warning"], ["device_ready", "device_ready"]],
  );
  expect(pairs(dialogueOf("ready", stopped), dialogueOf("ready", "recording_stopped SIGTERM"))).toEqual([
    ready,
    [stopped, undefined],
    [undefined, "recording_stopped SIGTERM"],
  ]);
  // Which of a host's pipes tells first that it is gone is chance.
  expect(
    pairUnasked(dialogueOf("recording_stopped host_gone"), dialogueOf("recording_stopped stdin_end")),
  ).toHaveLength(1);
});
