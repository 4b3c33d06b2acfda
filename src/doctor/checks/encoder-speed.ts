import type { StreamFormat } from "../../capture/stream-format.ts";
import type { Found } from "../../program/machine.ts";
import type { CameraConfig } from "../../runtime/camera-config.ts";
import type { Finding } from "../finding.ts";
import { ownCommandLine } from "../own-command-line.ts";
import type { EncoderTrial } from "../trials/try-encoder.ts";

export interface EncoderSpeedFacts {
  readonly codec: CameraConfig["codec"];
  readonly encoder: CameraConfig["encoder"];
  readonly recordFps: number;
  /** Of the pictures that were encoded. */
  readonly format: StreamFormat;
  /** What of the format is not the camera's: nothing, all but the size, or everything. */
  readonly assumed: "nothing" | "layout" | "all";
  /** undefined: not tried, because there is none or it is not asked for. */
  readonly hardware: Found<EncoderTrial> | undefined;
  readonly software: Found<EncoderTrial> | undefined;
}

/** Capture, viewers and the disk want their part of the machine as well: less to spare than this is too little. */
const HEADROOM = 1.5;
const ASSUMED: Record<EncoderSpeedFacts["assumed"], string> = {
  nothing: "",
  layout: " (the camera's format is not known: the usual one)",
  all: " (the camera's size and format are not known: the usual ones)",
};

export function checkEncoderSpeed(facts: EncoderSpeedFacts): Finding {
  const { codec, recordFps, format, assumed, hardware, software } = facts;
  const finding = {
    check: "encoder_speed",
    values: {
      codec,
      width: format.width,
      height: format.height,
      pixel_format: format.pixelFormat,
      strides: [...format.strides],
      assumed,
      record_fps: recordFps,
      hardware: valuesOf(hardware),
      software: valuesOf(software),
    },
  } as const;
  const errors = [hardware, software].flatMap((one) => (one !== undefined && "error" in one ? one.error.message : []));
  const used = trialOf(hardware) ?? trialOf(software);
  if (used === undefined) {
    const sentence = errors.join("; ") || `nothing here encodes ${codec}`;
    return { ...finding, level: "failure", sentence, advice: [`"${ownCommandLine("list")}" tells what is missing`] };
  }
  const ceiling = used.framesPerSecond;
  const pictures = `${format.width}x${format.height} ${format.pixelFormat}${ASSUMED[assumed]}`;
  const measured = `${used.name} encodes ${ceiling.toFixed(0)} frames/s of ${pictures}, ${recordFps} are asked for`;
  const fallback = fallbackOf(facts);
  if (ceiling < recordFps) {
    const sentence = `${measured}: frames would be dropped${fallback}`;
    return { ...finding, level: "failure", sentence, advice: less(facts, ceiling) };
  }
  if (ceiling < HEADROOM * recordFps) {
    const sentence = `${measured}: that leaves little room${fallback}`;
    return { ...finding, level: "warning", sentence, advice: less(facts, ceiling) };
  }
  // An encoder that is there and fails, and another that does its work.
  if (errors.length > 0) {
    const advice = [`"${ownCommandLine("list")}" tells what there is`];
    return { ...finding, level: "warning", sentence: `${measured}. ${errors.join("; ")}`, advice };
  }
  const advice = assumed === "all" ? ["--size tells which pictures to try"] : [];
  return { ...finding, level: assumed === "all" ? "unknown" : "ok", sentence: `${measured}${fallback}`, advice };
}

/**
 * What `--encoder auto` falls back to when the hardware fails in the middle of a recording. Said, and no warning: it is no
 * fault of the machine, and at 60 frames/s it is so on every Raspberry Pi 4, whose owner can do nothing about it.
 */
function fallbackOf({ encoder, recordFps, hardware, software }: EncoderSpeedFacts): string {
  const ceiling = trialOf(software)?.framesPerSecond;
  if (encoder.kind !== "auto" || trialOf(hardware) === undefined || ceiling === undefined) return "";
  const loss = ceiling < recordFps ? ", and would drop the rest" : "";
  return `; software, if it has to take over: ${ceiling.toFixed(0)} frames/s${loss}`;
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
