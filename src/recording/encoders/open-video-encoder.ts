import { RuntimeError, toRuntimeError } from "../../errors.ts";
import type { EncoderLibraryName } from "../../native/encoder-library.ts";
import type { NativeEncoderConfig } from "../../native/encoder-structs.ts";
import type { VideoCodec, VideoEncoder, VideoEncoderEvents } from "../video-encoder.ts";
import { nativeConfig } from "./native-config.ts";
import { NativeVideoEncoder } from "./native-video-encoder.ts";
import type { VideoEncoderOptions } from "./video-encoder-options.ts";

export interface OpenedVideoEncoder {
  readonly encoder: VideoEncoder;
  /** Why this one: for the log. */
  readonly reason: string;
}

export type OpenVideoEncoder = (
  options: VideoEncoderOptions,
  events: VideoEncoderEvents,
) => Promise<OpenedVideoEncoder>;

/** Opens an encoder of one library: NativeVideoEncoder.open, where it is no test's. */
type OpenLibrary = (
  library: EncoderLibraryName,
  codec: VideoCodec,
  config: NativeEncoderConfig,
  events: VideoEncoderEvents,
) => Promise<VideoEncoder>;

/** Opens the encoder that the options ask for. Throws `encoder_unavailable` or `encoder_failed`. */
export const openVideoEncoder: OpenVideoEncoder = chooseAmong((...asked) => NativeVideoEncoder.open(...asked));

/** Chooses among the encoders of the libraries that `openLibrary` opens. */
export function chooseAmong(openLibrary: OpenLibrary): OpenVideoEncoder {
  return async (options, events) => {
    const { choice, codec } = options;
    // Where no level of this profile allows it, none of a lower one does: no encoder need be tried.
    const hardwareConfig = nativeConfig(options, "high");
    const openHardware = (device?: string) => openLibrary("m2m", codec, { ...hardwareConfig, device }, events);
    const openSoftware = () =>
      openLibrary(codec === "h264" ? "x264" : "image", codec, nativeConfig(options, "main"), events);
    switch (choice.kind) {
      case "software":
        return { encoder: await openSoftware(), reason: "asked for" };
      case "v4l2m2m":
        return { encoder: await openHardware(choice.device).catch(adviseOthers), reason: "asked for" };
      case "auto":
        return await openEither(openHardware, openSoftware, events);
    }
  };
}

function adviseOthers(thrown: unknown): never {
  const { code, message } = toRuntimeError(thrown);
  throw new RuntimeError(code, `${message}; use --encoder software or auto`, { cause: thrown });
}

/** The hardware's; where there is none that is quiet, where there is one that can't be used the host is warned. */
async function openEither(
  openHardware: () => Promise<VideoEncoder>,
  openSoftware: () => Promise<VideoEncoder>,
  events: VideoEncoderEvents,
): Promise<OpenedVideoEncoder> {
  try {
    return { encoder: await openHardware(), reason: "the hardware's comes first" };
  } catch (thrown) {
    const hardware = toRuntimeError(thrown);
    const encoder = await openSoftware().catch((software: unknown) => neither(software, hardware));
    if (hardware.code !== "encoder_unavailable") {
      const message = `the hardware encoder can't be used, ${encoder.info.name} is used instead: ${hardware.message}`;
      events.onWarning("encoder_fallback", message);
    }
    return { encoder, reason: hardware.message };
  }
}

function neither(thrown: unknown, hardware: RuntimeError): never {
  const { code, message } = toRuntimeError(thrown);
  throw new RuntimeError(code, `${message}; of the hardware encoder: ${hardware.message}`, { cause: thrown });
}
