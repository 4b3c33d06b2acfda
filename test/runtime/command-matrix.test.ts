import { describe, expect, test } from "bun:test";
import { RuntimeError } from "../../src/errors.ts";
import { waitUntil } from "../log/wait-until.ts";
import { ManualSource } from "../support/manual-source.ts";
import { RuntimeHost, shortly } from "../support/runtime-host.ts";
import { COMMAND_CASES, type CommandCase, type State, STATES } from "./command-table.ts";

const ID = "x_20260106_143052_001";
/** So that a failed camera stays away. */
const NEVER = { first: 600_000, longest: 600_000 };

/** A host whose module has come to the state, or gets there once the command was sent. */
interface Scene {
  readonly host: RuntimeHost;
  /** What is still to come, whatever the command: as the command's own outcome is written. */
  readonly before?: string;
  /** Called once the command is sent. */
  readonly goOn?: () => Promise<void> | void;
}

const SCENES: Record<State, (args: string[], given: CommandCase) => Promise<Scene>> = {
  starting: async (args) => {
    const host = new RuntimeHost({ args, isStarted: false });
    return { host, before: "ready!", goOn: () => host.runtime.start() };
  },
  idle: async (args) => ({ host: new RuntimeHost({ args }) }),
  opening: async (args, { endsWaits }) => {
    const host = new RuntimeHost({ args, newSource: () => new ManualSource() });
    void host.sendRaw({ command: "assign_device", device_id: "picam:0", command_id: "opening" });
    await waitUntil("a camera that is being opened", () => host.sources[0]?.state === "opening", 5000);
    const goOn = async () => {
      host.source.admit();
      if (endsWaits !== true) await keepDelivering(host);
    };
    return { host, before: endsWaits === true ? "device_error:shutting_down" : "device_ready", goOn };
  },
  streaming: async (args) => {
    const host = await streaming(args);
    return { host, goOn: () => keepDelivering(host) };
  },
  recording: async (args) => {
    const host = await recording(args);
    return { host, goOn: () => keepDelivering(host) };
  },
  stopping: async (args) => {
    const host = await recording(args);
    void host.sendRaw({ command: "stop_recording", command_id: "stopping" });
    return { host, before: "recording_stopped", goOn: () => keepDelivering(host) };
  },
  stalled: async (args) => ({ host: await recording(args) }),
  reconnecting: async (args) => {
    const host = await recording(args);
    host.source.fail(new RuntimeError("camera_lost", "unplugged"));
    await host.waitFor("device_error", ({ status }) => status === "device_error");
    return { host };
  },
  "shutting down": async (args) => {
    const host = await recording(args);
    void host.runtime.stop("SIGTERM");
    return { host, before: "recording_stopped!" };
  },
};

async function streaming(args: string[]): Promise<RuntimeHost> {
  const host = new RuntimeHost({ args, reconnectPausesMs: NEVER });
  await host.assign();
  return host;
}

async function recording(args: string[]): Promise<RuntimeHost> {
  const host = await streaming(args);
  await host.record();
  await host.source.deliverAll(3);
  return host;
}

/** 100 frames a second until the camera is closed or the module is. */
async function keepDelivering(host: RuntimeHost): Promise<void> {
  const { source } = host;
  let isOver = false;
  void host.runtime.finished.then(() => (isOver = true));
  const deliver = async (): Promise<void> => {
    while (!isOver && source.state !== "closed") {
      await source.deliverAll(1);
      await Bun.sleep(10);
    }
  };
  void deliver();
}

const HOSTS = [
  { host: "by the command protocol", args: [], acknowledges: false },
  { host: "under RPi Logger", args: ["--enable-commands"], acknowledges: true },
];

describe.each(HOSTS)("$host,", ({ args, acknowledges }) => {
  describe.each(STATES.map((state) => [state]))("in state %s", (state) => {
    for (const given of COMMAND_CASES) {
      for (const name of given.names) {
        const { which = "", outcomes } = given;
        test.concurrent(`${name} ${which} is answered: ${outcomes[state] || "not any more"}`, async () => {
          const { host: made, before = "", goOn } = await SCENES[state](args, given);
          await using host = made;
          const first = host.statuses.length;
          const command = { command: name, command_id: ID, ...given.fields?.(host.sessionDir) };
          const done = host.sendRaw(command);
          const last = host.send("start_session", { session_dir: host.sessionDir });
          await goOn?.();
          await done;
          if (outcomes[state].endsWith("quitting") || state === "shutting down") await host.runtime.finished;
          else await host.replyTo(last);

          const told = host.statuses.slice(first).filter(({ inReplyTo }) => inReplyTo !== last);
          const replies = told.filter(({ status }) => status !== "device_ack");
          expect(replies.map(shortly).join(" ")).toBe(`${before} ${outcomes[state]}`.trim());
          expect(replies.at(-1)?.inReplyTo).toBe(outcomes[state] === "" ? undefined : ID);
          // At once, and only where it may come to something.
          const isHeard = acknowledges && name === "assign_device" && mayBeAssigned(given, state);
          expect(told.filter(({ status, inReplyTo }) => status === "device_ack" && inReplyTo === ID)).toHaveLength(
            isHeard ? 1 : 0,
          );
          expect(host.sources.length).toBeLessThanOrEqual(state === "reconnecting" ? 2 : 1);
        }, 20_000);
      }
    }
  });
});

function mayBeAssigned({ outcomes }: CommandCase, state: State): boolean {
  return !outcomes[state].startsWith("command_nack") && outcomes[state] !== "";
}
