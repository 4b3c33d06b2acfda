import type { ViewerMessage } from "../../src/debug/viewer-messages.ts";

/** Which key each message has to have, and what it has to be. What lies deeper is the module's word. */
const SHAPES: Record<ViewerMessage["kind"], (message: Record<string, unknown>) => boolean> = {
  hello: ({ protocol, versions }) => typeof protocol === "number" && isRecord(versions),
  traffic: ({ entries }) => Array.isArray(entries),
  snapshot: ({ snapshot }) => isRecord(snapshot),
};

/** A text message of `/ws`; undefined for what is not JSON, and for kinds that this page does not know. */
export function parseMessage(text: string): ViewerMessage | undefined {
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch {
    return undefined;
  }
  return isViewerMessage(message) ? message : undefined;
}

function isViewerMessage(message: unknown): message is ViewerMessage {
  if (!isRecord(message) || typeof message["kind"] !== "string") return false;
  if (!isKind(message["kind"])) return false;
  return SHAPES[message["kind"]](message);
}

function isKind(kind: string): kind is ViewerMessage["kind"] {
  return Object.hasOwn(SHAPES, kind);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
