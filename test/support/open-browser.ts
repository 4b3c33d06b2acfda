import { type BrowserContext, chromium } from "playwright-core";

const ARGS = [
  "--no-sandbox", // root may not use it
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Debian's Chromium without a window. `profileDir`: an empty directory for it. */
export function openBrowser(profileDir: string): Promise<BrowserContext> {
  return chromium.launchPersistentContext(profileDir, {
    executablePath: "/usr/bin/chromium",
    headless: true,
    args: ARGS,
  });
}
