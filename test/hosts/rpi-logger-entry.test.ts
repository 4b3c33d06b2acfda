import { expect, test } from "bun:test";
import { cpSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import manifest from "../../package.json" with { type: "json" };
import { cleanEnvironment } from "../support/module-process.ts";
import { python, pythonEnvironment } from "./python.ts";
import { RPiLoggerFolder } from "./rpi-logger-folder.ts";

const DROP_IN = join(import.meta.dir, "../../src/hosts/rpi-logger");

/** The drop-in as it is installed, and programs of the test's own for it to find. */
class Entry extends RPiLoggerFolder {
  constructor() {
    super();
    cpSync(DROP_IN, this.module, { recursive: true });
  }

  /** A program in `bin`, which is all of PATH. */
  program(name: string, text: string): string {
    return this.write(`bin/${name}`, `#!/bin/sh\n${text}\n`);
  }

  /** As the installer does. */
  writeCommand(...command: string[]): void {
    this.write("rpi_logger/modules/Cameras_CSI/csi_camera_program.json", JSON.stringify({ command }));
  }

  start(...args: string[]) {
    return this.startPython(join(this.module, "main_cameras_csi.py"), ...args);
  }

  startPython(...args: string[]) {
    return Bun.spawn([python, ...args], {
      cwd: this.path,
      env: { ...cleanEnvironment, ...pythonEnvironment, PATH: this.file("bin") },
      stdin: "pipe",
      stdout: "pipe",
      stderr: "pipe",
    });
  }

  async run(...args: string[]) {
    const child = this.start(...args);
    const [stdout, stderr] = await Promise.all([child.stdout.text(), child.stderr.text()]);
    return { stdout, stderr, exitCode: await child.exited };
  }
}

test("the entry becomes the program: same process, arguments, streams and exit code, no signal ignored", async () => {
  using entry = new Entry();
  const program = entry.program(
    "standin",
    `printf '%s\\n' "$$" "$@"
    while read -r key value; do if [ "$key" = SigIgn: ]; then echo "$value"; fi; done < /proc/$$/status
    read -r line; echo "$line" >&2; exit 7`,
  );
  entry.writeCommand(program, program);
  const child = entry.start("--output-dir", "/a b/ü", "", "--no-console");
  void child.stdin.write("from the host\n");
  void child.stdin.end();
  expect(await child.stdout.text()).toBe(
    [child.pid, program, "--output-dir", "/a b/ü", "", "--no-console", "0000000000000000", ""].join("\n"),
  );
  expect(await child.stderr.text()).toBe("from the host\n");
  expect(await child.exited).toBe(7);
});

test("a signal that ends the program is the entry's end", async () => {
  using entry = new Entry();
  entry.writeCommand(entry.program("standin", "echo up; read -r line"));
  const child = entry.start();
  const { value } = await child.stdout.getReader().read();
  expect(new TextDecoder().decode(value)).toBe("up\n");
  child.kill("SIGINT");
  await child.exited;
  expect(child.signalCode).toBe("SIGINT");
});

test("what RPi Logger runs by asyncio.run(main()) becomes the program too", async () => {
  using entry = new Entry();
  entry.writeCommand(entry.program("standin", 'echo "$$" "$@"'));
  const code = "import asyncio; from rpi_logger.modules.Cameras_CSI.main_cameras_csi import main; asyncio.run(main())";
  const child = entry.startPython("-c", code, "--log-level", "info");
  expect(await child.stdout.text()).toBe(`${child.pid} --log-level info\n`);
});

test("the program is looked for where the installer wrote it, then around the folder itself, then in PATH", async () => {
  using entry = new Entry();
  // Installed by npm: the Bun of its package runs it, which is not in PATH, and only a link is.
  const main = entry.write("lib/csi-camera/src/main.ts", "");
  entry.write("lib/csi-camera/package.json", JSON.stringify({ name: "csi-camera" }));
  entry.write("lib/node_modules/.bin/bun", '#!/bin/sh\necho "bun $*"\n');
  mkdirSync(entry.file("bin"));
  symlinkSync(main, entry.file("bin/csi-camera"));
  expect((await entry.run("-x")).stdout).toBe(`bun ${main} -x\n`);

  entry.writeCommand(entry.program("written", "echo written"));
  expect((await entry.run()).stdout).toBe("written\n");
  entry.writeCommand("/no/such/program");
  expect((await entry.run("-y")).stdout).toBe(`bun ${main} -y\n`);

  const linked = entry.file("Cameras_CSI");
  symlinkSync(DROP_IN, linked);
  const child = entry.startPython(join(linked, "main_cameras_csi.py"), "--version");
  expect(await child.stdout.text()).toBe(`csi-camera ${manifest.version}\n`);
});

test("a program that can't be found is one line that says where it was looked for and what to do", async () => {
  using entry = new Entry();
  entry.writeCommand("/no/such/program");
  const { stdout, stderr, exitCode } = await entry.run("--enable-commands");
  expect({ stdout, exitCode }).toEqual({ stdout: "", exitCode: 1 });
  expect(stderr).toMatch(/^csi-camera: [^\n]+\n$/);
  for (const word of ["/no/such/program", "PATH", "csi-camera rpi-logger install"]) expect(stderr).toContain(word);
});
