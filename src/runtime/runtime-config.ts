import { parseArgs } from "node:util";
import { z } from "zod";
import { messageOf, quote } from "../errors.ts";
import { LOG_LEVELS, pinoLevel } from "../log/log-level.ts";
import { CameraConfig } from "./camera-config.ts";
import { OPTIONS, type Option } from "./options.ts";

/** ListenAddress of src/debug. */
const ListenAddress = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("tcp"), hostname: z.string().min(1), port: z.number().int().min(0).max(65_535) }),
  z.object({ kind: z.literal("unix"), path: z.string().min(1) }),
]);

const Schema = z.object({
  camera: CameraConfig.prefault({}),
  /** RPi Logger's: where sessions and logs go that say nothing else. */
  outputDir: z.string().min(1).optional(),
  /** RPi Logger's: it is the host. */
  enableCommands: z.boolean().default(false),
  /** RPi Logger's name for this process. */
  instanceId: z.string().min(1).max(200).optional(),
  /** Nothing on stderr, whatever else is said. */
  noConsole: z.boolean().default(false),
  /** Directory of the log files; without it there are none. */
  logDir: z.string().min(1).optional(),
  logLevel: z.string().toLowerCase().pipe(z.enum(LOG_LEVELS)).transform(pinoLevel).default("info"),
  consoleLogging: z.boolean().default(false),
  /** Refuse commands without a command_id instead of making one up. */
  strictCommandIds: z.boolean().default(false),
  /** Where the viewer listens; without it there is none. */
  debugSocket: ListenAddress.optional(),
  /** Who watches must have it. */
  debugToken: z.string().min(16).optional(),
  /** TCP port of the metrics on 127.0.0.1; without it there are none. */
  metricsPort: z.number().int().min(1).max(65_535).optional(),
});
export type RuntimeConfig = z.infer<typeof Schema>;

/** The command line or the environment can't be understood: one line for stderr. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Everything that the program can be told, with its defaults. */
export const RuntimeConfig = Object.assign(Schema, {
  /** From the options, else the environment (`CSI_CAMERA_RECORD_FPS` for `--record-fps`), else the defaults. Throws UsageError. */
  fromArgs(argv: readonly string[], environment: Environment): RuntimeConfig {
    const given = readOptions(argv);
    const input: Record<string, unknown> & { camera: Record<string, unknown> } = { camera: {} };
    const sources = new Map<string, { label: string; option: Option; text: string }>();
    for (const option of OPTIONS) {
      if (option.path === undefined) continue;
      const variable = environmentVariable(option);
      // An empty variable is one that is not set.
      const text = given.get(option.name) ?? (environment[variable] || undefined);
      if (text === undefined) continue;
      const label = given.has(option.name) ? `--${option.name}` : variable;
      const value = option.value === undefined ? parseFlag(text) : option.value.parse(text);
      if (value === undefined) throw badValue(label, option, text);
      const [first, second] = option.path;
      if (second === undefined) input[first] = value;
      else input.camera[second] = value;
      sources.set(option.path.join("."), { label, option, text });
    }
    const result = Schema.safeParse(input);
    if (result.success) return result.data;
    throw explain(result.error, sources);
  },
});

function environmentVariable({ name }: Option): string {
  return `CSI_CAMERA_${name.toUpperCase().replaceAll("-", "_")}`;
}

function readOptions(argv: readonly string[]): Map<string, string> {
  const options = Object.fromEntries(
    OPTIONS.map(({ name, value }) => [
      name,
      { type: value === undefined ? ("boolean" as const) : ("string" as const) },
    ]),
  );
  try {
    const { values } = parseArgs({ args: [...argv], options, strict: true, allowPositionals: false });
    return new Map(Object.entries(values).map(([name, value]) => [name, String(value)]));
  } catch (cause) {
    // parseArgs adds advice in further sentences; the first one names the option.
    const [sentence = ""] = messageOf(cause).split(/\. |\n/);
    throw new UsageError(`${sentence}; see --help`, { cause });
  }
}

function parseFlag(text: string): boolean | undefined {
  if (text === "true" || text === "1") return true;
  return text === "false" || text === "0" ? false : undefined;
}

function badValue(label: string, option: Option, text: string): UsageError {
  const got = option.isSecret === true ? `${text.length} characters` : quote(text);
  return new UsageError(`${label}: got ${got}, expected ${option.expected}`);
}

function explain(
  error: z.ZodError,
  sources: ReadonlyMap<string, { label: string; option: Option; text: string }>,
): UsageError {
  const [issue] = error.issues;
  const path = issue?.path.map(String) ?? [];
  const source = sources.get(path.slice(0, path[0] === "camera" ? 2 : 1).join("."));
  if (source === undefined) return new UsageError(`${path.join(".")}: ${issue?.message ?? "is wrong"}`);
  return badValue(source.label, source.option, source.text);
}
