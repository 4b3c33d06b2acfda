/**
 * `npm run test:arm64 [-- --all] [FILE…]`: tests for arm64, emulated: with arm64's Bun, on the native libraries built for
 * it. selection.ts tells which, and what is left out why.
 *
 * Exit status: 0 passed, 1 failed, 77 this machine can't run it (the reason is the last line).
 */
import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { CHOSEN, LEFT_OUT } from "./selection.ts";

const CANNOT_RUN = 77;
/** The emulator is about ten times slower than the machine. */
const TEST_MS = 60_000;
const WAIT_MS = 60_000;

const root = join(import.meta.dir, "../..");
const words = process.argv.slice(2);
const given = words.filter((word) => word !== "--all");
const files = given.length > 0 ? given : words.includes("--all") ? allFiles() : CHOSEN;
const missing = [...files, ...LEFT_OUT.map(({ path }) => path)].filter((path) => !existsSync(join(root, path)));
if (missing.length > 0) throw new Error(`there is no ${missing.join(", no ")}`);
const namesLeftOut = LEFT_OUT.filter(({ path }) => files.includes(path)).flatMap(({ names }) => names ?? []);

const { status, said } = await runTests();
if (status === CANNOT_RUN) process.exit(CANNOT_RUN);
const [passed, failed, skipped] = [countOf("pass"), countOf("fail"), countOf("skip")];
// Bun does not tell how many it filtered out where others skip themselves.
const filtered = skipped > 0 ? namesLeftOut.length : countOf("filtered out");
const problems = [];
if (status !== 0 && failed === 0) problems.push(`the tests ended with ${status}`);
// A test that got another name is not left out any more, and a name may fit more tests than it was meant for.
if (filtered !== namesLeftOut.length) {
  problems.push(`${namesLeftOut.length} tests are left out by name, and these names fit ${filtered} tests`);
}
for (const problem of problems) console.log(`FAILED: ${problem}`);
tellWhatIsLeftOut();
console.log(`${passed} passed, ${failed + problems.length} failed, ${skipped + filtered} skipped`);
process.exitCode = failed + problems.length === 0 ? 0 : 1;

function allFiles(): string[] {
  const whole = LEFT_OUT.filter(({ names }) => names === undefined).map(({ path }) => path);
  const found = new Bun.Glob("test/**/*.{test,arm64}.ts").scanSync({ cwd: root });
  return [...found].filter((file) => !isIn(whole, file)).sort();
}

/** One of these files, or in one of these folders. */
function isIn(paths: readonly string[], file: string): boolean {
  return paths.some((path) => file === path || file.startsWith(`${path}/`));
}

/** Prints, and returns, what they say. */
async function runTests(): Promise<{ status: number; said: string }> {
  const names = namesLeftOut.map((name) => name.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
  const filter = names.length === 0 ? [] : ["--test-name-pattern", `^(?!(?:${names.join("|")})$)`];
  // One test at a time in each worker: each program that a test starts takes a processor for seconds. The few chosen ones
  // share what they have loaded.
  const shared = files === CHOSEN ? ["--no-isolate"] : [];
  const options = ["--parallel", ...shared, "--max-concurrency=1", `--timeout=${TEST_MS}`];
  const command = ["bun", "test", ...options, ...filter, ...files.map((file) => `./${file}`)];
  const child = Bun.spawn(["sh", join(import.meta.dir, "checkout.sh"), ...command], {
    env: { ...process.env, CSI_TEST_WAIT_MS: String(WAIT_MS) },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  let text = "";
  const read = async (stream: ReadableStream<Uint8Array>) => {
    const decoder = new TextDecoder();
    for await (const bytes of stream) {
      process.stdout.write(bytes);
      text += decoder.decode(bytes, { stream: true });
    }
  };
  await Promise.all([read(child.stdout), read(child.stderr)]);
  return { status: await child.exited, said: text };
}

/** Of Bun's closing lines: ` 12 pass`. */
function countOf(word: string): number {
  return Number(new RegExp(`^ *(\\d+) ${word}$`, "m").exec(said)?.[1] ?? 0);
}

function tellWhatIsLeftOut(): void {
  console.log("\nleft out on arm64, emulated:");
  for (const { path, names, why } of LEFT_OUT) {
    console.log(`  ${path}: ${why}`);
    for (const name of names ?? []) console.log(`    ${name}`);
  }
  if (files !== CHOSEN) return;
  console.log("run with --all only:");
  const others = allFiles().filter((file) => !isIn(CHOSEN, file));
  for (const [folder, paths = []] of Map.groupBy(others, dirname)) {
    console.log(`  ${folder}: ${paths.map((path) => basename(path).replace(/\..*/, "")).join(", ")}`);
  }
}
