import { join } from "node:path";
import { messageOf } from "../../../../src/errors.ts";
import { guestShare } from "../../plan.ts";
import { cycleCount, encoderFolder, multiplanarCycleCount, type StreamCase, streamCases } from "../plan.ts";
import { Camera } from "./camera.ts";
import { Journal } from "./journal.ts";
import { loadVicodec, run } from "./kernel.ts";
import { playCycles } from "./play-cycles.ts";
import { playDrains } from "./play-drains.ts";
import { playRefusals } from "./play-refusals.ts";
import { playStream } from "./play-stream.ts";
import { playUnbind } from "./play-unbind.ts";

/** For one case. The longest takes a tenth of that, and on a busy machine a third. */
const PATIENCE_MS = 150_000;

/** Runs in the guest: all that is done with the encoder. Judges nothing. */
export async function playEncoder(): Promise<void> {
  await loadVicodec("single-planar");
  await withCamera(streamCases.dmabuf, async (camera) => {
    await playStreams([streamCases.dmabuf, streamCases.secondEncoder], camera);
    await play("cycles", (journal) => playCycles(journal, camera, cycleCount));
    await play("unbind", (journal) => playUnbind(journal, camera));
    await playStreams([streamCases.reconnected], camera);
  });
  await withCamera(streamCases.shortDmabuf, (camera) => playStreams([streamCases.shortDmabuf], camera));
  const { nv12, oddYuv420, oddNv12, burst } = streamCases;
  await playStreams([nv12, oddYuv420, oddNv12, burst], undefined);
  await play("drains", playDrains);
  await play("refusals", playRefusals);
  await play("list", playList);

  await loadVicodec("multi-planar");
  await withCamera(streamCases.multiplanarDmabuf, async (camera) => {
    await playStreams([streamCases.multiplanarDmabuf], camera);
    await play("multiplanar-cycles", (journal) => playCycles(journal, camera, multiplanarCycleCount));
  });
  await playStreams([streamCases.multiplanarOdd], undefined);
}

async function withCamera(size: StreamCase, use: (camera: Camera) => Promise<void>): Promise<void> {
  await using camera = await Camera.open(size);
  await use(camera);
}

async function playStreams(streams: readonly StreamCase[], camera: Camera | undefined): Promise<void> {
  for (const stream of streams) await play(stream.name, (journal) => playStream(journal, stream, camera));
}

async function playList(journal: Journal): Promise<void> {
  const program = join(import.meta.dir, "../../../../src/main.ts");
  journal.keep("list.txt", await run(process.execPath, program, "list"));
}

async function play(name: string, its: (journal: Journal) => Promise<void>): Promise<void> {
  const startedAt = performance.now();
  using journal = new Journal(join(guestShare, encoderFolder, name));
  const patience = Promise.withResolvers<never>();
  const timer = setTimeout(() => patience.reject(new Error(`not done after ${PATIENCE_MS / 1000} s`)), PATIENCE_MS);
  try {
    await Promise.race([its(journal), patience.promise]);
  } catch (thrown) {
    journal.note({ kind: "gave_up", error: messageOf(thrown) });
  } finally {
    clearTimeout(timer);
  }
  console.log(`${name}: ${Math.round(performance.now() - startedAt)} ms`);
}
