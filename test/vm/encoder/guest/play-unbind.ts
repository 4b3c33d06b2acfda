import type { Camera } from "./camera.ts";
import { fwhtConfig } from "./fwht-config.ts";
import { noteHoldings, noteHoldingsAgain } from "./holdings.ts";
import type { Journal } from "./journal.ts";
import { JournaledEncoder } from "./journaled-encoder.ts";
import { bindVicodec, unbindVicodec } from "./kernel.ts";

/** Packets before the device goes. */
const PACKETS_BEFORE = 5;
/** More frames than the camera has buffers: one that did not come back would be missed. */
const FRAMES_AFTER = 12;

/** Takes the device away from an encoder in mid-stream, and from one that has nothing to do. */
export async function playUnbind(journal: Journal, camera: Camera): Promise<void> {
  const before = noteHoldings(journal);
  journal.note({ kind: "part", name: "streaming" });
  await playStreaming(journal, camera);
  await noteHoldingsAgain(journal, before);
  journal.note({ kind: "part", name: "idle" });
  await playIdle(journal, camera);
  await noteHoldingsAgain(journal, before);
}

async function playStreaming(journal: Journal, camera: Camera): Promise<void> {
  await using encoder = await open(journal, camera);
  let unbound: Promise<void> | undefined;
  let isDead = false;
  void encoder.failed.then(() => (isDead = true));
  await camera.show((frame) => {
    if (isDead) return "enough";
    encoder.submit(frame);
    if (encoder.packets.length >= PACKETS_BEFORE) unbound ??= unbind(journal);
    return "more";
  });
  await unbound;
  let count = 0;
  await camera.show(() => (++count === FRAMES_AFTER ? "enough" : "more"));
  journal.note({ kind: "camera_frames", count });
  await bind(journal);
}

async function playIdle(journal: Journal, camera: Camera): Promise<void> {
  await using encoder = await open(journal, camera);
  let count = 0;
  await camera.show((frame) => {
    if (encoder.submit(frame)) count++;
    return count === 2 ? "enough" : "more";
  });
  while (encoder.packets.length < count) await encoder.news();
  await unbind(journal);
  await encoder.failed;
  await bind(journal);
}

function open(journal: Journal, camera: Camera): Promise<JournaledEncoder> {
  return JournaledEncoder.open(journal, fwhtConfig(camera.info.format, 3, camera.info));
}

async function unbind(journal: Journal): Promise<void> {
  journal.note({ kind: "device", state: "unbinding" });
  await unbindVicodec();
  journal.note({ kind: "device", state: "unbound" });
}

async function bind(journal: Journal): Promise<void> {
  await bindVicodec();
  journal.note({ kind: "device", state: "bound" });
}
