import { expect, test } from "bun:test";
import { join } from "node:path";
import { TemporaryDirectory } from "../log/temporary-directory.ts";
import { runTool } from "../support/run-tool.ts";

// The same work with the processor's vector instructions and without, each library switched by its own means. The emulator
// lists every instruction that it comes to, once, and executes what a Raspberry Pi 4's processor does, no more.

const SOURCES = join(import.meta.dir, "vectors");
const PROGRAM = join(import.meta.dir, "../../shim/build/test/vectors");
await runTool("make", "-C", SOURCES, "-s");

/** An operand that is a vector register: `v3.8h`. */
const VECTOR_OPERAND = /\bv\d+\.(8b|16b|4h|8h|2s|4s|2d)\b/;

interface Run {
  /** Of what came out. */
  readonly checksum: string;
  readonly said: string;
  /** Places in memory that held an instruction on vectors, and were executed. */
  readonly vectorInstructions: number;
}

async function run(library: string, way: "vector" | "scalar"): Promise<Run> {
  using directory = new TemporaryDirectory();
  const log = directory.file("instructions");
  const emulator = ["qemu-aarch64-static", "-cpu", "cortex-a72", "-d", "in_asm", "-D", log];
  const child = Bun.spawn([...emulator, PROGRAM, library, way], { stdin: "ignore", stdout: "pipe", stderr: "pipe" });
  const [checksum, said, status] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  expect({ status, said }).toMatchObject({ status: 0 });
  const places = (await Bun.file(log).text()).split("\n").filter((line) => VECTOR_OPERAND.test(line));
  return { checksum, said, vectorInstructions: new Set(places).size };
}

// Without, there are those of libc and of loops that the compiler made vectors of. libyuv's loop is a dozen instructions.
test.each([
  ["x264", 500, "using cpu capabilities: ARMv8 NEON", "using cpu capabilities: none!"],
  ["turbojpeg", 100, "", ""],
  ["yuv", 8, "libyuv has NEON: yes", "libyuv has NEON: no"],
])("%s works with NEON, and makes the same of a picture without", async (library, more, says, saysWithout) => {
  const [vector, scalar] = await Promise.all([run(library, "vector"), run(library, "scalar")]);
  expect(vector.said).toContain(says);
  expect(scalar.said).toContain(saysWithout);
  expect(vector.checksum).toBe(scalar.checksum);
  expect(vector.vectorInstructions).toBeGreaterThan(scalar.vectorInstructions + more);
});
