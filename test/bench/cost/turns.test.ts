import { afterEach, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { type Turn, Turns } from "./turns.ts";

const SLICE_MS = 40;
const children: Bun.Subprocess[] = [];

function busyProgram(): Bun.Subprocess {
  const child = Bun.spawn(["sh", "-c", "while :; do :; done"], { stdio: ["ignore", "ignore", "ignore"] });
  children.push(child);
  return child;
}

afterEach(async () => {
  for (const child of children) child.kill("SIGKILL");
  await Promise.all(children.splice(0).map((child) => child.exited));
});

/** proc_pid_stat(5), state. */
function isStopped({ pid }: Bun.Subprocess): boolean {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  return stat.slice(stat.lastIndexOf(")") + 2).startsWith("T");
}

/** Looks until it is so: a signal takes its time on its way. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await delay(1);
}

test("of several programs one runs at a time, each of them again and again", async () => {
  const turns = new Turns(SLICE_MS);
  const programs = [busyProgram(), busyProgram(), busyProgram()];
  const joined: Turn[] = programs.map(({ pid }) => turns.join(pid));
  for (const running of [...programs, ...programs]) {
    await until(() => programs.every((program) => isStopped(program) === (program !== running)));
  }
  for (const turn of joined) turn[Symbol.dispose]();
  await until(() => !programs.some(isStopped));
});

test("who leaves is not stopped any more, and the next one's turn begins at once", async () => {
  const turns = new Turns(60_000);
  const [first, second, third] = [busyProgram(), busyProgram(), busyProgram()];
  const [firstTurn, , thirdTurn] = [first, second, third].map(({ pid }) => turns.join(pid));
  await until(() => !isStopped(first) && isStopped(second) && isStopped(third));
  firstTurn?.[Symbol.dispose]();
  await until(() => !isStopped(first) && !isStopped(second) && isStopped(third));
  thirdTurn?.[Symbol.dispose]();
  await until(() => !isStopped(third));
});

test("a program that is alone is never stopped, and has not waited", async () => {
  const program = busyProgram();
  using turn = new Turns(5).join(program.pid);
  for (let look = 0; look < 20; look++, await delay(3)) expect(isStopped(program)).toBe(false);
  expect(turn.waitedMs).toBe(0);
});

test("no program stays stopped when the one that stopped it ends", async () => {
  const programs = [busyProgram(), busyProgram()];
  const join = programs.map(({ pid }) => `turns.join(${pid});`).join(" ");
  const turns = `import { Turns } from "${import.meta.dir}/turns.ts"; const turns = new Turns(60_000);`;
  const stopping = Bun.spawn([process.execPath, "-e", `${turns} ${join} await Bun.stdin.text(); process.exit(130)`], {
    stdio: ["pipe", "inherit", "inherit"],
  });
  children.push(stopping);
  await until(() => programs.some(isStopped));
  await stopping.stdin.end();
  expect(await stopping.exited).toBe(130);
  await until(() => !programs.some(isStopped));
});

test("what a program waited is told, also where it has ended meanwhile", async () => {
  const turns = new Turns(60_000);
  using _running = turns.join(busyProgram().pid);
  const ended = busyProgram();
  using turn = turns.join(ended.pid);
  await delay(20);
  ended.kill("SIGKILL");
  await ended.exited;
  expect(turn.waitedMs).toBeGreaterThanOrEqual(19);
});
