import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { paddedYuv420, REC709 } from "../capture/stream-format.ts";
import { type Found, lookAtMachine, type Machine } from "../program/machine.ts";
import type { CameraConfig } from "../runtime/camera-config.ts";
import { createSource } from "../runtime/create-source.ts";
import { RuntimeError, toRuntimeError } from "../errors.ts";
import { type Board, readBoard } from "./board.ts";
import { checkAccess, readAccess } from "./checks/access.ts";
import { checkBootConfig, readBootConfig } from "./checks/boot-config.ts";
import { checkCameras, readSensors } from "./checks/cameras.ts";
import { checkCapture } from "./checks/capture.ts";
import { checkClock, readClock } from "./checks/clock.ts";
import { checkDiskSpace, readDiskSpace } from "./checks/disk-space.ts";
import { checkDiskSpeed } from "./checks/disk-speed.ts";
import { checkEncoderSpeed, type EncoderSpeedFacts } from "./checks/encoder-speed.ts";
import { checkHardwareEncoder } from "./checks/hardware-encoder.ts";
import { checkInUse, readUse } from "./checks/in-use.ts";
import { checkMachine, readMachine } from "./checks/machine.ts";
import { checkTemperature, readTemperature } from "./checks/temperature.ts";
import { checkThrottling, readThrottling } from "./checks/throttling.ts";
import { checkVersions } from "./checks/versions.ts";
import type { CheckName, Finding } from "./finding.ts";
import type { MachineFiles } from "./machine-files.ts";
import { tryDisk } from "./trials/try-disk.ts";
import { type EncoderTrial, tryEncoder } from "./trials/try-encoder.ts";
import { type CaptureTrial, tryCapture } from "./trials/try-capture.ts";

/** The synthetic camera's, and that of the sensor that the module was made for. */
const USUAL_SIZE = { width: 1456, height: 1088 };

/** Looks at the machine with `config` and recordings in `folder`, in five to ten seconds. All checks, in their order. */
export async function examine(files: MachineFiles, folder: string, config: CameraConfig): Promise<Finding[]> {
  const board = readBoard(files);
  const machine = lookAtMachine();
  const { capture, findings: cameraFindings } = await examineCamera(files, board, machine, config);
  const encoding = await examineEncoders(board, machine, config, capture);
  return [
    checkMachine(readMachine(files, board)),
    checkVersions({ bun: Bun.version, machine }),
    ...cameraFindings,
    ...encoding.findings,
    ...(await examineDisk(folder, encoding.bytesPerSecond)),
    checkClock(readClock(files)),
    // After all that heats.
    checkThrottling(readThrottling(files, board)),
    checkTemperature(readTemperature(files, board)),
  ];
}

async function examineCamera(
  files: MachineFiles,
  board: Board,
  machine: Machine,
  config: CameraConfig,
): Promise<{ capture: CaptureTrial | undefined; findings: Finding[] }> {
  const isReal = config.source.kind === "libcamera";
  const cameraIndex = config.cameraIndex ?? 0;
  const cameraCount = "value" in machine.cameras ? machine.cameras.value.list.length : 0;
  const deviceId = `picam:${cameraIndex}`;
  const captureFps = config.captureFps ?? config.recordFps;
  const source = createSource(config, { cameraId: undefined, cameraIndex });
  const capture =
    isReal && cameraIndex >= cameraCount
      ? undefined
      : await tryCapture(source, { deviceId, firstFrameTimeoutMs: config.firstFrameTimeoutMs, captureFps });
  const captured = capture?.kind === "frames";
  const isBusy = capture?.kind === "failed" && capture.error.code === "camera_busy";
  const captureFinding = checkCapture({ trial: capture, captureFps });
  if (!isReal) {
    const sentence = `--source ${config.source.kind} needs no camera`;
    const skipped = (check: CheckName): Finding => ({ check, level: "skipped", sentence, advice: [], values: {} });
    const findings = (["boot_config", "access", "in_use", "cameras"] as const).map(skipped);
    return { capture, findings: [...findings, captureFinding] };
  }
  const before = [
    checkBootConfig(readBootConfig(files, board), cameraCount),
    checkAccess(readAccess(files, { withHeaps: board.isRaspberryPi }), captured),
    checkInUse(readUse(files), captured ? "frames" : isBusy ? "busy" : "no_frames"),
  ];
  const cameras = checkCameras({
    board,
    cameras: machine.cameras,
    cameraIndex,
    sensors: readSensors(files),
    before,
  });
  return { capture, findings: [...before, cameras, captureFinding] };
}

