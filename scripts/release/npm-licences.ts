import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

/**
 * `bun scripts/release/npm-licences.ts FOLDER`: copies the licence texts of the npm packages that the program is made of
 * into FOLDER, a file for each package, named after it and its version. Throws where a package has no licence text.
 */
const [folder, ...more] = process.argv.slice(2);
if (folder === undefined || more.length > 0) throw new Error("expected one FOLDER");

const Lock = z.object({
  packages: z.record(
    z.string(),
    z.object({
      version: z.string().optional(),
      license: z.string().optional(),
      dev: z.boolean().optional(),
      optional: z.boolean().optional(),
    }),
  ),
});

const PREFIX = "node_modules/";
/** Bun's package has no licence text: scripts/release/LICENSES.md speaks of it. */
const WITHOUT_TEXT = `${PREFIX}bun`;

mkdirSync(folder, { recursive: true });
for (const [path, entry] of Object.entries(
  Lock.parse(JSON.parse(readFileSync("package-lock.json", "utf8"))).packages,
)) {
  if (!path.startsWith(PREFIX) || path === WITHOUT_TEXT || entry.dev === true || entry.optional === true) continue;
  const texts = readdirSync(path).filter((name) => /^(licen[cs]e|copying|notice)/i.test(name));
  if (texts.length === 0) throw new Error(`${path} has no licence text`);
  const name = path.slice(path.lastIndexOf(PREFIX) + PREFIX.length);
  const title = `${name} ${entry.version ?? ""} (${entry.license ?? "see below"})`;
  const parts = [title, ...texts.sort().map((file) => readFileSync(join(path, file), "utf8").trim())];
  writeFileSync(join(folder, `${name.replace("/", "-").replace("@", "")}.txt`), `${parts.join("\n\n")}\n`);
}
