import { describe, expect, test } from "bun:test";
import { SyntheticFaults } from "../../src/capture/synthetic-faults.ts";
import { helpText } from "../../src/runtime/help.ts";
import { OPTIONS } from "../../src/runtime/options.ts";
import { RuntimeConfig, UsageError } from "../../src/runtime/runtime-config.ts";

const DEFAULTS = {
  logLevel: "info",
  consoleLogging: false,
  strictCommandIds: false,
  enableCommands: false,
  noConsole: false,
  camera: {
    source: { kind: "libcamera" },
    recordFps: 30,
    previewFps: 5,
    previewScale: 0.25,
    jpegQuality: 85,
    codec: "h264",
    encoder: { kind: "auto" },
    bitrate: 8_000_000,
    firstFrameTimeoutMs: 10_000,
    reconnectPausesMs: { first: 1000, longest: 30_000 },
  },
} as const;

const noFaults = SyntheticFaults.parse({});

/** Options with what they set. */
const GOOD: [string, string, Record<string, unknown>][] = [
  ["camera-index", "2", { camera: { cameraIndex: 2 } }],
  ["source", "libcamera", { camera: { source: { kind: "libcamera" } } }],
  ["source", "synthetic", { camera: { source: { kind: "synthetic", faults: noFaults } } }],
  [
    "source",
    "synthetic:gap=30+2,jitter=500,lost=9,open_fails=busy,first_frame_delay=20",
    {
      camera: {
        source: {
          kind: "synthetic",
          faults: {
            ...noFaults,
            ...{ gap: { every: 30, lost: 2 }, jitter: 500, lost: 9, open_fails: "busy", first_frame_delay: 20 },
          },
        },
      },
    },
  ],
  ["source", "replay:/a b/c,d.y4m", { camera: { source: { kind: "replay", path: "/a b/c,d.y4m" } } }],
  [
    "source",
    "replay:x.yuv,640x480",
    { camera: { source: { kind: "replay", path: "x.yuv", raw: { width: 640, height: 480, stride: 640 } } } },
  ],
  [
    "source",
    "replay:x.yuv,1456x1088,stride=1536",
    { camera: { source: { kind: "replay", path: "x.yuv", raw: { width: 1456, height: 1088, stride: 1536 } } } },
  ],
  ["source", "replay:x.y4m,pace=free", { camera: { source: { kind: "replay", path: "x.y4m", pace: "free" } } }],
  ["size", "1456x1088", { camera: { size: { width: 1456, height: 1088 } } }],
  ["capture-fps", "60.38", { camera: { captureFps: 60.38 } }],
  ["record-fps", "29.97", { camera: { recordFps: 29.97 } }],
  ["preview-fps", "0.5", { camera: { previewFps: 0.5 } }],
  ["preview-scale", "1/8", { camera: { previewScale: 0.125 } }],
  ["preview-scale", "0.5", { camera: { previewScale: 0.5 } }],
  ["jpeg-quality", "100", { camera: { jpegQuality: 100 } }],
  ["codec", "mjpeg", { camera: { codec: "mjpeg" } }],
  ["encoder", "auto", { camera: { encoder: { kind: "auto" } } }],
  ["encoder", "software", { camera: { encoder: { kind: "software" } } }],
  ["encoder", "v4l2m2m", { camera: { encoder: { kind: "v4l2m2m" } } }],
  ["encoder", "v4l2m2m:/dev/video11", { camera: { encoder: { kind: "v4l2m2m", device: "/dev/video11" } } }],
  ["bitrate", "2.5M", { camera: { bitrate: 2_500_000 } }],
  ["bitrate", "800k", { camera: { bitrate: 800_000 } }],
  ["bitrate", "123456", { camera: { bitrate: 123_456 } }],
  ["first-frame-timeout", "2.5", { camera: { firstFrameTimeoutMs: 2500 } }],
  ["first-frame-timeout", "500ms", { camera: { firstFrameTimeoutMs: 500 } }],
  ["first-frame-timeout", "3s", { camera: { firstFrameTimeoutMs: 3000 } }],
  ["log-dir", "/var/log/x", { logDir: "/var/log/x" }],
  ["log-level", "silent", { logLevel: "silent" }],
  ["log-level", "DEBUG", { logLevel: "debug" }],
  ["log-level", "warning", { logLevel: "warn" }],
  ["log-level", "critical", { logLevel: "fatal" }],
  ["output-dir", "/data", { outputDir: "/data" }],
  ["instance-id", "CAMERAS_CSI:picam:0", { instanceId: "CAMERAS_CSI:picam:0" }],
  ["window-geometry", "800x600+10+20", {}],
  ["session-prefix", "session", {}],
  ["config-path", "/home/pi/config.txt", {}],
  ["platform", "linux", {}],
  ["architecture", "aarch64", {}],
  ["debug-socket", "8787", { debugSocket: { kind: "tcp", hostname: "127.0.0.1", port: 8787 } }],
  ["debug-socket", "[::1]:0", { debugSocket: { kind: "tcp", hostname: "::1", port: 0 } }],
  ["debug-socket", "/run/viewer.sock", { debugSocket: { kind: "unix", path: "/run/viewer.sock" } }],
  ["debug-token", "0123456789abcdef", { debugToken: "0123456789abcdef" }],
  ["metrics-port", "1", { metricsPort: 1 }],
  ["metrics-port", "65535", { metricsPort: 65_535 }],
];

