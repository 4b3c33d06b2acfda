import type { Board } from "../board.ts";
import type { Finding } from "../finding.ts";
import type { MachineFiles } from "../machine-files.ts";

export interface BootFacts {
  readonly board: Board;
  /** What config.txt says that concerns cameras; undefined: it can't be read. */
  readonly settings: BootSettings | undefined;
  /** The kernel module of the legacy camera stack is loaded. */
  readonly hasLegacyModule: boolean;
}

interface BootSettings {
  readonly path: string;
  readonly isAutoDetected: boolean;
  /** Overlays of cameras with their parameters, e.g. `imx296,cam0`. */
  readonly overlays: readonly string[];
  /** The legacy camera stack, which takes the camera away from libcamera. */
  readonly isLegacy: boolean;
}

/** Raspberry Pi OS since Debian 12; before. */
const PATHS = ["/boot/firmware/config.txt", "/boot/config.txt"];
/** Names of sensors, and of boards that carry some (overlays/README of the firmware). */
const CAMERA_OVERLAY = /^(imx\d|ov\d|ov64a|arducam|camera-mux|mira\d|irs\d|tc358743|adv728)/;

export function readBootConfig(files: MachineFiles, board: Board): BootFacts {
  const path = PATHS.find((one) => files.read(one) !== undefined);
  const settings = path === undefined ? undefined : parse(path, files.read(path) ?? "", board.sections);
  return { board, settings, hasLegacyModule: /^bcm2835_v4l2 /m.test(files.read("/proc/modules") ?? "") };
}

/** `cameraCount`: that libcamera sees. What is wrong for a camera that is there nevertheless is no failure. */
export function checkBootConfig({ board, settings, hasLegacyModule }: BootFacts, cameraCount: number): Finding {
  const finding = {
    check: "boot_config",
    values: {
      path: settings?.path ?? null,
      camera_auto_detect: settings?.isAutoDetected ?? null,
      overlays: settings?.overlays ?? null,
      start_x: settings?.isLegacy ?? null,
      legacy_module: hasLegacyModule,
    },
  } as const;
  if (!board.isRaspberryPi)
    return { ...finding, level: "skipped", sentence: "only a Raspberry Pi has a config.txt", advice: [] };
  if (settings === undefined) {
    const sentence = `none of ${PATHS.join(" and ")} can be read, so what they say of the camera is not known`;
    return { ...finding, level: "unknown", sentence, advice: [] };
  }
  const { path, overlays } = settings;
  const faults = [
    ...(settings.isLegacy ? [`remove start_x=1 from ${path} (the legacy camera stack), then reboot`] : []),
    ...(hasLegacyModule
      ? [`remove bcm2835-v4l2 (the legacy stack) from /etc/modules and /etc/modules-load.d, then reboot`]
      : []),
    ...(!settings.isAutoDetected && overlays.length === 0
      ? [
          `put camera_auto_detect=1, or dtoverlay=SENSOR for your sensor (e.g. dtoverlay=imx296), into ${path}, then reboot`,
        ]
      : []),
  ];
  const overlay = overlays.length === 0 ? "no camera's overlay" : `dtoverlay=${overlays.join(", dtoverlay=")}`;
  const auto = `camera_auto_detect=${settings.isAutoDetected ? 1 : 0}`;
  const legacy = settings.isLegacy || hasLegacyModule ? ", and the legacy camera stack" : "";
  return {
    ...finding,
    level: faults.length === 0 ? "ok" : cameraCount === 0 ? "failure" : "warning",
    sentence: `${path}: ${auto}, ${overlay}${legacy}`,
    advice: faults,
  };
}

function parse(path: string, text: string, sections: readonly string[]): BootSettings {
  const values = settingsFor(text, sections);
  const overlays = values.flatMap(([key, value]) => (key === "dtoverlay" ? [value] : []));
  const last = (name: string) => values.findLast(([key]) => key === name)?.[1];
  return {
    path,
    isAutoDetected: last("camera_auto_detect") === "1",
    overlays: overlays.filter((overlay) => CAMERA_OVERLAY.test(overlay)),
    isLegacy: last("start_x") === "1" || /^start\w*x\.elf$/.test(last("start_file") ?? ""),
  };
}

/** Lines that hold for a model. Filters of other kinds (a monitor, a pin, a serial number) are taken to let them pass. */
function settingsFor(text: string, sections: readonly string[]): [key: string, value: string][] {
  let applies = true;
  return text.split("\n").flatMap((line) => {
    const filter = /^\s*\[(.*)\]/.exec(line)?.[1]?.trim().toLowerCase();
    if (filter === "all") applies = true;
    else if (filter === "none") applies = false;
    else if (filter !== undefined && /^(pi|cm)\d/.test(filter)) applies = sections.includes(filter);
    const [, key, value] = /^\s*(\w+)\s*=\s*([^#\s]+)/.exec(line) ?? [];
    return applies && key !== undefined && value !== undefined ? [[key, value] as [string, string]] : [];
  });
}
