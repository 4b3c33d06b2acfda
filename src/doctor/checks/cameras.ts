import type { Machine } from "../../program/machine.ts";
import type { Board } from "../board.ts";
import { CHECKS, type Finding } from "../finding.ts";
import type { MachineFiles } from "../machine-files.ts";
import { ownCommandLine } from "../own-command-line.ts";

export interface CameraFacts {
  readonly board: Board;
  readonly cameras: Machine["cameras"];
  /** That is to record: its place in the list. */
  readonly cameraIndex: number;
  /** Sensors that answered the kernel's drivers, e.g. `imx296 10-001a`. */
  readonly sensors: readonly string[];
  /** What was looked at before. */
  readonly before: readonly Pick<Finding, "check" | "level">[];
}

const LOOK_CLOSER = `LIBCAMERA_LOG_LEVELS='*:INFO' ${ownCommandLine("list")} shows what libcamera looked at`;

/** Sensors are sub-devices with the driver's name and the I2C address: nothing else there has one. */
export function readSensors(files: MachineFiles): string[] {
  const folder = "/sys/class/video4linux";
  return (files.names(folder) ?? []).flatMap((node) => {
    const name = node.startsWith("v4l-subdev") ? files.read(`${folder}/${node}/name`) : undefined;
    return name !== undefined && / \d+-[0-9a-f]{4}$/.test(name) ? name : [];
  });
}

export function checkCameras({ board, cameras, cameraIndex, sensors, before }: CameraFacts): Finding {
  const list = "value" in cameras ? cameras.value.list : [];
  const finding = {
    check: "cameras",
    values: {
      camera_index: cameraIndex,
      cameras: list.map(({ id, model, nativeWidth: width, nativeHeight: height }) => ({ id, model, width, height })),
      sensors: [...sensors],
    },
  } as const;
  if ("error" in cameras) return { ...finding, level: "failure", sentence: cameras.error.message, advice: [] };
  const names = list.map(
    ({ model, nativeWidth, nativeHeight }, index) => `picam:${index} ${model} ${nativeWidth}x${nativeHeight}`,
  );
  if (list.length === 0) {
    const { sentence, advice } = whyNone(board, sensors);
    // libcamera leaves out, without a word, cameras whose nodes it may not open or somebody else has.
    const wrong = before.flatMap(({ check, level }) =>
      level === "failure" || level === "warning" ? CHECKS[check] : [],
    );
    const first = wrong.length === 0 ? [] : [`first of all see ${wrong.join(" and ")}: that alone can be the reason`];
    return { ...finding, level: "failure", sentence, advice: [...first, ...advice] };
  }
  if (cameraIndex >= list.length) {
    const sentence = `there is no camera picam:${cameraIndex}, only ${names.join(", ")}`;
    return {
      ...finding,
      level: "failure",
      sentence,
      advice: [`choose one with --camera-index 0 to ${list.length - 1}`],
    };
  }
  return { ...finding, level: "ok", sentence: names.join(", "), advice: [] };
}

function whyNone(board: Board, sensors: readonly string[]): Pick<Finding, "sentence" | "advice"> {
  if (sensors.length > 0) {
    return {
      sentence: `libcamera sees no CSI camera, though the kernel has found ${sensors.join(", ")}`,
      advice: ["this libcamera may be too old for the sensor: sudo apt update && sudo apt upgrade", LOOK_CLOSER],
    };
  }
  return {
    sentence: "libcamera sees no CSI camera, and the kernel has found no sensor",
    advice: [
      "with the power off: is the cable in as far as it goes, straight, at both ends, and both latches closed?",
      "is the ribbon the right way round? Its bare contacts face the connector's contacts, not the latch",
      ...(board.sections.includes("pi5")
        ? [
            "a Raspberry Pi 5 has two connectors: an overlay means CAM1 unless it ends in ,cam0; the cable is the 22-pin one",
          ]
        : []),
      ...(board.isRaspberryPi
        ? [
            'does Boot settings name your sensor? Cameras of other makers need their dtoverlay; "sudo dmesg | grep -i -e imx -e ov" tells what its driver said',
          ]
        : ["is there a CSI camera at all? USB cameras are not recorded by this module"]),
      LOOK_CLOSER,
    ],
  };
}
