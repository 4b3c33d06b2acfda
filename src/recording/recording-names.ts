import { basename, dirname } from "node:path";

/** The folder of a session that is ours, and the `module` column of the timing CSV. */
export const MODULE_NAME = "CSICameras";

const LABEL_NAME_MAX = 64;
const STABLE_ID_CHARACTERS = 8;

/** `IMX296_picam_0`: the friendly name and the stable id's first 8 characters, fit to be a file name anywhere. */
export function cameraLabel(friendlyName: string, stableId: string): string {
  const name = sanitise(friendlyName).slice(0, LABEL_NAME_MAX);
  const id = sanitise(Array.from(stableId).slice(0, STABLE_ID_CHARACTERS).join(""));
  return [name, id].filter((part) => part !== "").join("_") || "camera";
}

/** A session directory that is named like the module stands for the one above it. */
export function sessionRoot(sessionDir: string): string {
  return basename(sessionDir) === MODULE_NAME ? dirname(sessionDir) : sessionDir;
}

/** The session directory's name after its first `_`; the whole name if it has none. */
export function sessionToken(sessionDir: string): string {
  const name = basename(sessionDir);
  return name.slice(name.indexOf("_") + 1) || name;
}

/** `{token}_CSI_trial{NNN}_{label}`, from the second recording of a trial on with `_2`, `_3` … */
export function recordingStem(token: string, trialNumber: number, label: string, attempt: number): string {
  return `${token}_CSI_trial${String(trialNumber).padStart(3, "0")}_${label}${suffix(attempt)}`;
}

/** `{token}_CSI_snapshot_{local time}_{label}`, from the second one of a moment on with `_2`, `_3` … */
export function snapshotStem(token: string, localTime: string, label: string, attempt: number): string {
  return `${token}_CSI_snapshot_${localTime}_${label}${suffix(attempt)}`;
}

/** What keeps a name from one that is taken. */
function suffix(attempt: number): string {
  return attempt === 1 ? "" : `_${attempt}`;
}

/** Letters, digits, `-`, `_` and inner dots: no separator, no leading dot, nothing that a shell or a player minds. */
function sanitise(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/\p{Mark}/gu, "")
    .replace(/[^A-Za-z0-9._-]+/g, "_")
    .replace(/\.{2,}/g, "_")
    .replace(/^[._]+|[._]+$/g, "");
}
