import type { HelloMessage } from "../../src/debug/viewer-messages.ts";
import type { ModuleSnapshot } from "../../src/telemetry/module-snapshot.ts";
import type { ConnectionState } from "../connection/connection.ts";

/** What the page knows, apart from pictures, intervals and traffic; views draw it. */
export interface ViewerState {
  readonly connection: ConnectionState;
  /** The last ones that came; kept while disconnected. */
  readonly hello: HelloMessage | undefined;
  readonly snapshot: ModuleSnapshot | undefined;
}

/** Draws its part of the page. Called after every change and once a second. */
export type View = (state: ViewerState) => void;

/** The snapshot, if it tells what is going on now. */
export function liveSnapshot({ connection, snapshot }: ViewerState): ModuleSnapshot | undefined {
  return connection.status === "open" ? snapshot : undefined;
}
