import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Report } from "../../checks/report.ts";
import { DecoderReport, type JournalEvent } from "../journal.ts";
import { encoderFolder, type StreamCase } from "../plan.ts";
import { answerProblems, eventsOf, packetProblems, readJournal, reuseProblems, troubleProblems } from "./journal.ts";
import { type PictureLikeness, pictureLikenesses } from "./pictures.ts";

/** What FWHT with its default quantisation keeps of these pictures is 41 and more. Wrong pixels have 8 to 31. */
const LIKENESS_MIN_DB = 36;
/** Where the picture moves, a frame is nearer to its own source than to the next one by this at least; 20 is usual. */
const MARGIN_MIN_DB = 6;

/** Judges one stream: what the encoder did, and what came out of it. */
export async function checkStream(report: Report, share: string, stream: StreamCase): Promise<void> {
  const { name } = stream;
  const folder = join(share, encoderFolder, name);
  let events: JournalEvent[];
  try {
    events = readJournal(folder);
  } catch (thrown) {
    report.check(`${name}: was played`, thrown instanceof Error ? thrown.message : String(thrown));
    return;
  }
  report.check(`${name}: each frame taken is released once and answered once`, answerProblems(events));
  report.check(`${name}: no buffer is used again before it was released`, reuseProblems(events));
  report.check(`${name}: every frame comes out, in order`, packetProblems(events));
  report.check(`${name}: as many frames are taken as can be`, takenProblem(events, stream));
  report.check(`${name}: ${stream.zeroCopy ? "zero copy" : "frames are copied"}`, copyProblems(events, stream));
  report.check(`${name}: the encoder needs no second try`, troubleProblems(events));
  report.check(`${name}: the drain ends after the last packet`, drainProblem(events));

  let decoded: DecoderReport;
  try {
    decoded = DecoderReport.parse(JSON.parse(readFileSync(join(folder, "decoder.json"), "utf8")));
  } catch (thrown) {
    report.check(`${name}: vicodec decodes it`, thrown instanceof Error ? thrown.message : String(thrown));
    return;
  }
  report.check(`${name}: vicodec decodes every frame, of the visible size`, decoderProblems(events, decoded, stream));
  report.check(`${name}: key frames are marked as such`, keyProblem(events, decoded));
  await report.attempt(`${name}: decoded pictures are those that went in`, async () => {
    const likenesses = pictureLikenesses(folder, stream, decoded);
    console.log(`      ${name}: ${summary(events, likenesses)}`);
    return likenesses.flatMap(likenessProblems);
  });
}

function takenProblem(events: readonly JournalEvent[], stream: StreamCase): string | undefined {
  const taken = eventsOf(events, "submitted").length;
  const refused = eventsOf(events, "refused").length;
  const wanted = stream.pace === "burst" ? stream.queueFramesMax : stream.frameCount;
  const wantedRefused = stream.pace === "burst" ? stream.frameCount - stream.queueFramesMax : refused;
  if (taken === wanted && refused === wantedRefused) return undefined;
  return `${taken} taken and ${refused} refused, expected ${wanted} and ${wantedRefused}`;
}

function copyProblems(events: readonly JournalEvent[], stream: StreamCase): string[] {
  const opened = eventsOf(events, "opened").map(({ zero_copy }) => zero_copy);
  const problems = opened.join() === `${stream.zeroCopy}` ? [] : [`opened with zero copy: ${opened.join()}`];
  const wanted = stream.zeroCopy ? 0 : eventsOf(events, "submitted").length;
  for (const { copied_frames } of eventsOf(events, "closed"))
    if (copied_frames !== wanted) problems.push(`${copied_frames} frames were copied, expected ${wanted}`);
  return problems;
}

function drainProblem(events: readonly JournalEvent[]): string | undefined {
  const kinds = events.map(({ kind }) => kind);
  const order = [kinds.lastIndexOf("submitted"), kinds.indexOf("drain"), kinds.lastIndexOf("packet")];
  const end = kinds.indexOf("drained");
  if (kinds.filter((kind) => kind === "drained").length === 1 && order.every((at) => at >= 0 && at < end))
    return undefined;
  return `last frame, drain, last packet, drained: events ${[...order, end].join(", ")}`;
}

function decoderProblems(events: readonly JournalEvent[], decoded: DecoderReport, stream: StreamCase): string[] {
  const packets = eventsOf(events, "packet").length;
  const problems: string[] = [];
  if (decoded.frames !== packets) problems.push(`${decoded.frames} frames of ${packets} packets`);
  if (!decoded.in_order) problems.push("not in order");
  if (decoded.errors > 0) problems.push(`${decoded.errors} errors`);
  if (decoded.width !== stream.width || decoded.height !== stream.height)
    problems.push(`${decoded.width}x${decoded.height}, expected ${stream.width}x${stream.height}`);
  if (decoded.multiplanar !== (stream.api === "multi-planar")) problems.push(`the API is not ${stream.api}`);
  return problems;
}

function keyProblem(events: readonly JournalEvent[], decoded: DecoderReport): string | undefined {
  const keys = eventsOf(events, "packet").map(({ is_key }) => is_key);
  const marked = keys.filter((isKey) => isKey).length;
  if (keys[0] === true && marked === decoded.key_frames) return undefined;
  return `${marked} marked, the decoder found ${decoded.key_frames}; the first is ${keys[0] === true ? "one" : "none"}`;
}

function likenessProblems({ frame, all, edges, moving }: PictureLikeness): string[] {
  const problems: string[] = [];
  if (!(all >= LIKENESS_MIN_DB)) problems.push(`frame ${frame}: ${all.toFixed(1)} dB`);
  if (!(edges >= LIKENESS_MIN_DB)) problems.push(`frame ${frame}: ${edges.toFixed(1)} dB at the edges`);
  if (moving === undefined || !(moving.own - moving.other >= MARGIN_MIN_DB)) {
    const own = `${moving?.own.toFixed(1)} dB like its own source`;
    problems.push(`frame ${frame}: where it moves ${own}, ${moving?.other.toFixed(1)} dB like the one beside it`);
  }
  return problems;
}

function summary(events: readonly JournalEvent[], likenesses: readonly PictureLikeness[]): string {
  const range = (values: readonly (number | undefined)[]) => {
    const known = values.filter((value) => value !== undefined);
    return `${Math.min(...known).toFixed(1)} to ${Math.max(...known).toFixed(1)}`;
  };
  const packets = eventsOf(events, "packet");
  const ms = (packets.at(-1)?.at_ms ?? 0) - (eventsOf(events, "submitted")[0]?.at_ms ?? 0);
  return (
    `${packets.length} frames in ${(ms / 1000).toFixed(1)} s; dB: ${range(likenesses.map(({ all }) => all))}, ` +
    `edges ${range(likenesses.map(({ edges }) => edges))}, moving ${range(likenesses.map(({ moving }) => moving?.own))}, ` +
    `the frame beside it ${range(likenesses.map(({ moving }) => moving?.other))}`
  );
}
