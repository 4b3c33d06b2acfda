/**
 * Takes the pictures of the viewer that the README shows: `bun test/web/take-pictures.ts`. The real program records its
 * synthetic camera for a minute, which loses two frames now and then; Chromium looks at it at two widths.
 */
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { TemporaryDirectory } from "../log/temporary-directory.ts";
import { startRecording } from "../support/record.ts";
import { startBrowser } from "./browser-under-test.ts";
import { startWatchedModule } from "./watched-module.ts";

const DOCS = join(import.meta.dir, "../../docs");
/** The plot of intervals shows a minute. */
const RECORDED_MS = 62_000;
const PHONE = { width: 400, height: 1310 };

using directory = new TemporaryDirectory();
const camera = ["--source", "synthetic:jitter=60,gap=500+2", "--size", "960x720"];
await using module = await startWatchedModule([...camera, "--preview-fps", "5", "--preview-scale", "1/2"]);
await using browser = await startBrowser();
await startRecording(module.host, directory.file("session_20260106_143000"), { trial_label: "left turn, wet" });

const page = await browser.context.newPage();
await page.setViewportSize({ width: 1280, height: 900 });
await page.goto(module.url);
await delay(RECORDED_MS);
await page.screenshot({ path: join(DOCS, "viewer-1280.png"), fullPage: true });
await page.setViewportSize(PHONE);
await delay(2000); // plots are drawn anew
await page.screenshot({ path: join(DOCS, "viewer-400.png"), clip: { x: 0, y: 0, ...PHONE } });
