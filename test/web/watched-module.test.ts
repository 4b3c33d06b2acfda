import { afterAll, beforeAll, expect, test } from "bun:test";
import { startBrowser } from "./browser-under-test.ts";
import { ViewerPage } from "./viewer-page.ts";
import { startWatchedModule, type WatchedModule } from "./watched-module.ts";

/** What holds for any module that is watched, scripted or not. */

let browser: Awaited<ReturnType<typeof startBrowser>>;
let module: WatchedModule;

beforeAll(async () => {
  [browser, module] = await Promise.all([startBrowser(), startWatchedModule()]);
}, 30_000);
afterAll(async () => {
  await browser[Symbol.asyncDispose]();
  await module[Symbol.asyncDispose]();
});

const PIXELS = `(() => {
  const canvas = Object.assign(document.createElement("canvas"), { width: 64, height: 48 });
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(document.getElementById("picture-canvas"), 0, 0, 64, 48);
  return context.getImageData(0, 0, 64, 48).data.join();
})()`;

const FRAME_NUMBER = "Number(document.getElementById('picture-frame-number').textContent.replaceAll(',', ''))";

test("its picture moves, its frame number advances, its traffic is there and filters, and nobody else is asked", async () => {
  await using viewer = await ViewerPage.open(browser.context, module.url);
  await viewer.until(`${FRAME_NUMBER} > 0`);
  const [first, pixels] = await viewer.page.evaluate<[number, string]>(`[${FRAME_NUMBER}, ${PIXELS}]`);
  await viewer.until(`${FRAME_NUMBER} > ${first}`);
  await viewer.until(`${PIXELS} !== ${JSON.stringify(pixels)}`);

  const traffic = viewer.page.locator("#traffic-list");
  await viewer.page.locator("#traffic-text").fill("assign_device");
  await viewer.untilText("traffic-summary", /^2 of \d+ lines$/);
  expect(await traffic.innerText()).toMatch(/device_ready \d+(\.\d+)? m?s/);
  expect(await traffic.locator("li").first().innerText()).toContain("after assign_device");
  expect([viewer.complaints, viewer.foreignUrls]).toEqual([[], []]);
}, 30_000);

test("when it has begun anew, the page is connected again and its picture moves", async () => {
  await using viewer = await ViewerPage.open(browser.context, module.url);
  await viewer.until(`${FRAME_NUMBER} > 0`);
  await module.restart();
  await viewer.untilText("connection-name", "connected");
  await viewer.until("document.getElementById('picture').dataset.picture === 'live'");
  await viewer.untilText("traffic-list", /The module began anew/);
}, 30_000);
