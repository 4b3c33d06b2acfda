import { CHECKS, type Finding, type Level, type Verdict, verdictOf } from "./finding.ts";

const MARKS: Record<Level, string> = { ok: "ok", skipped: "-", unknown: "?", warning: "WARNING", failure: "FAILURE" };
const MARK_CHARACTERS = 8;
const TITLE_CHARACTERS = 15;
const INDENT = " ".repeat(MARK_CHARACTERS + TITLE_CHARACTERS);

const VERDICTS: Record<Verdict, string> = {
  will_record: "This machine will record.",
  with_warnings: "This machine will record, as far as could be seen; see the lines above that are not ok.",
  will_not_record: "This machine will NOT record what is asked; see FAILURE above.",
};

/** The findings for people: one or a few lines each, what to do below them, and the verdict. `columns`: of the screen. */
export function reportLines(findings: readonly Finding[], columns: number): string[] {
  const lines = findings.flatMap(({ check, level, sentence, advice }) => {
    const head = `${MARKS[level].padEnd(MARK_CHARACTERS)}${CHECKS[check].padEnd(TITLE_CHARACTERS)}`;
    return [
      ...wrap(sentence, columns, head, INDENT),
      ...advice.flatMap((step) => wrap(step, columns, `${INDENT}> `, `${INDENT}  `)),
    ];
  });
  return [...lines, "", VERDICTS[verdictOf(findings)]];
}

/** Words on as many lines as they need: one that is longer than a line stays whole. */
function wrap(text: string, columns: number, first: string, next: string): string[] {
  const lines = [first];
  let isEmpty = true;
  for (const word of text.split(/\s+/)) {
    const line = lines.at(-1) ?? "";
    if (isEmpty) lines[lines.length - 1] = `${line}${word}`;
    else if (line.length + 1 + word.length <= columns) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(`${next}${word}`);
    isEmpty = false;
  }
  return lines;
}
