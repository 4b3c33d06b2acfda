import type { Board } from "../board.ts";
import { readBootLines } from "../boot-lines.ts";
import type { Finding } from "../finding.ts";
import type { MachineFiles } from "../machine-files.ts";
import { nameSome } from "../name-some.ts";

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
  /** Lines that may be a camera's: of overlays that we don't know, or under filters that may hold. */
  readonly perhaps: readonly string[];
  /** The legacy camera stack, which takes the camera away from libcamera. */
  readonly isLegacy: boolean;
}

/** Raspberry Pi OS since Debian 12; before. */
const PATHS = ["/boot/firmware/config.txt", "/boot/config.txt"];
/** Names of sensors, and of boards that carry some (overlays/README of the firmware). */
const CAMERA_OVERLAY = /^(imx\d|ov\d|ov64a|arducam|camera-mux|mira\d|irs\d|tc358743|adv728)/;
/**
 * How those begin that many machines load and that are no camera's (overlays/README of the firmware). One that is missing
 * here may be a camera's of a maker that we don't know: then we only don't say that there is none.
 */
const OTHER_OVERLAY =
  /^(act-led|ads\d|allo-|audio|cma\b|disable-|dwc|enable-|gpio|hifiberry|i2[cs]|iqaudio|justboom|max98|mcp\d|midi-|miniuart|mmc|pcie|pi3-|pisound|pps-|pwm|ramoops|rpi-|sc16is|sd(host|io|tweak)|smbios|smi|spi|ssd1|tpm|uart|udrc|upstream|vc4-|vga|w1-|watchdog|wm8)/;

export function readBootConfig(files: MachineFiles, board: Board): BootFacts {
  const path = PATHS.find((one) => files.read(one) !== undefined);
  // A Raspberry Pi 5 has no legacy stack: what asks for it does nothing there.
  const canBeLegacy = !board.sections.includes("pi5");
  return {
    board,
    settings: path === undefined ? undefined : readSettings(files, path, board.sections, canBeLegacy),
    hasLegacyModule: canBeLegacy && /^bcm2835_v4l2 /m.test(files.read("/proc/modules") ?? ""),
  };
}

/** `cameraCount`: that libcamera sees. What is wrong for a camera that is there nevertheless is no failure. */
export function checkBootConfig({ board, settings, hasLegacyModule }: BootFacts, cameraCount: number): Finding {
  const finding = {
    check: "boot_config",
    values: {
      path: settings?.path ?? null,
      camera_auto_detect: settings?.isAutoDetected ?? null,
      overlays: settings?.overlays ?? null,
      perhaps: settings?.perhaps ?? null,
      start_x: settings?.isLegacy ?? null,
      legacy_module: hasLegacyModule,
    },
  } as const;
  if (!board.isRaspberryPi)
    return { ...finding, level: "skipped", sentence: "only a Raspberry Pi has a config.txt", advice: [] };
  if (settings === undefined) {
    const sentence = `none of ${PATHS.join(" and ")} can be read, so what they say of the camera is not known`;
    return { ...finding, level: "unknown", sentence, advice: ["is the boot partition mounted? See /etc/fstab"] };
  }
  const { path, isAutoDetected, overlays, perhaps } = settings;
  const isNamed = isAutoDetected || overlays.length > 0;
  const faults = [
    ...(settings.isLegacy ? [`remove start_x=1 from ${path} (the legacy camera stack), then reboot`] : []),
    ...(hasLegacyModule
      ? [`remove bcm2835-v4l2 (the legacy stack) from /etc/modules and /etc/modules-load.d, then reboot`]
      : []),
    ...(isNamed || perhaps.length > 0 ? [] : [nameIt(path)]),
  ];
  // A camera that is there shows that one of them is its own.
  const doubts = isNamed || cameraCount > 0 ? [] : perhaps;
  const trouble = cameraCount === 0 ? "failure" : "warning";
  const legacy = settings.isLegacy || hasLegacyModule ? ", and the legacy camera stack" : "";
  return {
    ...finding,
    level: faults.length > 0 ? trouble : doubts.length > 0 ? "warning" : "ok",
    sentence: `${path}: camera_auto_detect=${isAutoDetected ? 1 : 0}, ${overlaysOf(settings)}${legacy}`,
    advice: [...faults, ...(doubts.length > 0 ? [`if none of these is your camera's, ${nameIt(path)}`] : [])],
  };
}

function nameIt(path: string): string {
  return `put camera_auto_detect=1, or dtoverlay=SENSOR for your sensor (e.g. dtoverlay=imx296), into ${path}, then reboot`;
}

function overlaysOf({ overlays, perhaps }: BootSettings): string {
  const known = overlays.map((overlay) => `dtoverlay=${overlay}`);
  const told = [...known, ...(perhaps.length === 0 ? [] : [`perhaps a camera's: ${nameSome(perhaps)}`])];
  return told.length === 0 ? "no camera's overlay" : told.join(", ");
}

function readSettings(
  files: MachineFiles,
  path: string,
  sections: readonly string[],
  canBeLegacy: boolean,
): BootSettings {
  const lines = readBootLines(files, path, sections);
  const sure = lines.filter(({ unsure }) => unsure === "");
  const overlays = sure.flatMap(({ key, value }) => (key === "dtoverlay" && CAMERA_OVERLAY.test(value) ? value : []));
  // The firmware is chosen before included files are read.
  const firmware = (name: string) => sure.findLast(({ key, isIncluded }) => key === name && !isIncluded)?.value;
  const isLegacy = firmware("start_x") === "1" || /^start\w*x\.elf$/.test(firmware("start_file") ?? "");
  return {
    path,
    isAutoDetected: sure.findLast(({ key }) => key === "camera_auto_detect")?.value === "1",
    overlays,
    perhaps: lines.flatMap(({ key, value, unsure }) => {
      const isKnown = unsure === "" && (key !== "dtoverlay" || overlays.includes(value));
      const isSetUp = key === "dtoverlay" ? !OTHER_OVERLAY.test(value) : key === "camera_auto_detect" && value === "1";
      return isKnown || !isSetUp ? [] : `${unsure} ${key}=${value}`.trim();
    }),
    isLegacy: canBeLegacy && isLegacy,
  };
}
