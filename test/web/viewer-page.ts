import type { BrowserContext, Page } from "playwright-core";

/** What else a page did that it must not do. */
export class ViewerPage implements AsyncDisposable {
  readonly page: Page;
  /** Errors and warnings on the console, exceptions, and what the security policy refused. */
  readonly complaints: string[] = [];
  /** Of requests to anything but the module. */
  readonly foreignUrls: string[] = [];

  /** `width`: pixels of the window. */
  static async open(browser: BrowserContext, url: string, width = 1280, height = 900): Promise<ViewerPage> {
    const page = await browser.newPage();
    await page.setViewportSize({ width, height });
    const viewer = new ViewerPage(page, new URL(url).host);
    await page.goto(url);
    return viewer;
  }

  private constructor(page: Page, host: string) {
    this.page = page;
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) this.complaints.push(message.text());
    });
    page.on("pageerror", (error) => this.complaints.push(error.message));
    const look = (url: string) => {
      const { protocol, host: other } = new URL(url);
      if (protocol !== "blob:" && other !== host) this.foreignUrls.push(url);
    };
    page.on("request", (request) => look(request.url()));
    page.on("websocket", (socket) => look(socket.url()));
  }

  /** Another width of the window; resolves once the page is drawn in it. */
  async widen(width: number): Promise<void> {
    await this.page.setViewportSize({ width, height: this.page.viewportSize()?.height ?? 0 });
    await this.page.evaluate("new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))");
  }

  text(id: string): Promise<string> {
    return this.page.locator(`#${id}`).innerText();
  }

  /** Resolves once the page's JavaScript says yes; throws after 10 s. */
  async until(expression: string): Promise<void> {
    const deadline = performance.now() + 10_000;
    // Playwright's waitForFunction evaluates in the page, which its security policy forbids.
    while (!(await this.page.evaluate<boolean>(expression))) {
      if (performance.now() > deadline) throw new Error(`waited 10 s in vain: ${expression}`);
      await new Promise((resolve) => setTimeout(resolve, 15));
    }
  }

  /** Resolves once the text of the element with this id is, or matches, this. */
  async untilText(id: string, text: string | RegExp): Promise<void> {
    const pattern = typeof text === "string" ? undefined : text;
    const read = `document.getElementById(${JSON.stringify(id)}).textContent`;
    await this.until(pattern === undefined ? `${read} === ${JSON.stringify(text)}` : `${pattern}.test(${read})`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.page.close();
  }
}
