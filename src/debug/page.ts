import { bundlePage, type PageTexts } from "./bundle-page.ts";

/** One file of the page, as it is served. */
export interface PageFile {
  readonly body: Uint8Array<ArrayBuffer>;
  readonly contentType: string;
}

/** By path of the URL: `/` (the page itself), `/app.js`, `/app.css`, `/icon.svg`. */
type PageFiles = ReadonlyMap<string, PageFile>;

let built: Promise<PageFiles> | undefined;

/** The viewer's page, bundled at first use and kept. Rejects where that is not possible, and tries again next time. */
export function loadPage(): Promise<PageFiles> {
  return (built ??= buildPage().catch((error: unknown) => {
    built = undefined;
    throw error;
  }));
}

async function buildPage(): Promise<PageFiles> {
  const texts: PageTexts = await bundlePage();
  return new Map([
    ["/", pageFile(texts["index.html"], "text/html; charset=utf-8")],
    ["/icon.svg", pageFile(texts["icon.svg"], "image/svg+xml")],
    ["/app.js", pageFile(texts["app.js"], "text/javascript; charset=utf-8")],
    ["/app.css", pageFile(texts["app.css"], "text/css; charset=utf-8")],
  ]);
}

function pageFile(text: string, contentType: string): PageFile {
  return { body: new TextEncoder().encode(text), contentType };
}
