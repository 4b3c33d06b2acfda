import { basename, dirname } from "node:path";
import type { RecordedSession } from "./recorded-session.ts";

export interface ComparableOptions {
  /** A path as it would be in the recorded program. */
  readonly originalPath: (path: string) => string;
  /** The camera's folder is named by the host, not after the camera's model. */
  readonly isCameraNamed: boolean;
}

/**
 * What need not be the same twice: sentences (they hold paths and ids; `code` is the stable word), numbers of frames, the
 * encoder of the machine, and sensor timestamps. That they are there, and not null, is compared.
 */
const DIFFERENT_BY_NATURE: ReadonlySet<string> = new Set([
  "error",
  "message",
  "fault",
  "ledger",
  "encoder",
  "zero_copy",
  "encoder_reason",
  "sensor_timestamp_ns",
]);
const PATHS: ReadonlySet<string> = new Set(["video_path", "path"]);
const ANY = "…";

/** A status's fields by name (`recording.trial_number`), as far as they are to be the same whenever it is said. */
export function comparableFields(
  payload: Readonly<Record<string, unknown>>,
  options: ComparableOptions,
): Map<string, string> {
  const fields = new Map<string, string>();
  const add = (object: object, prefix: string): void => {
    for (const [key, value] of Object.entries<unknown>({ ...object })) {
      const name = `${prefix}${key}`;
      if (DIFFERENT_BY_NATURE.has(key)) fields.set(name, value === null ? "null" : ANY);
      else if (PATHS.has(key) && typeof value === "string") fields.set(name, comparablePath(value, options));
      else if (typeof value === "object" && value !== null && !Array.isArray(value)) add(value, `${name}.`);
      else fields.set(name, JSON.stringify(value));
    }
  };
  add(payload, "");
  return fields;
}

/** Whether the host said how the camera is called. */
export function isCameraNamed({ commands }: RecordedSession): boolean {
  const assignments = commands.filter(({ name }) => name === "assign_device");
  return (
    assignments.length > 0 &&
    assignments.every(({ payload }) => Boolean(payload["camera_hw_model"] ?? payload["display_name"]))
  );
}

/** Without the time of day in a snapshot's name, and without the `_2` of a name that was taken before. */
function comparablePath(path: string, { originalPath, isCameraNamed: isNamed }: ComparableOptions): string {
  const original = originalPath(path);
  const [folder, file] = [dirname(original), basename(original)];
  const label = basename(folder);
  const [, stem = file, suffix = ""] = /^(.*?)(\.[^.]*)$/.exec(file) ?? [];
  const ending = stem.replace(/_\d+$/, "").endsWith(`_${label}`) ? stem.replace(/_\d+$/, "") : stem;
  const name = ending.replace(/_CSI_snapshot_\d{8}_\d{6}_/, `_CSI_snapshot_${ANY}_`);
  if (isNamed) return `${folder}/${name}${suffix}`;
  const nameless = name.endsWith(`_${label}`) ? name.slice(0, -label.length) + ANY : name;
  return `${dirname(folder)}/${ANY}/${nameless}${suffix}`;
}
