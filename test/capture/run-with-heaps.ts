import { type M2mDeviceReport, m2mDevice } from "../support/m2m-device.ts";
import { cleanEnvironment } from "../support/module-process.ts";

/** Runs a program that prints JSON, with dma-heaps that give memfds for dmabufs. */
export async function runWithHeaps(program: string): Promise<{ printed: unknown; report: M2mDeviceReport }> {
  using device = await m2mDevice({});
  const child = Bun.spawn([process.execPath, program], {
    env: { ...cleanEnvironment, ...device.env },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const [out, errors, status] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  if (status !== 0 || errors !== "") throw new Error(`${program} ended with ${status}: ${errors}`);
  return { printed: JSON.parse(out), report: await device.report() };
}
