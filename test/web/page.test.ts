import { expect, test } from "bun:test";
import { dirname, join, relative } from "node:path";
import { loadPage } from "../../src/debug/page.ts";

/** Minified, uPlot included. */
const SCRIPT_BYTES_MAX = 120_000;
const ROOT = join(import.meta.dir, "../..");

test("the page is four files, built once", async () => {
  const files = await loadPage();
  expect([...files.keys()].sort()).toEqual(["/", "/app.css", "/app.js", "/icon.svg"]);
  const types = ["/", "/app.css", "/app.js", "/icon.svg"].map((path) => files.get(path)?.contentType.split(";")[0]);
  expect(types).toEqual(["text/html", "text/css", "text/javascript", "image/svg+xml"]);
  expect(await loadPage()).toBe(files);
});

test("the script is small, and parses as one module without imports", async () => {
  const script = (await loadPage()).get("/app.js")?.body ?? new Uint8Array();
  expect(script.byteLength).toBeWithin(10_000, SCRIPT_BYTES_MAX);
  const { imports } = new Bun.Transpiler({ loader: "js" }).scan(script);
  expect(imports).toEqual([]);
});

test("nothing in the page is inline, and nothing comes from elsewhere", async () => {
  const html = new TextDecoder().decode((await loadPage()).get("/")?.body);
  expect(html).not.toMatch(/<style|\sstyle=|\son\w+=|javascript:|data:/i);
  expect([...html.matchAll(/<script\b[^>]*>([^<]*)/g)].map(([, inside]) => inside)).toEqual([""]);
  expect([...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, url]) => url)).toEqual([
    "/icon.svg",
    "/app.css",
    "/app.js",
  ]);
  const css = new TextDecoder().decode((await loadPage()).get("/app.css")?.body);
  expect(css).not.toMatch(/url\(|@import|@font-face/);
});

test("the page imports from the module only what goes over the wire", async () => {
  const allowed = [
    "src/debug/viewer-messages.ts",
    "src/debug/preview-packet.ts",
    "src/telemetry/module-snapshot.ts",
    "src/module-state.ts",
    "src/pipeline/frame-ledger.ts",
  ];
  const imported = new Set<string>();
  for await (const file of new Bun.Glob("web/**/*.ts").scan(ROOT)) {
    const text = await Bun.file(join(ROOT, file)).text();
    for (const [, path = ""] of text.matchAll(/from "(\.[^"]+)"/g))
      imported.add(relative(ROOT, join(ROOT, dirname(file), path)));
  }
  expect([...imported].filter((path) => !path.startsWith("web/") && !allowed.includes(path))).toEqual([]);
});
