import { afterAll, beforeAll, expect, test } from "bun:test";
import { readFrameNumber } from "../support/read-frame-number.ts";
import { startBrowser } from "./browser-under-test.ts";
import { snapshot } from "./made-up-snapshot.ts";
import { command, status } from "./made-up-traffic.ts";
import { movingPictures } from "./moving-pictures.ts";
import { ScriptedModule } from "./scripted-module.ts";
import { ViewerPage } from "./viewer-page.ts";

/** The page in a browser, while a module does what modules do. */

const WIDTH = 368;
const GREEN = `(() => {
  const canvas = Object.assign(document.createElement("canvas"), { width: 128, height: 80 });
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(document.getElementById("picture-canvas"), 0, 0);
  const { data } = context.getImageData(0, 0, 128, 80);
  return [document.getElementById("picture-frame-number").textContent, Array.from(data).filter((_, index) => index % 4 === 1)];
})()`;

let browser: Awaited<ReturnType<typeof startBrowser>>;
let pictures: Uint8Array[];

beforeAll(async () => {
  [browser, pictures] = await Promise.all([startBrowser(), movingPictures(WIDTH, 272, 40)]);
}, 30_000);
afterAll(() => browser[Symbol.asyncDispose]());

/** The number that the page tells, and the one that the picture on it carries. */
async function numbersShown({ page }: ViewerPage): Promise<{ told: number; seen: number | undefined }> {
  const [told, green] = await page.evaluate<[string, number[]]>(GREEN);
  return { told: Number(told.replaceAll(",", "")), seen: readFrameNumber(Uint8Array.from(green), 128) };
}

/** What can't be reached is told by the browser, whatever a page does. */
function ownComplaints({ complaints }: ViewerPage): string[] {
  return complaints.filter((complaint) => !complaint.includes("ERR_CONNECTION_REFUSED"));
}

test("the picture moves, and the frame number that is told is the picture's", async () => {
  await using module = await ScriptedModule.start();
  await using viewer = await ViewerPage.open(browser.context, module.url);
  for (const [index, jpeg] of pictures.slice(0, 5).entries()) {
    module.sendPicture(jpeg, index + 1);
    await viewer.untilText("picture-frame-number", String(index + 1));
    expect(await numbersShown(viewer)).toEqual({ told: index + 1, seen: index + 1 });
  }
  module.play(pictures);
  await viewer.until("document.getElementById('picture').dataset.picture === 'live'");
  await viewer.until("Number(document.getElementById('picture-frame-number').textContent) > 8");
  expect(await viewer.text("picture-age-value")).toMatch(/^\d+ ms$/);
  expect([viewer.complaints, viewer.foreignUrls]).toEqual([[], []]);
}, 30_000);

test("a picture that has no successor is told to be stale, with its age, and is live again with the next one", async () => {
  await using module = await ScriptedModule.start();
  await using viewer = await ViewerPage.open(browser.context, module.url);
  module.sendPicture(pictures[0] ?? new Uint8Array(), 1);
  await viewer.until("document.getElementById('picture').dataset.picture === 'stale'");
  await viewer.untilText("picture-notice", /^No new picture for [1-9]/);
  await viewer.untilText("picture-age-text", "stale");
  module.sendPicture(pictures[1] ?? new Uint8Array(), 2);
  await viewer.until("document.getElementById('picture').dataset.picture === 'live'");
  expect(viewer.complaints).toEqual([]);
}, 30_000);

test("what is no picture changes nothing", async () => {
  await using module = await ScriptedModule.start();
  await using viewer = await ViewerPage.open(browser.context, module.url);
  module.sendPicture(pictures[0] ?? new Uint8Array(), 1);
  await viewer.untilText("picture-frame-number", "1");
  module.sendRaw(new Uint8Array(3));
  module.sendPicture(new Uint8Array(200), 77);
  module.sendRaw("{");
  module.sendRaw('{"kind":"coffee"}');
  module.sendPicture(pictures[1] ?? new Uint8Array(), 2);
  await viewer.untilText("picture-frame-number", "2");
  expect(viewer.complaints).toEqual([]);
}, 30_000);

test("p pauses the picture and lets it go on, but not while somebody writes", async () => {
  await using module = await ScriptedModule.start();
  await using viewer = await ViewerPage.open(browser.context, module.url);
  module.play(pictures);
  await viewer.until("document.getElementById('picture').dataset.picture === 'live'");
  await viewer.page.keyboard.press("p");
  await viewer.untilText("picture-notice", "Paused");
  const paused = (await numbersShown(viewer)).told;
  await viewer.page.keyboard.press("/");
  await viewer.page.keyboard.type("pp");
  expect((await numbersShown(viewer)).told).toBe(paused);
  expect(await viewer.page.getByRole("button", { name: "Pause" }).getAttribute("aria-pressed")).toBe("true");
  await viewer.page.getByRole("button", { name: "Pause" }).click();
  await viewer.until(`Number(document.getElementById('picture-frame-number').textContent) > ${paused}`);
}, 30_000);