const FLAGS: [string, Record<string, unknown>][] = [
  ["console-logging", { consoleLogging: true }],
  ["strict-command-ids", { strictCommandIds: true }],
  ["enable-commands", { enableCommands: true }],
  ["no-console", { noConsole: true }],
];

const BAD: Record<string, string[]> = {
  "camera-index": ["-1", "1.5", "x", "", "1001", "9".repeat(400)],
  source: ["", "usb", "synthetic:", "synthetic:rain=1", "synthetic:gap=3", "synthetic:lost=0", "synthetic:jitter=-1"],
  size: ["1456", "x", "0x0", "1456x", "99999x99999", "8x8", "1456X1088", "10.5x20"],
  "capture-fps": ["0", "1001", "abc", "1e2", "NaN", "Infinity", ""],
  "record-fps": ["0", "0.05", "30fps", " 30", "1_000"],
  "preview-fps": ["0", "--", "5/1"],
  "preview-scale": ["0", "2", "1/0", "1/", "/4", "a/b", "1/4/5", ""],
  "jpeg-quality": ["0", "101", "85.5", "best"],
  codec: ["", "h265", "H264"],
  encoder: ["", "hardware", "AUTO", "v4l2m2m:", "v4l2m2m:video11", "software:/dev/video11", "auto:"],
  bitrate: ["0", "9k", "241M", "8G", "8m", "fast", ""],
  "first-frame-timeout": ["0", "601", "1h", "", "10 s"],
  "log-dir": [""],
  "log-level": ["", "loud", "info "],
  "debug-socket": ["localhost:8081", ":8081", "65536", "[::1]", "viewer.sock", "1.2.3:8787", ""],
  "debug-token": ["0123456789abcde", ""],
  "metrics-port": ["0", "65536", "-1", "9100.5", "http", "127.0.0.1:9100", ""],
};
const BAD_SOURCES = [
  "replay:",
  "replay:x.mp4",
  "replay:x.yuv",
  "replay:x.yuv,640",
  "replay:x.yuv,640x480,pace=fast",
  "replay:x.yuv,2x2",
  "replay:,640x480",
];

function config(argv: readonly string[], environment: Record<string, string> = {}): unknown {
  return structuredClone(RuntimeConfig.fromArgs(argv, environment));
}

function withDefaults(changes: Record<string, unknown>): unknown {
  const { camera, ...rest } = changes;
  return { ...DEFAULTS, ...rest, camera: { ...DEFAULTS.camera, ...(camera as object | undefined) } };
}

function variableOf(option: string): string {
  return `CSI_CAMERA_${option.toUpperCase().replaceAll("-", "_")}`;
}