async function examineEncoders(
  board: Board,
  machine: Machine,
  config: CameraConfig,
  capture: CaptureTrial | undefined,
): Promise<{ findings: Finding[]; bytesPerSecond: number | undefined }> {
  const { codec, encoder, recordFps, bitrate, jpegQuality } = config;
  const { format, assumed } = formatOf(machine, config, capture);
  const options = { codec, format, frameRate: recordFps, bitrate, jpegQuality };
  const nodeCodec = codec === "h264" ? "h264" : "jpeg";
  const hasNode =
    "value" in machine.nodes &&
    machine.nodes.value.some((node) => node.kind === "encoder" && node.codecs.includes(nodeCodec));
  const device = encoder.kind === "v4l2m2m" ? encoder.device : undefined;
  const hardware =
    encoder.kind === "v4l2m2m" || (encoder.kind === "auto" && hasNode)
      ? await found(() => tryEncoder({ ...options, choice: { kind: "v4l2m2m", device } }))
      : undefined;
  const software =
    encoder.kind === "v4l2m2m"
      ? undefined
      : await found(() => tryEncoder({ ...options, choice: { kind: "software" } }));
  const bytesPerFrame = [hardware, software].flatMap((one) =>
    one !== undefined && "value" in one ? one.value.bytesPerFrame : [],
  )[0];
  const mjpegBytes = bytesPerFrame === undefined ? undefined : bytesPerFrame * recordFps;
  return {
    findings: [
      checkHardwareEncoder({ board, nodes: machine.nodes, codec, encoder }),
      checkEncoderSpeed({ codec, encoder, recordFps, format, assumed, hardware, software }),
    ],
    bytesPerSecond: codec === "h264" ? bitrate / 8 : mjpegBytes,
  };
}

async function examineDisk(folder: string, bytesPerSecond: number | undefined): Promise<Finding[]> {
  const tried = nearestFolder(resolve(folder));
  const disk = await readDiskSpace(tried);
  const trial = await tryDisk(tried, { bytesPerSecond, freeBytes: disk?.freeBytes });
  return [
    checkDiskSpace({ folder: tried, disk, bytesPerSecond }),
    checkDiskSpeed({ folder: tried, trial, bytesPerSecond }),
  ];
}

/** A session's folder is made when it begins: the one that it will be made in tells as much. */
function nearestFolder(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : nearestFolder(dirname(path));
}

/** The camera's own where it was tried, else the likeliest. */
function formatOf(
  machine: Machine,
  { size, cameraIndex = 0 }: CameraConfig,
  capture: CaptureTrial | undefined,
): Pick<EncoderSpeedFacts, "format" | "assumed"> {
  if (capture?.kind === "frames") return { format: capture.info.format, assumed: "nothing" };
  const camera = "value" in machine.cameras ? machine.cameras.value.list[cameraIndex] : undefined;
  const known = size ?? (camera === undefined ? undefined : { width: camera.nativeWidth, height: camera.nativeHeight });
  const format = paddedYuv420({ ...(known ?? USUAL_SIZE), colour: REC709 });
  return { format, assumed: known === undefined ? "all" : "layout" };
}

async function found(attempt: () => Promise<EncoderTrial>): Promise<Found<EncoderTrial>> {
  try {
    return { value: await attempt() };
  } catch (thrown) {
    if (thrown instanceof RuntimeError) return { error: thrown };
    return { error: toRuntimeError(thrown, "encoder_failed") };
  }
}
