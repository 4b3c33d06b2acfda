import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { TemporaryDirectory } from "../log/temporary-directory.ts";

/** As much of RPi Logger's checkout as installing looks at, with a module of its own. */
export class RPiLoggerFolder extends TemporaryDirectory {
  readonly modules = this.file("rpi_logger/modules");
  readonly module = join(this.modules, "Cameras_CSI");

  constructor() {
    super();
    this.write("rpi_logger/core/module_discovery.py", "");
    this.write("rpi_logger/modules/__init__.py", "");
    this.writeOriginal("the original");
  }

  writeOriginal(text: string): void {
    this.write("rpi_logger/modules/Cameras_CSI/main_cameras_csi.py", `# ${text}: asyncio, async def main\n`);
    this.write("rpi_logger/modules/Cameras_CSI/config.txt", "display_name = Theirs\nenabled = true\n");
    this.write("rpi_logger/modules/Cameras_CSI/core/store.py", "");
  }

  /** Writes a file, and makes it executable. Returns its path. */
  write(name: string, text: string): string {
    const path = this.file(name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    chmodSync(path, 0o755);
    return path;
  }

  /** Each file below the modules folder with its text, without what Python makes. */
  contents(): Record<string, string> {
    const files = readdirSync(this.modules, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    return Object.fromEntries(
      files
        .map(({ parentPath, name }) => join(parentPath, name))
        .filter((path) => !path.includes("__pycache__"))
        .map((path) => [path.slice(this.modules.length + 1), readFileSync(path, "utf8")]),
    );
  }
}
