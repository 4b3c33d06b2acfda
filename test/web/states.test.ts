import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { ModuleSnapshot } from "../../src/telemetry/module-snapshot.ts";
import { accessibilityFaults } from "./accessibility.ts";
import { startBrowser } from "./browser-under-test.ts";
import { CAMERA, ledger, recording, recordingSnapshot, snapshot } from "./made-up-snapshot.ts";
import { command, status } from "./made-up-traffic.ts";
import { movingPictures } from "./moving-pictures.ts";
import { ScriptedModule } from "./scripted-module.ts";
import { ViewerPage } from "./viewer-page.ts";

/** The page in a browser, in each state that a module can be in. */

let browser: Awaited<ReturnType<typeof startBrowser>>;
let pictures: Uint8Array[];

beforeAll(async () => {
  [browser, pictures] = await Promise.all([startBrowser(), movingPictures(368, 272, 2)]);
}, 30_000);
afterAll(() => browser[Symbol.asyncDispose]());

const DROPS = recordingSnapshot({
  ledger: ledger({ recorded: 22_890, dropped: { encoder_busy: 17, disk_slow: 4 } }),
});
const FAILING = snapshot({
  state: "reconnecting",
  health: { ok: false, reason: "camera picam:0 gave no frame for 2 s" },
  recording: recording({ ended: { reason: "camera_stalled", error: "no frame for 2 s" } }),
});
const NO_CAMERA = snapshot({ state: "idle", camera: null });

/** Wider than the window: somebody would have to scroll sideways. */
const OVERFLOW = `[...document.querySelectorAll("body *")]
  .filter((element) => element.getBoundingClientRect().right > innerWidth + 1 && !element.closest(".visually-hidden, .plot, pre"))
  .map((element) => element.id || element.className)`;

/** Of the window, as a page has them one after the other: made narrower, and made wider. */
const widths = (index: number): readonly [number, number] => (index % 2 === 0 ? [1280, 400] : [400, 1280]);

async function levels(viewer: ViewerPage): Promise<string[]> {
  return viewer.page.evaluate<string[]>("[...document.querySelectorAll('.rate')].map((cell) => cell.dataset.level)");
}

test("each number has the colour and the mark of its level at the thresholds", async () => {
  await using module = await ScriptedModule.start();
  await using viewer = await ViewerPage.open(browser.context, module.url);
  const GOOD = "rgb(95, 207, 142)";
  const LOW = "rgb(242, 169, 59)";
  const BAD = "rgb(255, 123, 114)";
  for (const [actual, level, colour, mark] of [
    [95, "good", GOOD, "✓ 95 %"],
    [94.9, "low", LOW, "▲ 94 %"],
    [80, "low", LOW, "▲ 80 %"],
    [79.9, "bad", BAD, "✕ 79 %"],
  ] as const) {
    const rates: ModuleSnapshot["rates"] = {
      capture: { actual, max: 100 },
      record: { actual, target: 100 },
      display: { actual, target: 100 },
    };
    module.show(recordingSnapshot({}, { rates }));
    for (const id of ["rate-capture", "rate-record", "rate-display"]) {
      const cell = `document.getElementById("${id}")`;
      const number = `${cell}.querySelector(".rate-actual")`;
      await viewer.until(`${number}.textContent === "${actual.toFixed(1)}"`);
      expect(await viewer.page.evaluate<string>(`${cell}.dataset.level`)).toBe(level);
      const [shown, text] = await viewer.page.evaluate<[string, string]>(
        `[getComputedStyle(${number}).color, ${cell}.querySelector("dd").innerText]`,
      );
      expect([shown, text.split(/\s*\n\s*/)]).toEqual([colour, [actual.toFixed(1), "/ 100.0", mark]]);
    }
  }
  module.show(snapshot({ rates: { ...snapshot().rates, capture: { actual: 29, max: null } } }));
  await viewer.until("document.getElementById('rate-capture').dataset.level === 'neutral'");
  expect(await levels(viewer)).toEqual(["neutral", "neutral", "good"]);
}, 30_000);

test("drops can't be overlooked: number, colour, mark and title", async () => {
  await using module = await ScriptedModule.start();
  module.show(recordingSnapshot());
  await using viewer = await ViewerPage.open(browser.context, module.url);
  await viewer.untilText("drops-count", "0");
  module.show(DROPS);
  await viewer.untilText("drops-count", "21");
  expect(await viewer.text("drops-label")).toBe("✕ Dropped");
  expect(await viewer.page.title()).toStartWith("✕ 21 dropped");
  expect(await viewer.page.evaluate<string>("getComputedStyle(document.getElementById('drops')).backgroundColor")).toBe(
    "rgb(179, 38, 30)",
  );
  expect(await viewer.page.locator("#ledger-rows").innerText()).toMatch(/disk_slow\s+4\s/);
}, 30_000);

test("the reason of bad health is read from afar", async () => {
  await using module = await ScriptedModule.start();
  module.show(FAILING);
  await using viewer = await ViewerPage.open(browser.context, module.url);
  await viewer.untilText("banner-text", "camera picam:0 gave no frame for 2 s");
  const size = await viewer.page.evaluate<string>("getComputedStyle(document.getElementById('banner-title')).fontSize");
  expect(Number.parseFloat(size)).toBeGreaterThanOrEqual(21);
  expect(await viewer.text("recording-end")).toContain("✕ camera_stalled: no frame for 2 s");
}, 30_000);

