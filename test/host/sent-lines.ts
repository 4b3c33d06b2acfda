/** What a host must know of a line that it sent, to judge the reply. */
export interface SentCommand {
  /** As it stands there; undefined: none could be read. */
  readonly name: string | undefined;
  /** undefined: there was none, or none that counts. */
  readonly id: string | undefined;
  readonly deviceId: string | undefined;
  /** Since the program's start. */
  readonly sentMs: number;
}

/** Bytes before its `\n`; from there on a line is answered without being read to its end. */
const LINE_BYTES_MAX = 1024 * 1024;
const ID_CHARACTERS_MAX = 200;
const NEW_LINE = 0x0a;

/** Cuts what a host sends into the lines that must be answered. */
export class SentLines {
  #unfinished: Uint8Array = new Uint8Array(0);
  #isSkipping = false;

  push(bytes: Uint8Array, sentMs: number): SentCommand[] {
    const commands: SentCommand[] = [];
    for (let start = 0; start < bytes.length; ) {
      const newLine = bytes.indexOf(NEW_LINE, start);
      const end = newLine === -1 ? bytes.length : newLine;
      if (!this.#isSkipping) this.#unfinished = Buffer.concat([this.#unfinished, bytes.subarray(start, end)]);
      commands.push(...(newLine === -1 ? this.#giveUpIfTooLong(sentMs) : this.end(sentMs)));
      start = end + 1;
    }
    return commands;
  }

  /** What stands after the last line end is a line too. */
  end(sentMs: number): SentCommand[] {
    const commands = this.#isSkipping ? [] : this.#giveUpIfTooLong(sentMs);
    if (!this.#isSkipping) commands.push(...readCommand(this.#unfinished, sentMs));
    this.#unfinished = new Uint8Array(0);
    this.#isSkipping = false;
    return commands;
  }

  #giveUpIfTooLong(sentMs: number): SentCommand[] {
    if (this.#unfinished.length <= LINE_BYTES_MAX) return [];
    this.#unfinished = new Uint8Array(0);
    this.#isSkipping = true;
    return [unreadable(sentMs)];
  }
}

function unreadable(sentMs: number): SentCommand {
  return { name: undefined, id: undefined, deviceId: undefined, sentMs };
}

function readCommand(line: Uint8Array, sentMs: number): SentCommand[] {
  let json: unknown;
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(line);
    if (text.trim() === "") return [];
    json = JSON.parse(text);
  } catch {
    return [unreadable(sentMs)];
  }
  if (typeof json !== "object" || json === null || Array.isArray(json)) return [unreadable(sentMs)];
  const textOf = (key: string): string | undefined => {
    const value: unknown = Object.getOwnPropertyDescriptor(json, key)?.value;
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  const id = textOf("command_id");
  const countingId = id !== undefined && id.length <= ID_CHARACTERS_MAX ? id : undefined;
  return [{ name: textOf("command"), id: countingId, deviceId: textOf("device_id"), sentMs }];
}
