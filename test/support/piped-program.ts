import type { Pipe } from "../log/pipe.ts";
import { cleanEnvironment, programCommand } from "./module-process.ts";

/** The program with a stdout that nobody reads unless the test asks for it. */
export class PipedProgram implements AsyncDisposable {
  readonly #child: Bun.Subprocess<"pipe", number, "pipe">;
  readonly #stderr: Promise<string>;
  readonly #stdout: Pipe;
  #output = "";

  /** The pipe stays the caller's. */
  constructor(args: readonly string[], stdout: Pipe) {
    this.#child = Bun.spawn(programCommand(args), {
      env: cleanEnvironment,
      stdin: "pipe",
      stdout: stdout.writeFd,
      stderr: "pipe",
    });
    this.#stderr = this.#child.stderr.text();
    this.#stdout = stdout;
  }

  get pid(): number {
    return this.#child.pid;
  }

  send(command: Readonly<Record<string, unknown>>): void {
    void this.#child.stdin.write(`${JSON.stringify(command)}\n`);
    void this.#child.stdin.flush();
  }

  /** All that it said, as far as it was asked for. */
  output(): string {
    this.#output += this.#stdout.read();
    return this.#output;
  }

  closeStdin(): void {
    void this.#child.stdin.end();
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  async ending(): Promise<{ exitCode: number | null; signal: string | number | null; stderr: string }> {
    await this.#child.exited;
    return { exitCode: this.#child.exitCode, signal: this.#child.signalCode, stderr: await this.#stderr };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#child.exited;
  }
}
