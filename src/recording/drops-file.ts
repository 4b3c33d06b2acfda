import type { OneAtATime } from "../one-at-a-time.ts";
import { AppendFile } from "./append-file.ts";
import type { RecordingFiles } from "./recording-files.ts";

/** Text that may wait for a slow disk. */
const WAITING_CHARACTERS_MAX = 1024 * 1024;

/**
 * The recording's `…_drops.jsonl`: made with its first line, written in the background. It never fails the recording:
 * the ledger holds the counts as well. Beyond 1 MiB waiting, lines are left out; `lostLines` counts them.
 */
export class DropsFile {
  readonly #disk: OneAtATime;
  readonly #path: string;
  #file: AppendFile | undefined;
  #waiting = "";
  #writing: Promise<void> | undefined;
  #lostLines = 0;

  constructor({ disk, dropsPath }: Pick<RecordingFiles, "disk" | "dropsPath">) {
    this.#disk = disk;
    this.#path = dropsPath;
  }

  /** Whether there is a file, which takes a first line. */
  get isThere(): boolean {
    return this.#file !== undefined;
  }

  get lostLines(): number {
    return this.#lostLines;
  }

  /** `line` without its line end. */
  append(line: string): void {
    if (this.#waiting.length > WAITING_CHARACTERS_MAX) {
      this.#lostLines++;
      return;
    }
    this.#waiting += `${line}\n`;
    this.#writing ??= this.#writeWaiting();
  }

  async close(): Promise<void> {
    await this.#writing;
    await this.#disk.run(async () => this.#file?.close()).catch(() => undefined);
  }

  async #writeWaiting(): Promise<void> {
    // Pictures have their turn in between.
    while (this.#waiting !== "") await this.#disk.run(() => this.#writeBatch());
    this.#writing = undefined;
  }

  async #writeBatch(): Promise<void> {
    const text = this.#waiting;
    this.#waiting = "";
    try {
      this.#file ??= await AppendFile.create(this.#path);
      await this.#file.append(text);
    } catch {
      this.#lostLines += text.split("\n").length - 1;
    }
  }
}
