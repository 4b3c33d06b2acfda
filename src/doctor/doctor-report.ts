import type { CameraConfig } from "../runtime/camera-config.ts";
import { VERSION } from "../version.ts";
import { CHECKS, type Finding, type Verdict, verdictOf } from "./finding.ts";

/** What `doctor --json` prints. Keys and checks may be added; one that changes its meaning changes `format_version`. */
export interface DoctorReport {
  readonly format_version: 1;
  readonly csi_camera: string;
  /** When, UTC, ISO 8601. */
  readonly made_at: string;
  /** Exit code 0, 1, 2. */
  readonly verdict: Verdict;
  /** What the machine was held against. */
  readonly asked: {
    readonly source: string;
    readonly camera_index: number;
    /** Pixels; null: the camera's own size. */
    readonly size: { readonly width: number; readonly height: number } | null;
    readonly record_fps: number;
    readonly capture_fps: number;
    readonly codec: string;
    readonly encoder: string;
    /** bit/s. */
    readonly bitrate: number;
  };
  /** Always all of `CHECKS`, in that order. */
  readonly findings: readonly (Finding & { readonly title: string })[];
}

export function doctorReport(findings: readonly Finding[], config: CameraConfig): DoctorReport {
  const { source, cameraIndex = 0, size = null, recordFps, codec, encoder, bitrate } = config;
  const device = encoder.kind === "v4l2m2m" && encoder.device !== undefined ? `:${encoder.device}` : "";
  return {
    format_version: 1,
    csi_camera: VERSION,
    made_at: new Date().toISOString(),
    verdict: verdictOf(findings),
    asked: {
      source: source.kind,
      camera_index: cameraIndex,
      size,
      record_fps: recordFps,
      capture_fps: config.captureFps ?? recordFps,
      codec,
      encoder: `${encoder.kind}${device}`,
      bitrate,
    },
    findings: findings.map(({ check, level, sentence, advice, values }) => ({
      check,
      title: CHECKS[check],
      level,
      sentence,
      advice,
      values,
    })),
  };
}
