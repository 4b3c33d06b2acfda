/** Test files, or folders of them. What is in none of these is run with `--all`. */
export const CHOSEN: readonly string[] = [
  // The C ABI: the layout of each shared struct, handles, errors; the shim's threads and descriptors.
  "test/native/camera.test.ts",
  "test/native/clocks.test.ts",
  "test/native/encoder-contract.test.ts",
  "test/native/load-library.test.ts",
  "test/native/m2m-parts.test.ts",
  // Encoders, and each pixel format and colour on its way into them: NEON's code instead of AVX's.
  "test/native/h264.test.ts",
  "test/native/jpeg.test.ts",
  "test/arm64/neon.arm64.ts",
  // Frames' memory, and numbers written into pictures.
  "test/capture/buffer-pool.test.ts",
  "test/capture/frame-memory.test.ts",
  "test/capture/frame-number-code.test.ts",
  // Exact times and the books that are kept of frames.
  "test/pipeline/frame-ledger.test.ts",
  "test/pipeline/sensor-clock.test.ts",
  "test/pipeline/timing-gate.test.ts",
  // What doctor reads of a machine like this: its device tree, its boot settings, its sensors and its power supply.
  "test/doctor/boot-config.test.ts",
  "test/doctor/cameras.test.ts",
  "test/doctor/devices.test.ts",
  "test/doctor/health.test.ts",
  "test/doctor/machine.test.ts",
  // The program, with a host, on small pictures.
  "test/arm64/recordings.arm64.ts",
];

/** What is left out. `names`: only these tests of a file, as Bun calls them, with the name of each describe in front. */
export interface LeftOut {
  readonly path: string;
  readonly names?: readonly string[];
  readonly why: string;
}

const RATES = "it records in real time, at a rate that an emulated processor does not keep";
const LIMITS = "it has limits in real time that are for a processor which is not emulated";
const HERE = "it is about this machine, or about programs of this machine";
const LATENCY = "it holds single calls to a microsecond or a millisecond";
const IOCTLS = "qemu does not know this ioctl and passes nothing on: another error comes back";

const bothSoftwareEncoders = (name: string) => [`x264 ${name}`, `image ${name}`];

export const LEFT_OUT: readonly LeftOut[] = [
  { path: "test/vm", why: "it boots virtual machines" },
  { path: "test/long", why: "it takes hours where it is not emulated" },
  { path: "test/bench", why: HERE },
  { path: "test/web", why: `${HERE}: a browser` },
  { path: "test/recording/mp4/chromium.test.ts", why: `${HERE}: a browser` },
  { path: "test/hosts", why: `${HERE}: Python` },
  { path: "test/native/build.test.ts", why: `${HERE}: its compiler` },
  { path: "test/architecture.test.ts", why: "it reads sources only" },
  { path: "test/e2e", why: `${RATES}; test/arm64/recordings.arm64.ts is in its place` },
  ...["runtime", "preview", "replay", "metrics"].map((folder) => ({ path: `test/${folder}`, why: RATES })),
  ...["debug", "host", "http", "log", "program"].map((folder) => ({ path: `test/${folder}`, why: LIMITS })),
  ...[
    "capture/synthetic-source",
    "native/m2m-drivers",
    "native/m2m-rules",
    "protocol/line-reader",
    "protocol/output-queue",
    "recording/metadata/self-description",
  ].map((file) => ({ path: `test/${file}.test.ts`, why: LIMITS })),
  {
    path: "test/native/encoder-contract.test.ts",
    names: [
      ...bothSoftwareEncoders("neither opening, submitting nor taking keeps the caller for long"),
      "a call finds its encoder in far less than a microsecond",
    ],
    why: LATENCY,
  },
  {
    path: "test/native/encoder-contract.test.ts",
    names: bothSoftwareEncoders(
      "a frame whose dmabuf cannot be read ends the encoder with a sentence; all frames are released and skipped",
    ),
    why: IOCTLS,
  },
  {
    path: "test/native/dmaheap.test.ts",
    names: [
      "csi_dmaheap.h a device that is no heap is an error with a sentence, and is closed again",
      "csi_dmaheap.h memory that is no dmabuf needs no brackets; a descriptor that is not open is an error",
    ],
    why: IOCTLS,
  },
  {
    path: "test/capture/dmabuf-source.test.ts",
    names: ["a source whose dmabuf can't be written to has failed, once, and sends no more frames"],
    why: IOCTLS,
  },
  {
    path: "test/telemetry/frame-telemetry.test.ts",
    names: [
      "FrameTelemetry measures what reaches it: intervals, rate and latency",
      "FrameTelemetry a sensor with a clock of its own has intervals and a rate, and no latencies",
    ],
    why: LIMITS,
  },
  {
    path: "test/native/m2m-device.test.ts",
    names: [
      "a child that does not touch the device leaves an empty report",
      "a switch that nobody knows ends the program",
    ],
    why: "it loads the device into a program of this machine",
  },
  {
    path: "test/doctor/cameras.test.ts",
    names: [
      "a camera is opened, and what it delivers is right where it is as fast as asked",
      "a camera that can't be opened, gives nothing, or only one frame, is a failure",
    ],
    why: LIMITS,
  },
  {
    path: "test/doctor/health.test.ts",
    names: ["the power supply that fails is a warning with what to do: /usr/bin/vcgencmd"],
    why: LIMITS,
  },
  {
    path: "test/doctor/doctor.test.ts",
    names: [
      "the program tries camera, encoders and disk, tells all checks as JSON, and leaves nothing behind",
      "a camera that is not there is exit code 2, with what was looked at to find out why",
    ],
    why: LIMITS,
  },
  {
    path: "test/native/h264.test.ts",
    names: ["the bitrate is kept"],
    why: "it encodes more pictures than its 20 s are enough for",
  },
];
