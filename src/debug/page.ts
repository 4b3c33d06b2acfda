import { join } from "node:path";

/** One file of the page, as it is served. */
export interface PageFile {
  readonly body: Uint8Array<ArrayBuffer>;
  readonly contentType: string;
}

/** By path of the URL: `/` (the page itself), `/app.js`, `/app.css`, `/icon.svg`. */
type PageFiles = ReadonlyMap<string, PageFile>;

const WEB_DIR = join(import.meta.dir, "../../web");

const CONTENT_TYPES = {
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  svg: "image/svg+xml",
} as const;

let built: Promise<PageFiles> | undefined;

/**
 * The viewer's page from `web/`, bundled at first use and kept: one script and one style sheet, minified, nothing inline
 * and nothing from elsewhere. Rejects with AggregateError where the sources can't be bundled, and tries again next time.
 */
export function loadPage(): Promise<PageFiles> {
  return (built ??= buildPage().catch((error: unknown) => {
    built = undefined;
    throw error;
  }));
}

/** Everything that is served, so that a compiled program can embed it: there is no Bun.build in one. */
async function buildPage(): Promise<PageFiles> {
  const { outputs } = await Bun.build({
    entrypoints: [join(WEB_DIR, "app.ts"), join(WEB_DIR, "app.css")],
    target: "browser",
    minify: true,
    naming: "[name].[ext]",
  });
  const files = new Map<string, PageFile>([
    ["/", await pageFile(Bun.file(join(WEB_DIR, "index.html")), "html")],
    ["/icon.svg", await pageFile(Bun.file(join(WEB_DIR, "icon.svg")), "svg")],
  ]);
  for (const output of outputs) {
    const kind = output.path.endsWith(".css") ? "css" : "js";
    files.set(`/app.${kind}`, await pageFile(output, kind));
  }
  return files;
}

async function pageFile(content: Blob, kind: keyof typeof CONTENT_TYPES): Promise<PageFile> {
  return { body: new Uint8Array(await content.arrayBuffer()), contentType: CONTENT_TYPES[kind] };
}
