import type { StatusLine } from "../../src/protocol/statuses.ts";
import { show } from "./reply-book.ts";

/** They come after the end of what was recorded. */
const AFTER_RECORDING = ["device_error", "device_unassigned", "quitting"];

/** recording_started and recording_stopped take turns, and each pair speaks of one recording. */
export class RecordingRule {
  readonly #violate: (sentence: string) => void;
  #started: StatusLine | undefined;

  constructor(onViolation: (sentence: string) => void) {
    this.#violate = onViolation;
  }

  /** What recording_started said of the recording that goes on. */
  get started(): StatusLine | undefined {
    return this.#started;
  }

  check(status: StatusLine): void {
    const { status: name, data } = status;
    const started = this.#started;
    if (name === "recording_started") {
      this.#started = status;
      if (started !== undefined) this.#violate(`recording_started while another recording goes on: ${show(status)}`);
      if (!String(data["video_path"]).startsWith("/")) this.#violate(`video_path is not absolute: ${show(status)}`);
    } else if (name === "recording_stopped") {
      this.#started = undefined;
      if (started === undefined) this.#violate(`recording_stopped while nothing was recorded: ${show(status)}`);
      else if (!isOf(started, status)) this.#violate(`recording_stopped of another recording: ${show(status)}`);
    } else if (AFTER_RECORDING.includes(name) && started !== undefined) {
      this.#violate(`recording_stopped must come before it: ${show(status)}`);
    }
  }
}

function isOf({ data: started }: StatusLine, { data }: StatusLine): boolean {
  const isSamePath = data["video_path"] === null || data["video_path"] === started["video_path"];
  return isSamePath && data["camera_id"] === started["camera_id"];
}