function complaint(argv: readonly string[], environment: Record<string, string> = {}): string {
  try {
    config(argv, environment);
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  throw new Error(`${JSON.stringify([argv, environment])} was accepted`);
}

describe("RuntimeConfig.fromArgs", () => {
  test("has the defaults that are documented", () => {
    expect(config([])).toEqual(DEFAULTS);
    expect(config([], { PATH: "/bin", CSI_CAMERA_SETUP: "done" })).toEqual(DEFAULTS);
  });

  for (const [option, text, changes] of GOOD) {
    test(`--${option} ${text} and ${variableOf(option)} set the same`, () => {
      expect(config([`--${option}`, text])).toEqual(withDefaults(changes));
      expect(config([`--${option}=${text}`])).toEqual(withDefaults(changes));
      expect(config([], { [variableOf(option)]: text })).toEqual(withDefaults(changes));
    });
  }

  for (const [flag, changes] of FLAGS) {
    test(`--${flag} is a flag`, () => {
      expect(config([`--${flag}`])).toEqual(withDefaults(changes));
      for (const text of ["1", "true"]) expect(config([], { [variableOf(flag)]: text })).toEqual(withDefaults(changes));
      for (const text of ["0", "false"]) expect(config([], { [variableOf(flag)]: text })).toEqual(DEFAULTS);
      expect(complaint([], { [variableOf(flag)]: "maybe" })).toContain(variableOf(flag));
    });
  }

  test("takes the option before the environment, and looks at nothing that is overruled", () => {
    const environment = { CSI_CAMERA_RECORD_FPS: "nonsense", CSI_CAMERA_CODEC: "mjpeg" };
    expect(config(["--record-fps", "25"], environment)).toEqual(
      withDefaults({ camera: { recordFps: 25, codec: "mjpeg" } }),
    );
  });

  for (const [option, texts] of Object.entries({ ...BAD, source: [...(BAD["source"] ?? []), ...BAD_SOURCES] })) {
    for (const text of texts) {
      test(`refuses --${option}=${text.slice(0, 20)} in one line that names it`, () => {
        const argv = [`--${option}=${text}`];
        // An empty variable is one that is not set.
        const calls =
          text === "" ? [complaint(argv)] : [complaint(argv), complaint([], { [variableOf(option)]: text })];
        for (const said of calls) {
          expect(said).toMatch(new RegExp(`--${option}|${variableOf(option)}`));
          expect(said).toMatch(/expected ./);
          expect(said).not.toContain("\n");
          expect(said.length).toBeLessThan(400);
        }
      });
    }
  }

  test("says what was got and what is expected", () => {
    expect(complaint(["--record-fps", "fast"])).toBe(
      '--record-fps: got "fast", expected frames per second from 0.1 to 1000',
    );
    expect(complaint(["--record-fps", "5000"])).toContain('got "5000", expected frames per second');
    expect(complaint([], { CSI_CAMERA_CODEC: "vp9" })).toBe('CSI_CAMERA_CODEC: got "vp9", expected h264 or mjpeg');
  });

  test("does not repeat a secret", () => {
    expect(complaint(["--debug-token", "hush"])).toBe(
      "--debug-token: got 4 characters, expected at least 16 characters",
    );
  });

  const MISUSES: [string, string[]][] = [
    ["--colour", ["--colour", "red"]],
    ["-x", ["-x"]],
    ["serve", ["serve"]],
    ["--record-fps", ["--record-fps"]],
    ["--record-fps", ["--record-fps", "--codec", "mjpeg"]],
    ["--strict-command-ids", ["--strict-command-ids=yes"]],
  ];
  for (const [named, argv] of MISUSES) {
    test(`refuses ${argv.join(" ")} in one line that names it and the help`, () => {
      const said = complaint(argv);
      expect(said).toContain(named);
      expect(said).toContain("--help");
      expect(said).not.toContain("\n");
    });
  }
});

test("the help names every option in one line of its own, none twice", () => {
  const lines = helpText().split("\n");
  for (const { name, help } of OPTIONS) {
    const own = lines.filter((line) => line.trim().split(/\s/)[0] === `--${name}`);
    expect(own).toHaveLength(1);
    expect(own[0]).toContain(help);
  }
  expect(new Set(OPTIONS.map(({ name }) => name)).size).toBe(OPTIONS.length);
});
