import { decodePreview, type PreviewHeader } from "../../src/debug/preview-packet.ts";
import { formatCount, formatAge } from "../model/format.ts";
import { ageWhenSentMs, staleAfterMs } from "../model/picture-age.ts";
import { printable } from "../model/printable.ts";
import { LatestPicture } from "./latest-picture.ts";
import { find, setData, setText } from "./elements.ts";

interface ShownPicture {
  readonly header: PreviewHeader;
  /** performance.now() when its message came. */
  readonly receivedMs: number;
}

type PictureCondition = "none" | "live" | "stale" | "paused";

const LABELS: Record<PictureCondition, string> = {
  none: "No picture yet",
  live: "Live picture of the camera",
  stale: "Old picture of the camera",
  paused: "Paused picture of the camera",
};

/** How often the age is written again while no new picture comes, once it is that old. */
const TICK_MS = 200;
const TICK_AFTER_MS = 500;

/** The live picture, with its age; says when no new one comes. */
export class PictureView {
  readonly #figure = find("picture", HTMLElement);
  readonly #canvas = find("picture-canvas", HTMLCanvasElement);
  readonly #notice = find("picture-notice", HTMLElement);
  readonly #age = find("picture-age", HTMLElement);
  readonly #ageValue = find("picture-age-value", HTMLElement);
  readonly #ageText = find("picture-age-text", HTMLElement);
  readonly #frameNumber = find("picture-frame-number", HTMLElement);
  readonly #size = find("picture-size", HTMLElement);
  readonly #pause = find("picture-pause", HTMLButtonElement);
  readonly #decoder = new LatestPicture<ShownPicture>((bitmap, picture) => this.#draw(bitmap, picture));
  #shown: ShownPicture | undefined;
  #isPaused = false;
  #error: string | null = null;
  #staleMs = staleAfterMs(0);

  constructor() {
    this.#pause.addEventListener("click", () => this.togglePause());
    setInterval(() => this.#tick(), TICK_MS);
  }

  /** A binary message. What is no preview is ignored. */
  receive(message: ArrayBuffer): void {
    const preview = decodePreview(new Uint8Array(message));
    if (preview === undefined || this.#isPaused) return;
    const { header, jpeg } = preview;
    this.#decoder.offer(jpeg.slice(), { header, receivedMs: performance.now() });
  }

  /** `rate`: pictures per second that should come; by it a picture is stale. */
  expectRate(rate: number): void {
    this.#staleMs = staleAfterMs(rate);
  }

  /** Why no pictures can be made, a sentence; null while they can. */
  tellError(error: string | null): void {
    this.#error = error;
    this.#tell();
  }

  togglePause(): void {
    this.#isPaused = !this.#isPaused;
    this.#pause.ariaPressed = String(this.#isPaused);
    this.#tell();
  }

  #draw(bitmap: ImageBitmap, picture: ShownPicture): void {
    if (this.#isPaused) return;
    const { width, height } = bitmap;
    // Setting a canvas's size clears it.
    if (this.#canvas.width !== width || this.#canvas.height !== height) Object.assign(this.#canvas, { width, height });
    this.#canvas.getContext("2d", { alpha: false })?.drawImage(bitmap, 0, 0);
    this.#shown = picture;
    setText(this.#frameNumber, formatCount(picture.header.frameNumber));
    setText(this.#size, `${width} × ${height}`);
    this.#tell();
  }

  /** Between pictures that come in time, digits that run would only be unrest. */
  #tick(): void {
    if (performance.now() - (this.#shown?.receivedMs ?? 0) > TICK_AFTER_MS) this.#tell();
  }

  #tell(): void {
    const sinceMs = performance.now() - (this.#shown?.receivedMs ?? 0);
    const condition = this.#condition(sinceMs);
    setData(this.#figure, "picture", condition);
    setText(this.#notice, this.#noticeOf(condition, sinceMs));
    const label = LABELS[condition];
    if (this.#canvas.ariaLabel !== label) this.#canvas.ariaLabel = label;
    if (this.#shown === undefined) return;
    setText(this.#ageValue, formatAge(ageWhenSentMs(this.#shown.header) + sinceMs));
    setText(this.#ageText, condition === "stale" ? "stale" : "");
    setData(this.#age, "level", condition === "stale" ? "bad" : "neutral");
  }

  #condition(sinceMs: number): PictureCondition {
    if (this.#shown === undefined) return "none";
    if (this.#isPaused) return "paused";
    return sinceMs > this.#staleMs ? "stale" : "live";
  }

  #noticeOf(condition: PictureCondition, sinceMs: number): string {
    if (condition === "paused") return "Paused";
    if (condition === "live") return "";
    if (this.#error !== null) return `No picture: ${printable(this.#error)}`;
    return condition === "none" ? "No picture yet" : `No new picture for ${formatAge(sinceMs)}`;
  }
}
