import { CommandLog } from "../log/command-log.ts";
import { openLogs } from "../log/open-logs.ts";
import { type LineItem, LINE_BYTES_MAX, readLines } from "../protocol/line-reader.ts";
import { OutputQueue } from "../protocol/output-queue.ts";
import { parseCommandLine, type RefusedLine } from "../protocol/parse-command.ts";
import { formatStatus } from "../protocol/statuses.ts";
import { CSICameraRuntime } from "../runtime/csi-camera-runtime.ts";
import { RuntimeConfig } from "../runtime/runtime-config.ts";
import type { StopReason } from "../runtime/waits.ts";
import { createViewer, openViewer } from "./debug-viewer.ts";
import { logOptions } from "./log-options.ts";
import { openMetrics } from "./open-metrics.ts";

/** How long a stop may take in all before the process goes without it. */
const STOP_MS = 10_000;
/** How long the last statuses may take to leave. */
const FLUSH_MS = 1000;

type Environment = Readonly<Record<string, string | undefined>>;

/** Serves a host on stdin and stdout until it quits, closes stdin or sends a signal. Returns the exit code. */
export async function serve(argv: readonly string[], environment: Environment): Promise<number> {
  const config = RuntimeConfig.fromArgs(argv, environment);
  const troubles: string[] = [];
  let onTrouble = (sentence: string): void => void troubles.push(sentence);
  const logsTo = logOptions(config);
  await using logs = await openLogs({
    ...logsTo,
    ...(config.enableCommands ? { onTrouble: (sentence: string) => onTrouble(sentence) } : {}),
  });
  const output = new OutputQueue({ fd: 1, onClosed: () => stop("host_gone") });
  await using viewer = await createViewer(
    config,
    {
      snapshot: () => runtime.telemetry.snapshot(),
      onLeftOut: (message) => runtime.warn("previews_left_out", message),
    },
    logs.log,
  );
  const runtime = new CSICameraRuntime(config, {
    log: logs.log,
    ...(logsTo.logDir === undefined ? {} : { commandLog: new CommandLog(logs.commands) }),
    frameDrops: logs.frameDrops,
    ...(viewer === undefined ? {} : { traffic: viewer.traffic, preview: viewer.frames }),
    send: (status) => output.push(formatStatus(status), { droppable: status.status === "warning" }),
  });

  if (viewer !== undefined) runtime.telemetry.viewers = () => viewer.statistics;

  let exitCode = 0;
  let deadline: Timer | undefined;
  const stop = (reason: StopReason): void => {
    deadline ??= setTimeout(() => process.exit(1), STOP_MS);
    void runtime.stop(reason);
  };
  const stopForOwnBug = (error: unknown): void => {
    logs.log.fatal({ err: error }, "unexpected error: stopping");
    exitCode = 1;
    stop("internal_error");
  };
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, () => stop(signal));
  process.on("uncaughtException", stopForOwnBug);
  process.on("unhandledRejection", stopForOwnBug);

  await openViewer(viewer);
  await using _metrics = await openMetrics(config.metricsPort, runtime.telemetry, logs.log);
  runtime.start();
  onTrouble = (sentence) => runtime.warn("log_unwritten", sentence);
  for (const sentence of troubles) onTrouble(sentence);
  const reading = new AbortController();
  readCommands(runtime, output, reading.signal).then(() => stop("stdin_end"), stopForOwnBug);
  await runtime.finished;
  reading.abort();
  await Promise.all([output.flush(FLUSH_MS), viewer?.close()]);
  if (output.droppedLines > 0) logs.log.warn({ lines: output.droppedLines }, "the host did not read some warnings");
  return exitCode;
}

/** Hands the host's lines over in order, and reads no more than can be answered: a host that does not read its replies waits. */
async function readCommands(runtime: CSICameraRuntime, output: OutputQueue, signal: AbortSignal): Promise<void> {
  for await (const item of readLines(Bun.stdin.stream(), signal)) {
    await runtime.whenRoom();
    await output.whenDrained(signal);
    const parsed =
      item.kind === "line" ? parseCommandLine(item.text) : { ok: false as const, refused: unreadable(item) };
    void (parsed.ok ? runtime.handleCommand(parsed.command) : runtime.refuse(parsed.refused));
  }
}

function unreadable({ reason, byteCount }: Extract<LineItem, { kind: "bad" }>): RefusedLine {
  const none = { command: null, commandId: undefined, payload: undefined };
  switch (reason) {
    case "too_long":
      return {
        code: "line_too_long",
        error: `got a line of more than ${byteCount - 1} bytes, expected at most ${LINE_BYTES_MAX}`,
        ...none,
      };
    case "invalid_utf8":
      return {
        code: "bad_json",
        error: `got a line of ${byteCount} bytes that is not UTF-8, expected one JSON object per line`,
        ...none,
      };
  }
}