test("traffic appears, newest first, paired and timed; details come when they are asked for", async () => {
  await using module = await ScriptedModule.start();
  module.say(command(1, "start_recording", "rec_1", { session_dir: "/data/session" }));
  await using viewer = await ViewerPage.open(browser.context, module.url);
  const rows = viewer.page.locator("#traffic-list > li");
  await viewer.untilText("traffic-summary", "1 line");
  expect(await rows.first().innerText()).toContain("no reply yet");
  await rows.first().locator("summary").click();
  expect(await rows.first().locator("pre").innerText()).toContain('"session_dir": "/data/session"');

  module.say(status(41, "recording_started", "rec_1"), status(42, "warning", null));
  await viewer.untilText("traffic-summary", "4 lines"); // a hole is one too
  const texts = await rows.allInnerTexts();
  expect(texts.map((text) => /\w*_\w+|warning|not delivered/.exec(text)?.[0])).toEqual([
    ...["warning", "recording_started", "not delivered", "start_recording"],
  ]);
  expect(texts[1]).toContain("40 ms after start_recording");
  expect(texts[3]).toContain("recording_started 40 ms");
  expect(texts[3]).toContain("session_dir"); // open still
}, 30_000);

test("the filter narrows traffic by text and by direction; / goes there and Esc clears it", async () => {
  await using module = await ScriptedModule.start();
  module.say(command(1, "get_status", "s_1"), status(2, "status_report", "s_1"), status(3, "warning", null));
  await using viewer = await ViewerPage.open(browser.context, module.url);
  await viewer.untilText("traffic-summary", "3 lines");
  await viewer.page.keyboard.press("/");
  await viewer.page.keyboard.type("S_1");
  await viewer.untilText("traffic-summary", "2 of 3 lines");
  await viewer.page.getByLabel("Direction").selectOption("in");
  await viewer.untilText("traffic-summary", "1 of 3 lines");
  await viewer.page.keyboard.press("Escape");
  await viewer.untilText("traffic-summary", "3 lines");
}, 30_000);

test("when the module ends the page says since when; when it is back the page connects by itself", async () => {
  await using module = await ScriptedModule.start();
  module.say(command(1, "get_status", "s_1"));
  await using viewer = await ViewerPage.open(browser.context, module.url);
  await viewer.untilText("connection-name", "connected");
  await module.stop();
  await viewer.untilText("banner-title", /^Disconnected since \d\d:\d\d:\d\d$/);
  expect(await viewer.page.evaluate<string>("document.getElementById('rate-capture').dataset.level")).toBe("neutral");
  module.startAgain();
  await viewer.untilText("connection-name", "connected");
  await viewer.until("document.getElementById('banner').dataset.level === 'none'");
  module.say({ ...command(1, "start_session", "s_2"), monotonic_ms: 900_000 });
  await viewer.untilText("traffic-summary", "3 lines"); // with the one that tells of the new beginning
  expect(ownComplaints(viewer)).toEqual([]);
}, 30_000);

test("a module that falls silent is told to be disconnected", async () => {
  await using module = await ScriptedModule.start();
  await using viewer = await ViewerPage.open(browser.context, module.url);
  await viewer.untilText("connection-name", "connected");
  module.fallSilent();
  await viewer.untilText("banner-title", /^Disconnected since/);
  await viewer.untilText("connection-name", "connected"); // and tries again
}, 30_000);

test("a token in the address goes to the module as a sub-protocol", async () => {
  await using module = await ScriptedModule.start();
  await using viewer = await ViewerPage.open(browser.context, `${module.url}#token=s3cret`);
  await viewer.untilText("connection-name", "connected");
  expect(module.offeredProtocols).toBe("csi-camera, token.czNjcmV0");
}, 30_000);

test("why there are no pictures is told where they would be", async () => {
  await using module = await ScriptedModule.start();
  module.previewError = "the image library is not built";
  await using viewer = await ViewerPage.open(browser.context, module.url);
  await viewer.untilText("picture-notice", "No picture: the image library is not built");
  module.previewError = null;
  module.show(snapshot());
  await viewer.untilText("picture-notice", "No picture yet");
}, 30_000);
