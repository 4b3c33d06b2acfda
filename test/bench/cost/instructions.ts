import { join } from "node:path";
import { runTool } from "../../support/run-tool.ts";
import { clipFormat, makeClip, type Clip } from "./clip.ts";
import { SETTINGS } from "./contender.ts";
import { levelOf } from "./contenders/floor.ts";
import type { RunFolder } from "./run-folder.ts";
import { lineThrough } from "./slope.ts";
import { textTable } from "./table.ts";

/** Executed for one frame, user space only. They are the same on every machine, as times are not. */
export interface InstructionRow {
  readonly what: string;
  readonly x64: number;
  readonly arm64: number;
}

const SOURCES = join(import.meta.dir, "instructions");
const PLUGIN = join(import.meta.dir, "../../../shim/build/test/libcount.so");

const ARCHITECTURES = {
  // Its `rep movs` counts as often as it repeats; libc has another way to copy.
  x64: { debian: "amd64", emulator: "qemu-x86_64", processor: "max,erms=off,fsrm=off" },
  arm64: { debian: "arm64", emulator: "qemu-aarch64", processor: "cortex-a72" },
} as const;
type Architecture = keyof typeof ARCHITECTURES;

/** What `work.cpp` does, with the library of the shim that it takes for that. */
const WORK = [
  { what: "H.264: libx264 alone, one thread", job: "x264", library: undefined },
  { what: "H.264: libcsi_x264.so", job: "h264", library: "libcsi_x264.so" },
  { what: "MJPEG: libturbojpeg alone", job: "turbojpeg", library: undefined },
  { what: "MJPEG: libcsi_image.so", job: "mjpeg", library: "libcsi_image.so" },
  { what: "MJPEG: libcsi_image.so, where the camera gives BT.709", job: "mjpeg-of-bt709", library: "libcsi_image.so" },
  { what: "preview at 1/4: libcsi_image.so", job: "preview", library: "libcsi_image.so" },
] as const;
type Work = (typeof WORK)[number];

// A second's pictures more, one of them a key picture.
const [FRAMES_SHORT, FRAMES_LONG] = [15, 45];
const CLIP_FRAMES = 15;
const FORMAT = clipFormat(1456, 1088, 1536);

/** Why they can't be counted on this machine; undefined: they can. */
function whyNotCounted(): string | undefined {
  const tools = ["qemu-x86_64", "qemu-aarch64", "x86_64-linux-gnu-g++", "aarch64-linux-gnu-g++"];
  const missing = tools.filter((tool) => Bun.which(tool) === null);
  if (missing.length > 0) return `no ${missing.join(", no ")}`;
  const help = Bun.spawnSync(["qemu-aarch64", "--help"]).stdout.toString();
  return help.includes("-plugin") ? undefined : "this qemu-aarch64 takes no plugins";
}

/** Throws with the reason where they can't be counted. */
export async function countInstructions(
  folder: RunFolder,
  onRun: (sentence: string) => void,
): Promise<InstructionRow[]> {
  const obstacle = whyNotCounted();
  if (obstacle !== undefined) throw new Error(obstacle);
  await runTool("make", "-C", SOURCES, "-s", "plugin");
  const clip = await makeClip(folder.file("instructions.yuv"), FORMAT, CLIP_FRAMES);
  const [x64, arm64] = [await builtFor("x64", onRun), await builtFor("arm64", onRun)];
  const rows: InstructionRow[] = [];
  for (const work of WORK) {
    onRun(`instructions of ${work.what}`);
    const count = (built: Built) => perFrame(built, work, clip, folder.file("instructions"));
    rows.push({ what: work.what, x64: await count(x64), arm64: await count(arm64) });
  }
  return rows;
}

export function instructionTable(rows: readonly InstructionRow[]): string {
  const millions = (count: number) => (count / 1e6).toFixed(2);
  const lines = rows.map(({ what, x64, arm64 }) => [what, millions(x64), millions(arm64), (arm64 / x64).toFixed(2)]);
  return textTable([["million instructions per frame", "x86-64", "arm64", "arm64 ÷ x86-64"], ...lines]);
}

interface Built {
  readonly architecture: Architecture;
  /** Of the libraries that it runs with. */
  readonly root: string;
  /** What was built. */
  readonly folder: string;
}

async function builtFor(architecture: Architecture, onRun: (sentence: string) => void): Promise<Built> {
  const { debian } = ARCHITECTURES[architecture];
  onRun(`building for ${debian}`);
  // It says on stderr what it downloads.
  const command = ["sh", join(SOURCES, "build.sh"), debian];
  const child = Bun.spawn(command, { stdin: "ignore", stdout: "pipe", stderr: "inherit" });
  const [out, status] = await Promise.all([child.stdout.text(), child.exited]);
  const [root, folder] = out.split("\n");
  if (status !== 0 || root === undefined || folder === undefined) throw new Error(`${command.join(" ")}: ${status}`);
  return { architecture, root, folder };
}

async function perFrame(built: Built, work: Work, clip: Clip, countPath: string): Promise<number> {
  const point = async (frames: number) => ({ frames, amount: await countOf(built, work, clip, frames, countPath) });
  return lineThrough(await point(FRAMES_SHORT), await point(FRAMES_LONG)).perFrame;
}

async function countOf(built: Built, work: Work, clip: Clip, frames: number, countPath: string): Promise<number> {
  const { emulator, processor } = ARCHITECTURES[built.architecture];
  const { width, height, strides } = clip.format;
  const { frameRate, bitrate } = SETTINGS;
  const numbers = [width, height, strides[0] ?? 0, levelOf(clip, frameRate, bitrate), frames].map(String);
  const library = work.library === undefined ? [] : [join(built.folder, work.library)];
  await runTool(
    ...[emulator, "-cpu", processor, "-L", built.root, "-plugin", `${PLUGIN},out=${countPath}`],
    ...[join(built.folder, "test/work"), work.job, clip.path, ...numbers, ...library],
  );
  return Number(await Bun.file(countPath).text());
}
