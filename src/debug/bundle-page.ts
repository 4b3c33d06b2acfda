import { join } from "node:path";

/** The page's files as text, by name. */
export type PageTexts = Readonly<Record<"index.html" | "icon.svg" | "app.js" | "app.css", string>>;

const WEB_DIR = join(import.meta.dir, "../../web");

/**
 * Bundles the viewer's page from `web/`: one script and one style sheet, minified, nothing inline and nothing from
 * elsewhere. Rejects with AggregateError where the sources can't be bundled.
 *
 * A compiled program has neither `web/` nor a bundler: scripts/release/compile.ts puts a module with the finished texts
 * into the place of this one.
 */
export async function bundlePage(): Promise<PageTexts> {
  const bundle = async (source: string) => {
    const { outputs } = await Bun.build({ entrypoints: [join(WEB_DIR, source)], target: "browser", minify: true });
    const [output, ...more] = outputs;
    if (output === undefined || more.length > 0) {
      throw new Error(`web/${source} became ${outputs.length} files, expected one`);
    }
    return await output.text();
  };
  return {
    "index.html": await Bun.file(join(WEB_DIR, "index.html")).text(),
    "icon.svg": await Bun.file(join(WEB_DIR, "icon.svg")).text(),
    "app.js": await bundle("app.ts"),
    "app.css": await bundle("app.css"),
  };
}
