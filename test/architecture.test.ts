import { describe, expect, test } from "bun:test";
import { dirname, join, relative } from "node:path";

/**
 * Who may import whom, by the folders of `src/`: `values` anything, `types` only by `import type`. Every folder may
 * import itself and the files directly in `src/` (errors, sleep), except the program and the public names, which stand
 * above all folders.
 */
const MAY_IMPORT: Record<string, { values: string[]; types: string[] }> = {
  log: { values: [], types: [] },
  native: { values: [], types: ["capture"] },
  protocol: { values: ["log"], types: [] },
  capture: { values: ["native", "log"], types: [] },
  pipeline: { values: ["log"], types: ["capture"] },
  recording: { values: ["native", "pipeline", "log"], types: ["capture"] },
  telemetry: { values: ["pipeline", "native"], types: ["capture", "recording"] },
  // What all that serve HTTP share.
  http: { values: [], types: [] },
  metrics: { values: ["telemetry", "pipeline", "http", "log"], types: [] },
  preview: { values: ["native", "pipeline", "log"], types: ["capture"] },
  debug: { values: ["preview", "http", "log"], types: ["pipeline", "telemetry"] },
  verify: { values: ["recording"], types: [] },
  repair: { values: ["recording", "verify"], types: [] },
  runtime: {
    values: ["protocol", "capture", "pipeline", "recording", "telemetry", "preview", "http", "native", "log"],
    types: [],
  },
  // A host: knows the module by its protocol and its files only.
  demo: { values: ["protocol", "verify"], types: [] },
  // Puts us into a host's place for modules. Knows the host's folders and how this program is called wrongly.
  hosts: { values: ["runtime"], types: [] },
  // Holds a machine against what is asked of it: tries each part by itself.
  doctor: { values: ["program", "runtime", "recording", "capture", "native"], types: [] },
  // What the sub-commands do.
  program: {
    values: ["runtime", "protocol", "recording", "debug", "metrics", "http", "native", "log"],
    types: ["telemetry"],
  },
};

const ABOVE_ALL = ["main.ts", "index.ts"];

interface Import {
  importer: string;
  imported: string;
  typeOnly: boolean;
}

const sourceDir = join(import.meta.dir, "..", "src");
const imports = await importsBetweenSources();

describe("folders", () => {
  for (const folder of new Set(imports.map(({ importer }) => folderOf(importer)))) {
    if (folder === "") continue;
    test(`src/${folder} imports only what its place in the architecture allows`, () => {
      expect(imports.filter((one) => folderOf(one.importer) === folder && !isAllowed(folder, one))).toEqual([]);
    });
  }
});

test("files directly in src/ import no folder, except the program and the public names", () => {
  const below = imports.filter(({ importer }) => folderOf(importer) === "" && !ABOVE_ALL.includes(importer));
  expect(below.filter(({ imported }) => folderOf(imported) !== "")).toEqual([]);
});

function isAllowed(folder: string, { imported, typeOnly }: Import): boolean {
  const target = folderOf(imported);
  if (target === folder) return true;
  if (target === "") return !ABOVE_ALL.includes(imported);
  const allowed = MAY_IMPORT[folder];
  return allowed !== undefined && (allowed.values.includes(target) || (typeOnly && allowed.types.includes(target)));
}

/** `recording` of `recording/mp4/video-track.ts`; empty for a file directly in `src/`. */
function folderOf(file: string): string {
  const [first, ...rest] = file.split("/");
  return rest.length === 0 ? "" : (first ?? "");
}

/** Relative imports, static and dynamic, with both paths relative to `src/`. The formatter guarantees double quotes. */
async function importsBetweenSources(): Promise<Import[]> {
  const statement = /^(?:import|export)\s+(?:(type)\s)?(?:[^"';]*\sfrom\s+)?"(\.[^"]+)"|\bimport\("(\.[^"]+)"\)/gm;
  const found: Import[] = [];
  for await (const importer of new Bun.Glob("**/*.ts").scan(sourceDir)) {
    const text = await Bun.file(join(sourceDir, importer)).text();
    for (const [, type, fromStatement, fromCall] of text.matchAll(statement)) {
      const path = join(dirname(join(sourceDir, importer)), fromStatement ?? fromCall ?? "");
      found.push({ importer, imported: relative(sourceDir, path), typeOnly: type !== undefined });
    }
  }
  // What lies outside of src/ (the package manifest) has no folder here.
  return found.filter(({ imported }) => !imported.startsWith(".."));
}
