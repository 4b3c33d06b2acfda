import type { Logger } from "pino";
import type { CommandLog } from "../log/command-log.ts";
import type { LineSink } from "../log/line-sink.ts";
import type { TrafficListener } from "../log/traffic-listener.ts";
import type { SpareFrameConsumer } from "../pipeline/spare-frames.ts";
import type { Status } from "../protocol/statuses.ts";
import type { OpenVideoEncoder } from "../recording/encoders/open-video-encoder.ts";
import type { CreateSource } from "./create-source.ts";

/** What the runtime is given by whoever runs it. */
export interface RuntimeDependencies {
  readonly log: Logger;
  /** Sends a status to the host. Must not throw. */
  readonly send: (status: Status) => void;
  readonly commandLog?: CommandLog;
  /** Hears of commands and statuses as the command log does. */
  readonly traffic?: TrafficListener;
  /** Gets the frames that nobody else needs. */
  readonly preview?: SpareFrameConsumer | undefined;
  /** One line for each frame that should have been recorded and was not. */
  readonly frameDrops?: LineSink;
  /** Tests put a camera of their own here. */
  readonly createSource?: CreateSource;
  readonly openEncoder?: OpenVideoEncoder;
}
