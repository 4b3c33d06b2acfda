import { type Part, parts } from "./plan.ts";

/** What runs in the VM. */
export interface Guest {
  /** What can be played there. */
  readonly parts: readonly Part[];
  /** Environment variables, as prepare.sh and boot.sh have them. */
  readonly settings: Readonly<Record<string, string>>;
  /** In the guest, before all else: shell. */
  readonly setUp: string;
  /** How much larger a picture is than what vimc's sensor made, and wrote its clock into. */
  readonly sensorScale: number;
  /** How its kernel and its libcamera call themselves. */
  readonly kernel: RegExp;
  readonly libcamera: RegExp;
}

const GUESTS: Readonly<Record<string, Guest>> = {
  12: { parts, settings: {}, setUp: ":", sensorScale: 3, kernel: /^6\.1\./, libcamera: /^v0\.0\.3/ },
  13: {
    // What a power cut leaves is neither libcamera's affair nor that of a root file system.
    parts: ["recordings", "encoder"],
    // Its camera makes pictures that are nine times as large.
    settings: { CSI_CAMERA_VM_DEBIAN: "13", CSI_CAMERA_VM_LIMIT_S: process.env["CSI_CAMERA_VM_LIMIT_S"] ?? "1200" },
    // The one that prepare.sh has built for it, in place of the machine's own.
    setUp: '(cd "$CHECKOUT/shim/build" && mount --bind trixie-amd64/libcsi_camera.so libcsi_camera.so)',
    sensorScale: 1,
    kernel: /^6\.12\./,
    libcamera: /^v0\.4\./,
  },
};

/** By its Debian's number. */
export function guestOf(debian: string): Guest {
  const guest = GUESTS[debian];
  if (guest === undefined) throw new Error(`got --debian ${debian}, expected ${Object.keys(GUESTS).join(" or ")}`);
  return guest;
}
