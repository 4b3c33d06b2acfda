import { type RuntimeError, toRuntimeError } from "../../errors.ts";
import { AppendFile } from "../append-file.ts";
import { diskError } from "../disk-error.ts";
import { syncFolders } from "../sync-folders.ts";

/**
 * A recording's `…_recording.json`: made once, replaced once, whole at every moment in between. It never fails the
 * recording, which says the same in its movie box: `failure` says why it is not as it should be. Nothing of somebody
 * else's is touched, and no link followed. Calls are the caller's to order: one at a time.
 */
export class MetadataFile {
  readonly path: string;
  /** Open from the first version to the last: so long nothing else can be taken for it. */
  #file: AppendFile | undefined;
  #failure: RuntimeError | undefined;

  constructor(path: string) {
    this.path = path;
  }

  /** Why the file is not there, or not the last version. */
  get failure(): RuntimeError | undefined {
    return this.#failure;
  }

  /** Writes the first version and puts it on the disk, but for its name: syncFolders(). Never rejects. */
  async create(text: string): Promise<void> {
    await this.#attempt(async () => {
      this.#file = await writeNew(this.path, text);
    });
  }

  /** Writes the last version in place of the first; removes that where `text` is undefined. Never rejects. */
  async finish(text: string | undefined): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    // One that could not be made was told of.
    if (file === undefined) return;
    await this.#attempt(() => (text === undefined ? file.remove() : replace(file, text)));
    await file.close().catch(() => undefined);
  }

  async #attempt(act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      this.#failure = toRuntimeError(error, "disk_error");
    }
  }
}

async function writeNew(path: string, text: string): Promise<AppendFile> {
  const file = await AppendFile.create(path).catch((cause: unknown) => {
    throw diskError(`cannot create ${path}`, cause);
  });
  try {
    await file.append(text);
    await file.datasync();
    return file;
  } catch (error) {
    await file.remove().catch(() => undefined);
    throw error;
  }
}

/** The new version is on the disk before it takes the old one's name: whenever this ends, one of them has it. */
async function replace(file: AppendFile, text: string): Promise<void> {
  const next = await writeNew(`${file.path}.tmp`, text);
  try {
    await file.checkInPlace();
    await next.moveTo(file.path);
  } catch (error) {
    await next.remove().catch(() => undefined);
    throw error;
  }
  await next.close().catch(() => undefined);
  await syncFolders(file.path);
}
