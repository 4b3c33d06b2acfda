import manifest from "../../../package.json" with { type: "json" };
import { findLibrary } from "../../native/find-library.ts";
import type { Machine } from "../../program/machine.ts";
import { VERSION } from "../../version.ts";
import type { Finding } from "../finding.ts";

export interface VersionFacts {
  /** The one that runs. */
  readonly bun: string;
  readonly machine: Pick<Machine, "cameras" | "h264" | "mjpeg">;
}

/** Pinned: all tests ran on it. */
const BUN_EXPECTED: string = manifest.dependencies.bun;

/** Missing libraries are others' findings: what is made of cameras and encoders depends on what is asked. */
export function checkVersions({ bun, machine: { cameras, h264, mjpeg } }: VersionFacts): Finding {
  const libcamera = "value" in cameras ? cameras.value.libcamera : undefined;
  const names = [
    `csi-camera ${VERSION}`,
    `Bun ${bun}`,
    libcamera === undefined ? "no usable libcamera" : `libcamera ${plain(libcamera.runtime)}`,
    "value" in h264 ? h264.value : "no libx264",
    "value" in mjpeg ? mjpeg.value : "no libjpeg-turbo",
  ];
  const advice = [
    ...(bun === BUN_EXPECTED ? [] : [`Bun ${BUN_EXPECTED} is what all was tested with: "npx bun" runs that one`]),
    ...(libcamera === undefined || isSame(libcamera)
      ? []
      : [`the camera library was built for libcamera ${plain(libcamera.build)}: ${findLibrary("camera").remedy}`]),
  ];
  return {
    check: "versions",
    level: advice.length === 0 ? "ok" : "warning",
    sentence: names.join(", "),
    advice,
    values: {
      csi_camera: VERSION,
      bun,
      libcamera: libcamera?.runtime ?? null,
      libcamera_built_with: libcamera?.build ?? null,
      h264: "value" in h264 ? h264.value : null,
      mjpeg: "value" in mjpeg ? mjpeg.value : null,
    },
  };
}

/** libcamera calls itself `v0.4.0+53-29156679`, its headers 0.4.0. */
function isSame({ build, runtime }: { build: string; runtime: string }): boolean {
  return numbers(build) === numbers(runtime);
}

function numbers(version: string): string {
  return /\d+\.\d+\.\d+/.exec(version)?.[0] ?? version;
}

function plain(version: string): string {
  return version.replace(/^v/, "");
}
