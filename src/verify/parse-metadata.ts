import { messageOf, quote, shorten } from "../errors.ts";
import { RecordingMetadata } from "../recording/metadata/recording-metadata.ts";

/** A recording's metadata are some KB; what is larger is not read. */
export const METADATA_BYTES_MAX = 4 * 1024 * 1024;
/** Arrays and objects inside one another: metadata have 4. What walks through them must not run out of stack. */
const DEPTH_MAX = 32;

/** The metadata in one of their two places. */
export interface StoredMetadata {
  readonly metadata: RecordingMetadata;
  /** All that stands there, keys that nobody knows included. */
  readonly value: unknown;
}

/** Reads metadata. What is wrong with them is thrown as MetadataError. */
export function parseMetadata(bytes: Uint8Array): StoredMetadata {
  const value = parseJson(decode(bytes));
  const { success, data, error } = RecordingMetadata.safeParse(value);
  if (success) return { metadata: data, value };
  const [issue] = error.issues;
  const path = (issue?.path ?? []).map(String).join(".");
  const where = path === "" ? "" : `${quote(path)}: `;
  throw new MetadataError(`is not what it should be: ${where}${shorten(issue?.message ?? "it is wrong", 200)}`);
}

/** What is wrong with metadata: the rest of a sentence. */
export class MetadataError extends Error {
  override readonly name = "MetadataError";
}

function decode(bytes: Uint8Array): string {
  if (bytes.byteLength === 0) throw new MetadataError("is empty");
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new MetadataError("is not UTF-8", { cause });
  }
}

function parseJson(text: string): unknown {
  if (depthOf(text) > DEPTH_MAX)
    throw new MetadataError(`has more than ${DEPTH_MAX} arrays and objects in one another`);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new MetadataError(`is not JSON: ${quote(messageOf(cause), 120)}`, { cause });
  }
}

/** How deep arrays and objects lie inside one another, of text that is JSON. */
function depthOf(text: string): number {
  let [depth, deepest, isInString] = [0, 0, false];
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '"') isInString = !isInString;
    else if (isInString) at += character === "\\" ? 1 : 0;
    else if (character === "[" || character === "{") deepest = Math.max(deepest, ++depth);
    else if (character === "]" || character === "}") depth--;
  }
  return deepest;
}
