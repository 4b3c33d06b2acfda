import type { ConnectionState } from "../connection/connection.ts";
import { formatTimeOfDay } from "./format.ts";
import { printable } from "./printable.ts";
import type { ViewerState } from "./viewer-state.ts";

/** What stands above everything; level `none`: nothing. */
export interface Banner {
  readonly level: "none" | "info" | "fault";
  readonly title: string;
  readonly text: string;
}

const NO_BANNER: Banner = { level: "none", title: "", text: "" };
/** The version of the messages that this page understands. */
const PROTOCOL: number = 1;

/** The most important thing that is not as it should be. */
export function bannerOf({ connection, hello, snapshot }: ViewerState): Banner {
  if (connection.status === "closed") return disconnected(connection);
  if (hello !== undefined && hello.protocol !== PROTOCOL) {
    return { level: "fault", title: "This page is of another version", text: "Load it again to see this module." };
  }
  if (snapshot === undefined) return { level: "info", title: "Connecting", text: "Waiting for the module." };
  if (!snapshot.health.ok) return unhealthy(snapshot.health.reason, snapshot.state === "reconnecting");
  if (snapshot.state === "starting") return { level: "info", title: "Starting", text: "" };
  if (snapshot.state === "opening") {
    return { level: "info", title: "Opening the camera", text: "Waiting for its first frame." };
  }
  if (snapshot.camera === null) {
    return { level: "info", title: "No camera", text: "The host has not assigned one." };
  }
  return NO_BANNER;
}

function disconnected({ since, everOpen }: ConnectionState & { status: "closed" }): Banner {
  if (everOpen) {
    const text = "What is shown is from then. Connecting again by itself.";
    return { level: "fault", title: `Disconnected since ${formatTimeOfDay(since)}`, text };
  }
  const text = "If it asks for a token, add #token=… to this page's address. Trying again by itself.";
  return { level: "fault", title: "The module does not answer", text };
}

function unhealthy(reason: string | null, isReconnecting: boolean): Banner {
  const text = reason === null ? "The module does not say why." : printable(reason);
  return { level: "fault", title: isReconnecting ? "Camera lost: opening it again" : "Failing", text };
}
