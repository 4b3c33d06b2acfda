import { expect, test } from "bun:test";
import type { Page } from "playwright-core";
import { TemporaryDirectory } from "../log/temporary-directory.ts";
import { decodeFrameNumbers } from "../support/decode-video.ts";
import { ModuleProcess } from "../support/module-process.ts";
import { openBrowser } from "../support/open-browser.ts";
import { readFrameNumber } from "../support/read-frame-number.ts";
import { assign, record } from "../support/record.ts";
import { serveVideo } from "../support/serve-video.ts";
import { expectedTimesUs, readTimingFile } from "../support/timing-file.ts";

const CODE = { width: 128, height: 80 };

/** Plays it to the end; resolves with how far it came. Runs in the page. */
const PLAY = `new Promise((resolve, reject) => {
  const video = document.querySelector("video");
  video.onended = () => resolve(video.currentTime);
  video.onerror = () => reject(new Error(video.error.message));
  video.play().catch(reject);
})`;

const CAN_PLAY = `new Promise((resolve, reject) => {
  const video = document.querySelector("video");
  const done = () => resolve({
    readyState: video.readyState, width: video.videoWidth, height: video.videoHeight, duration: video.duration,
  });
  video.onerror = () => reject(new Error(video.error.message));
  if (video.readyState >= 3) done(); else video.oncanplay = done;
})`;

/** The number in the picture that is shown at this time. */
async function frameNumberAt(page: Page, seconds: number): Promise<number | undefined> {
  const green = await page.evaluate<number[]>(`new Promise((resolve, reject) => {
    const video = document.querySelector("video");
    video.onerror = () => reject(new Error(video.error.message));
    // On a busy machine "seeked" comes before the picture does.
    const onPicture = (_now, { mediaTime }) => {
      if (Math.abs(mediaTime - ${seconds}) > 1 / 30) return void video.requestVideoFrameCallback(onPicture);
      const canvas = document.createElement("canvas");
      Object.assign(canvas, ${JSON.stringify(CODE)});
      const context = canvas.getContext("2d");
      context.drawImage(video, 0, 0);
      const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
      resolve(Array.from(data).filter((_, index) => index % 4 === 1));
    };
    video.requestVideoFrameCallback(onPicture);
    video.currentTime = ${seconds};
  })`);
  return readFrameNumber(Uint8Array.from(green), CODE.width);
}

test("a recording plays in Chromium from beginning to end, and seeking shows the right pictures", async () => {
  using directory = new TemporaryDirectory();
  await using host = new ModuleProcess(["--source", "synthetic", "--size", "640x480"]);
  await assign(host);
  const recording = await record(host, directory.file("session"), 75);
  const numbers = await decodeFrameNumbers(recording.video);
  const times = expectedTimesUs(readTimingFile(recording.timing).rows).map((timeUs) => timeUs / 1e6);
  const lastTime = times.at(-1) ?? Number.NaN;

  await using server = { ...serve(recording.video) };
  const context = await openBrowser(directory.file("profile"));
  try {
    const page = await context.newPage();
    await page.goto(server.url);
    const media = await page.evaluate<Record<string, number>>(CAN_PLAY);
    expect(media).toMatchObject({ width: 640, height: 480 });
    expect(media["readyState"]).toBeGreaterThanOrEqual(3);
    expect(Math.abs((media["duration"] ?? Number.NaN) - (lastTime + 1 / 30))).toBeLessThan(1 / 30);
    for (const index of [Math.floor(numbers.length / 2), 5, numbers.length - 3]) {
      // The middle of its time, away from both neighbours.
      expect(await frameNumberAt(page, (times[index] ?? 0) + 1 / 60)).toBe(numbers[index]);
    }
    await page.evaluate("document.querySelector('video').currentTime = 0");
    expect(Math.abs((await page.evaluate<number>(PLAY)) - (lastTime + 1 / 30))).toBeLessThan(1 / 30);
  } finally {
    await context.close();
  }
}, 60_000);

function serve(video: string): { url: string } & AsyncDisposable {
  const server = serveVideo(video);
  return { url: server.url.href, [Symbol.asyncDispose]: () => server.stop(true) };
}
