import { existsSync, readdirSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";

const NODES = "/sys/class/video4linux";
const DRIVER = "/sys/bus/platform/drivers/vicodec";
const DEVICE = "vicodec.0";

/** The video node that a driver gave this name, e.g. `stateful-encoder`. */
export function videoNode(name: string): string {
  const node = readdirSync(NODES).find((each) => readFileSync(join(NODES, each, "name"), "utf8").trim() === name);
  if (node === undefined) throw new Error(`there is no ${name}`);
  return `/dev/${node}`;
}

/** Loads vicodec, in place of the one that is loaded: which only goes when nobody has it open. */
export async function loadVicodec(api: "single-planar" | "multi-planar"): Promise<void> {
  if (existsSync(DRIVER)) await run("modprobe", "-r", "vicodec");
  await run("modprobe", "vicodec", `multiplanar=${api === "multi-planar" ? 1 : 0}`);
}

/** Takes the device away, as pulling it out does; its nodes are gone afterwards. */
export function unbindVicodec(): Promise<void> {
  return writeFile(join(DRIVER, "unbind"), DEVICE);
}

export function bindVicodec(): Promise<void> {
  return writeFile(join(DRIVER, "bind"), DEVICE);
}

/** Runs a command to its end; what it writes to stdout. Throws what it complains of. */
export async function run(...command: string[]): Promise<string> {
  const child = Bun.spawn(command, { stdin: "ignore", stdout: "pipe", stderr: "pipe" });
  const [stdout, stderr, status] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  if (status !== 0) throw new Error(`${command.join(" ")} exits with ${status}: ${stderr.trim()}`);
  return stdout;
}
