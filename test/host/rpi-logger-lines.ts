import { localTime } from "../../src/protocol/local-time.ts";
import type { Fields } from "./host-simulator.ts";

export interface LaunchOptions {
  readonly outputDir: string;
  readonly instanceId: string;
  /** With it no assign_device follows. */
  readonly cameraIndex?: number | undefined;
}

/** RPi Logger's command line, with all that it may hold, in its order. */
export function launchArguments({ outputDir, instanceId, cameraIndex }: LaunchOptions): string[] {
  return [
    ...["--output-dir", outputDir, "--session-prefix", "session", "--log-level", "info"],
    ...["--no-console", "--enable-commands", "--window-geometry", "800x600+40+-20", "--instance-id", instanceId],
    ...["--config-path", "/nowhere/config.txt"],
    ...(cameraIndex === undefined ? [] : ["--camera-index", String(cameraIndex)]),
    ...["--platform", "linux", "--architecture", "aarch64", "--is-raspberry-pi"],
  ];
}

/** A command as RPi Logger writes it: with the local time to the microsecond, in Python's JSON, which is all ASCII. */
export function rpiLoggerLine(command: string, fields: Fields, commandId?: string): string {
  const message = {
    command,
    timestamp: `${localTime(new Date())}000`,
    ...(commandId === undefined ? {} : { command_id: commandId }),
    ...fields,
  };
  const members = Object.entries(message).map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`);
  const isAscii = (character: string): boolean => character < "\x7f";
  const escape = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
  const text = `{${members.join(", ")}}`;
  return `${text
    .split("")
    .map((unit) => (isAscii(unit) ? unit : escape(unit)))
    .join("")}\n`;
}

/** What it tells of a camera on a CSI connector when it assigns it; what it does not know is null. */
export function assignFields(deviceId: string): Fields {
  const number = deviceId.replace("picam:", "");
  return {
    device_id: deviceId,
    device_type: "Pi_Camera",
    port: null,
    baudrate: 0,
    is_wireless: false,
    is_network: false,
    is_camera: true,
    camera_type: "picam",
    camera_stable_id: number,
    camera_hw_model: "imx296",
    camera_location: `CSI${number}`,
    camera_index: Number(number),
    display_name: "Pi Camera",
  };
}