test("intervals and jitter are drawn, and told in words", async () => {
  await using module = await ScriptedModule.start();
  const intervals = [...Array.from({ length: 29 }, (_, index) => 33.3 + (index % 3) / 100), 100];
  module.show(snapshot({ frame_intervals_ms: intervals }));
  await using viewer = await ViewerPage.open(browser.context, module.url);
  await viewer.untilText("intervals-summary", /^median 33\.310 · longest 100\.000 · ▲ \d+ gaps?$/);
  await viewer.untilText("jitter-summary", /max ±66\.690/);
  const painted = (id: string) => `(() => {
    const canvas = document.querySelector("#${id} canvas");
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    return data.some((byte) => byte > 0);
  })()`;
  await viewer.until(`${painted("intervals-plot")} && ${painted("jitter-plot")}`);
}, 30_000);

describe("hostile labels", () => {
  const MARKUP = '<img src=x onerror="document.title=1"><script>document.title=2</script>';
  const HOSTILE = [MARKUP, "\u202Egnp.exe \u2067עברית مرحبا", "x".repeat(10_240), "🎥".repeat(2000)];
  for (const [index, label] of HOSTILE.entries()) {
    test(`${["markup", "right to left", "10 kB", "emoji"][index]}: shown as text, and nothing leaves its place`, async () => {
      await using module = await ScriptedModule.start();
      const path = `/data/${label}/${label}.mp4`;
      const hostile = { trial_label: label, video_path: path, encoder: label, encoder_reason: label };
      const dropped = { [label]: 3 };
      const health = { ok: false, reason: label };
      const camera = { ...CAMERA, model: label, device_id: label, camera_id: label, pixel_format: label };
      const ended = { reason: label, error: label };
      module.show(recordingSnapshot({ ...hostile, ended, ledger: ledger({ dropped }) }, { camera, health }));
      module.say(command(1, label, label, { [label]: label }), status(2, label, label, { label }));
      const [first, second] = widths(index);
      await using viewer = await ViewerPage.open(browser.context, module.url, first);
      await viewer.untilText("traffic-summary", "2 lines");
      await viewer.page.locator("#traffic-list summary").first().click();
      await viewer.until("document.querySelector('#traffic-list pre') !== null");
      for (const width of [first, second]) {
        await viewer.widen(width);
        expect(await viewer.text("recording-trial")).toStartWith("3 · ");
        expect(await viewer.page.evaluate<number>("document.querySelectorAll('main img, main script').length")).toBe(0);
        if (label === MARKUP) expect(await viewer.text("banner-text")).toBe(MARKUP);
        expect(await viewer.page.evaluate<string[]>(OVERFLOW)).toEqual([]);
        expect(await viewer.page.evaluate<number>("document.documentElement.scrollWidth")).toBe(width);
        expect([viewer.complaints, viewer.foreignUrls]).toEqual([[], []]);
      }
    }, 30_000);
  }
});

describe("no serious fault of accessibility, and nothing beside the window", () => {
  const STATES: Record<string, ModuleSnapshot> = {
    streaming: snapshot(),
    recording: recordingSnapshot(),
    "recording with drops": DROPS,
    failing: FAILING,
    "no camera": NO_CAMERA,
  };
  for (const [index, [name, shown]] of Object.entries(STATES).entries()) {
    test(name, async () => {
      await using module = await ScriptedModule.start();
      module.show(shown);
      module.say(command(1, "start_recording", "r_1"), status(2, "command_nack", "r_1"), status(4, "warning", null));
      module.play(pictures);
      const [first, second] = widths(index);
      await using viewer = await ViewerPage.open(browser.context, module.url, first);
      await viewer.until("document.getElementById('picture').dataset.picture === 'live'");
      await viewer.page.locator("#traffic-list summary").first().click();
      for (const width of [first, second]) {
        await viewer.widen(width);
        expect(await accessibilityFaults(viewer.page)).toEqual([]);
        expect(await viewer.page.evaluate<string[]>(OVERFLOW)).toEqual([]);
        expect(viewer.complaints).toEqual([]);
      }
    }, 60_000);
  }

  test("disconnected", async () => {
    await using module = await ScriptedModule.start();
    module.show(DROPS);
    await using viewer = await ViewerPage.open(browser.context, module.url);
    await viewer.untilText("connection-name", "connected");
    await module.stop();
    await viewer.untilText("connection-name", "disconnected");
    expect(await accessibilityFaults(viewer.page)).toEqual([]);
  }, 60_000);
});

test("every control is reached by the keyboard, and shows that it is", async () => {
  await using module = await ScriptedModule.start();
  module.say(command(1, "get_status", "s_1"));
  await using viewer = await ViewerPage.open(browser.context, module.url);
  await viewer.untilText("traffic-summary", "1 line");
  const reached: string[] = [];
  for (let index = 0; index < 4; index++) {
    await viewer.page.keyboard.press("Tab");
    const [name, outline] = await viewer.page.evaluate<[string, string]>(
      "[document.activeElement.id || document.activeElement.localName, getComputedStyle(document.activeElement).outlineStyle]",
    );
    expect(outline).toBe("solid");
    reached.push(name);
  }
  expect(reached).toEqual(["picture-pause", "traffic-text", "traffic-direction", "summary"]);
  await viewer.page.keyboard.press("Enter");
  await viewer.until("document.querySelector('#traffic-list pre') !== null");
}, 30_000);
