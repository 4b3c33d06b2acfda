import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Board } from "../../src/doctor/board.ts";
import { MachineFiles } from "../../src/doctor/machine-files.ts";
import { TemporaryDirectory } from "../log/temporary-directory.ts";

export const PI_4: Board = {
  model: "Raspberry Pi 4 Model B Rev 1.4",
  isRaspberryPi: true,
  hasEncoder: true,
  sections: ["pi4"],
};
export const PI_5: Board = {
  model: "Raspberry Pi 5 Model B Rev 1.0",
  isRaspberryPi: true,
  hasEncoder: false,
  sections: ["pi5"],
};
export const PC: Board = { model: undefined, isRaspberryPi: false, hasEncoder: false, sections: [] };

/** A made-up machine: files by path with their text, or with `-> ` and where a link leads. */
export class MachineTree implements Disposable {
  readonly files: MachineFiles;
  readonly #directory = new TemporaryDirectory();

  constructor(files: Readonly<Record<string, string>>) {
    for (const [path, text] of Object.entries(files)) {
      const place = join(this.#directory.path, path);
      mkdirSync(dirname(place), { recursive: true });
      if (text.startsWith("-> ")) symlinkSync(text.slice(3), place);
      else writeFileSync(place, text, { mode: 0o755 });
    }
    this.files = new MachineFiles(this.#directory.path);
  }

  [Symbol.dispose](): void {
    this.#directory[Symbol.dispose]();
  }
}
