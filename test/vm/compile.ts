/** Builds a C++ program, or library, for the guest. */
export async function compile(source: string, output: string, ...options: readonly string[]): Promise<void> {
  const compiler = process.env["CXX"] ?? "g++";
  const command = [compiler, "-std=c++17", "-O2", "-Wall", "-Wextra", "-Werror", ...options, source, "-o", output];
  const child = Bun.spawn(command, { stdin: "ignore", stderr: "inherit" });
  if ((await child.exited) !== 0) throw new Error(`${source} cannot be built`);
}
