/** The type of the file system that a folder lies on, as mount(8) names it: `ext4`. `unknown` where nobody tells. */
export function fileSystemOf(folder: string): string {
  try {
    const { exitCode, stdout } = Bun.spawnSync(["df", "--output=fstype", "--", folder], { stderr: "ignore" });
    // Below a header, in the language of who runs it.
    const [, type] = stdout.toString().trim().split("\n");
    return exitCode === 0 && type !== undefined ? type : "unknown";
  } catch {
    return "unknown";
  }
}
