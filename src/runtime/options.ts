import { LISTEN_ADDRESS_EXPECTED, parseListenAddress } from "../http/listen-address.ts";
import {
  type OptionParser,
  parseBitrate,
  parseDurationMs,
  parseEncoder,
  parseFraction,
  parseNumber,
  parseSize,
  parseSource,
  parseText,
} from "./option-values.ts";

/** One option of the program. Its environment variable has the same name: `--record-fps`, `CSI_CAMERA_RECORD_FPS`. */
export interface Option {
  readonly name: string;
  /** Where its value goes in RuntimeConfig; undefined: a host gives it, and it means nothing here. */
  readonly path: readonly [string] | readonly ["camera", string] | undefined;
  /** undefined: a flag. */
  readonly value?: { readonly placeholder: string; readonly parse: OptionParser };
  /** What a right value is, for errors. */
  readonly expected: string;
  readonly help: string;
  /** Its value is repeated nowhere. */
  readonly isSecret?: boolean;
}

function flag(name: string, path: Option["path"], help: string): Option {
  return { name, path, help, expected: "true, false, 1 or 0" };
}

function option(
  name: string,
  placeholder: string,
  path: Option["path"],
  parse: OptionParser,
  expected: string,
  help: string,
): Option {
  return { name, path, value: { placeholder, parse }, expected, help };
}

const RATE = "frames per second from 0.1 to 1000";

const IGNORED = "accepted and ignored";

/** RPi Logger's. */
const HOST_OPTIONS: readonly Option[] = [
  flag("enable-commands", ["enableCommands"], "RPi Logger is the host: see README"),
  option("output-dir", "DIR", ["outputDir"], parseText, "a directory", "where sessions and logs go that name no place"),
  option("instance-id", "ID", ["instanceId"], parseText, "up to 200 characters", "names this process's log folder"),
  flag("no-console", ["noConsole"], "nothing on stderr"),
  option("session-prefix", "TEXT", undefined, parseText, "a text", IGNORED),
  option("window-geometry", "WxH+X+Y", undefined, parseText, "a text", IGNORED),
  option("config-path", "FILE", undefined, parseText, "a file", IGNORED),
  option("platform", "NAME", undefined, parseText, "a name", IGNORED),
  option("architecture", "NAME", undefined, parseText, "a name", IGNORED),
  flag("is-raspberry-pi", undefined, IGNORED),
];

export const OPTIONS: readonly Option[] = [
  option(
    "camera-index",
    "N",
    ["camera", "cameraIndex"],
    parseNumber,
    "a whole number from 0 to 1000",
    "camera in the list sorted by id (0)",
  ),
  option(
    "source",
    "SOURCE",
    ["camera", "source"],
    parseSource,
    "libcamera, synthetic, replay:FILE.y4m or replay:FILE.yuv,WxH[,stride=N]",
    "libcamera, synthetic, replay:FILE.y4m or replay:FILE.yuv,WxH[,stride=N] (libcamera)",
  ),
  option(
    "size",
    "WxH",
    ["camera", "size"],
    parseSize,
    "WxH in pixels, e.g. 1456x1088",
    "picture size (the sensor's native size; synthetic: 1456x1088)",
  ),
  option(
    "capture-fps",
    "N",
    ["camera", "captureFps"],
    parseNumber,
    RATE,
    "rate that the camera is set to (the record rate)",
  ),
  option("record-fps", "N", ["camera", "recordFps"], parseNumber, RATE, "rate that is recorded (30)"),
  option("preview-fps", "N", ["camera", "previewFps"], parseNumber, RATE, "rate of the viewer's pictures (5)"),
  option(
    "preview-scale",
    "S",
    ["camera", "previewScale"],
    parseFraction,
    "a fraction above 0 and up to 1, e.g. 1/4",
    "their size, as a part of the recorded ones' (1/4)",
  ),
  option(
    "jpeg-quality",
    "Q",
    ["camera", "jpegQuality"],
    parseNumber,
    "a whole number from 1 to 100",
    "of the viewer's pictures, and of codec mjpeg (85)",
  ),
  option("codec", "CODEC", ["camera", "codec"], parseText, "h264 or mjpeg", "h264 or mjpeg (h264)"),
  option(
    "encoder",
    "ENCODER",
    ["camera", "encoder"],
    parseEncoder,
    "auto, software, v4l2m2m or v4l2m2m:/dev/videoN",
    "auto, software, v4l2m2m or v4l2m2m:/dev/videoN (auto: hardware where it can)",
  ),
  option(
    "bitrate",
    "BITS",
    ["camera", "bitrate"],
    parseBitrate,
    "bit/s from 10k to 240M, e.g. 8M",
    "of codec h264, bit/s (8M)",
  ),
  option(
    "first-frame-timeout",
    "SECONDS",
    ["camera", "firstFrameTimeoutMs"],
    parseDurationMs,
    "seconds up to 600, e.g. 10 or 500ms",
    "how long a camera may take to its first frame (10)",
  ),
  option(
    "log-dir",
    "DIR",
    ["logDir"],
    parseText,
    "a directory",
    "write csicameras.log, commands.jsonl and frame_drops.jsonl there",
  ),
  option(
    "log-level",
    "LEVEL",
    ["logLevel"],
    parseText,
    "trace, debug, info, warn, error, fatal or silent",
    "trace, debug, info, warn, error, fatal or silent (info)",
  ),
  flag("console-logging", ["consoleLogging"], "log to stderr"),
  flag("strict-command-ids", ["strictCommandIds"], "refuse commands without a command_id"),
  option(
    "debug-socket",
    "ADDR",
    ["debugSocket"],
    parseListenAddress,
    LISTEN_ADDRESS_EXPECTED,
    "show what happens in a browser: PORT, ADDRESS:PORT, [IPv6]:PORT or a Unix socket's path",
  ),
  {
    ...option(
      "debug-token",
      "TOKEN",
      ["debugToken"],
      parseText,
      "at least 16 characters",
      "who watches must have it; needed where other machines get to --debug-socket",
    ),
    isSecret: true,
  },
  option(
    "metrics-port",
    "PORT",
    ["metricsPort"],
    parseNumber,
    "a whole number from 1 to 65535",
    "serve /metrics (Prometheus), /metrics/json and /health on 127.0.0.1",
  ),
  ...HOST_OPTIONS,
];
