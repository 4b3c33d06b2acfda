import type { BrowserContext } from "playwright-core";
import { TemporaryDirectory } from "../log/temporary-directory.ts";
import { openBrowser } from "../support/open-browser.ts";

/** A browser with a profile of its own, for a file of tests. */
export async function startBrowser(): Promise<{ context: BrowserContext } & AsyncDisposable> {
  const profile = new TemporaryDirectory();
  const context = await openBrowser(profile.path);
  return {
    context,
    async [Symbol.asyncDispose]() {
      await context.close();
      profile[Symbol.dispose]();
    },
  };
}
