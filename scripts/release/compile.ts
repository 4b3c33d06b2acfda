import { bundlePage } from "../../src/debug/bundle-page.ts";

/**
 * `bun scripts/release/compile.ts x64|arm64 BUN OUTFILE`: makes one executable of the program, all of its npm packages and
 * the viewer's page, on top of the Bun in the file BUN, which is that of the target. To be run in the checkout's folder.
 *
 * The same sources give the same bytes in any folder, as long as OUTFILE has the same name, which Bun writes into it.
 */
const [architecture, bun, outfile, ...more] = process.argv.slice(2);
if (
  (architecture !== "x64" && architecture !== "arm64") ||
  bun === undefined ||
  outfile === undefined ||
  more.length > 0
) {
  throw new Error(`got ${process.argv.slice(2).join(" ") || "nothing"}, expected x64|arm64 BUN OUTFILE`);
}

const pageModule = `const texts = ${JSON.stringify(await bundlePage())};
export const bundlePage = () => Promise.resolve(texts);`;

await Bun.build({
  entrypoints: ["src/main.ts"],
  root: ".",
  compile: {
    target: `bun-linux-${architecture}`,
    executablePath: bun,
    outfile,
    // What lies in the folder that a host happens to start us in is no part of the program.
    autoloadDotenv: false,
    autoloadBunfig: false,
  },
  // Bun writes the folder of a CommonJS module into it. It is where pino looks for its worker threads, which we don't use.
  define: { __dirname: '"/$bunfs/root"' },
  // Comments of a bundle name the files' paths. Identifiers are kept: they are in stack traces and logs.
  minify: { whitespace: true, syntax: true, identifiers: false },
  plugins: [
    {
      name: "finished page",
      setup(build) {
        build.onLoad({ filter: /\/src\/debug\/bundle-page\.ts$/ }, () => ({ contents: pageModule, loader: "js" }));
      },
    },
  ],
});
