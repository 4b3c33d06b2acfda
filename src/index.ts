export { CapturedFrame } from "./capture/captured-frame.ts";
export type { FrameSource } from "./capture/frame-source.ts";
export { PicamSource } from "./capture/picam-source.ts";
export { SyntheticSource } from "./capture/synthetic-source.ts";
export { CameraConfig } from "./runtime/camera-config.ts";
export { CSICameraRuntime } from "./runtime/csi-camera-runtime.ts";
export { RuntimeConfig } from "./runtime/runtime-config.ts";
