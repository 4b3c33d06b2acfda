import type { Found } from "../../program/machine.ts";
import type { CameraConfig } from "../../runtime/camera-config.ts";
import type { Finding } from "../finding.ts";
import type { EncoderTrial } from "../trials/try-encoder.ts";

export interface EncoderSpeedFacts {
  readonly codec: CameraConfig["codec"];
  readonly encoder: CameraConfig["encoder"];
  readonly recordFps: number;
  /** Of the pictures that were encoded. */
  readonly size: { readonly width: number; readonly height: number };
  /** The size is the camera's, or was asked for; else it is only the usual one. */
  readonly isRightSize: boolean;
  /** undefined: not tried, because there is none or it is not asked for. */
  readonly hardware: Found<EncoderTrial> | undefined;
  readonly software: Found<EncoderTrial> | undefined;
}

/** Capture, viewers and the disk want their part of the machine as well: less to spare than this is too little. */
const HEADROOM = 1.5;

export function checkEncoderSpeed(facts: EncoderSpeedFacts): Finding {
  const { codec, recordFps, size, isRightSize, hardware, software } = facts;
  const finding = {
    check: "encoder_speed",
    values: {
      codec,
      width: size.width,
      height: size.height,
      record_fps: recordFps,
      hardware: valuesOf(hardware),
      software: valuesOf(software),
    },
  } as const;
  const errors = [hardware, software].flatMap((one) => (one !== undefined && "error" in one ? one.error.message : []));
  const used = trialOf(hardware) ?? trialOf(software);
  if (used === undefined) {
    const sentence = errors.join("; ") || `nothing here encodes ${codec}`;
    return { ...finding, level: "failure", sentence, advice: ['"csi-camera list" tells what is missing'] };
  }
  const ceiling = used.framesPerSecond;
  const measured = `${used.name} encodes ${ceiling.toFixed(0)} frames/s of ${size.width}x${size.height}`;
  const sentence =
    `${measured}, ${recordFps} are asked for` + (isRightSize ? "" : " (the camera's size is not known: the usual one)");
  if (ceiling < recordFps) {
    return {
      ...finding,
      level: "failure",
      sentence: `${sentence}: frames would be dropped`,
      advice: less(facts, ceiling),
    };
  }
  if (ceiling < HEADROOM * recordFps) {
    return {
      ...finding,
      level: "warning",
      sentence: `${sentence}: that leaves little room`,
      advice: less(facts, ceiling),
    };
  }
  // An encoder that is there and fails, and another that does its work.
  if (errors.length > 0)
    return { ...finding, level: "warning", sentence: `${sentence}. ${errors.join("; ")}`, advice: [] };
  return { ...finding, level: isRightSize ? "ok" : "unknown", sentence, advice: [] };
}

/** `ceiling`: frames/s of the encoder that would be taken. */
function less({ codec, encoder, hardware, software }: EncoderSpeedFacts, ceiling: number): string[] {
  const rate = Math.floor((ceiling / HEADROOM) * 10) / 10;
  const isSoftwareFaster = (trialOf(software)?.framesPerSecond ?? 0) > ceiling;
  return [
    ...(isSoftwareFaster ? ["--encoder software is faster here"] : []),
    `--record-fps ${Math.max(0.1, rate)}, or a smaller --size`,
    ...(codec === "mjpeg" ? ["--codec h264, or a lower --jpeg-quality"] : ["a lower --bitrate, or --codec mjpeg"]),
    ...(encoder.kind === "software" && hardware === undefined
      ? ["--encoder auto, where there is a hardware encoder"]
      : []),
    "end other programs, and look at Power and Temperature: this was measured on the machine as it is now",
  ];
}

function trialOf(found: Found<EncoderTrial> | undefined): EncoderTrial | undefined {
  return found !== undefined && "value" in found ? found.value : undefined;
}

function valuesOf(found: Found<EncoderTrial> | undefined) {
  if (found === undefined) return null;
  if ("error" in found) return { encoder: null, frames_per_second: null, error: found.error.message };
  return {
    encoder: found.value.name,
    frames_per_second: Math.round(found.value.framesPerSecond * 10) / 10,
    error: null,
  };
}
