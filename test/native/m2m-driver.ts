import { z } from "zod";
import { TemporaryDirectory } from "../log/temporary-directory.ts";
import { M2M_DEVICE_FILES, m2mDevice, type M2mDeviceReport, type M2mSwitches } from "../support/m2m-device.ts";

// What the program in m2m-device/driver.cpp tells on its stdout.

const Packet = z.object({
  timeUs: z.number(),
  bytes: z.number(),
  isKey: z.boolean(),
  isError: z.boolean(),
  isLast: z.boolean(),
});
const Round = z.object({
  codedHeight: z.number(),
  bytesPerLine: z.number(),
  sizeImage: z.number(),
  planeCount: z.number(),
  packets: z.array(Packet),
  picturesFree: z.number(),
  isIdleAnError: z.boolean(),
  prepareError: z.string(),
  twiceError: z.string(),
  errorAfterLast: z.string(),
  hasEosEvent: z.boolean(),
  failure: z.object({ call: z.string(), error: z.string() }).nullable(),
});
const Node = z.object({
  path: z.string(),
  error: z.string().optional(),
  driver: z.string().optional(),
  card: z.string().optional(),
  isM2m: z.boolean().optional(),
  isMultiPlanar: z.boolean().optional(),
  raw: z.array(z.string()).optional(),
  coded: z.array(z.string()).optional(),
  /** Minimum, maximum, step, default, and a menu's entries. */
  controls: z.record(z.string(), z.array(z.union([z.number(), z.string()]))).optional(),
});
const Story = z.object({ nodes: z.array(Node), rounds: z.array(Round) });
type Story = z.infer<typeof Story>;
export type Round = z.infer<typeof Round>;
type Context = M2mDeviceReport["contexts"][number];

interface Outcome {
  readonly story: Story;
  readonly report: M2mDeviceReport;
  readonly stream: Uint8Array;
  /** The first round, and the node as it was open then. */
  readonly round: Round;
  readonly context: Context;
}

/** Runs the driver to its end. */
export async function drive(nodes: readonly M2mSwitches[], ...options: string[]): Promise<Outcome> {
  using device = await m2mDevice(...nodes);
  using directory = new TemporaryDirectory();
  const out = directory.file("stream");
  const child = Bun.spawn([M2M_DEVICE_FILES.driver, `out=${out}`, ...options], {
    env: { ...process.env, ...device.env },
    stdout: "pipe",
    stderr: "pipe",
  });
  const [text, errors, status] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  if (status !== 0 || errors !== "") throw new Error(`the driver ended with ${status}: ${errors}`);
  const story = Story.parse(JSON.parse(text));
  const report = await device.report();
  const streaming = report.contexts.filter(({ captureFormat }) => captureFormat !== null);
  return {
    story,
    report,
    stream: await Bun.file(out).bytes(),
    round: story.rounds[0] ?? fail("there was no encoder"),
    context: streaming[0] ?? fail("no format was set"),
  };
}

/** What the driver finds in /dev. */
export async function look(...nodes: readonly M2mSwitches[]): Promise<Story["nodes"]> {
  using device = await m2mDevice(...nodes);
  const child = Bun.spawn([M2M_DEVICE_FILES.driver, "rounds=0"], {
    env: { ...process.env, ...device.env },
    stdout: "pipe",
  });
  return Story.parse(await child.stdout.json()).nodes;
}

function fail(why: string): never {
  throw new Error(why);
}
