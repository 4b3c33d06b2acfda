import { COMMAND_CASES, type CommandCase, type Outcome, type State, STATES } from "./command-table.ts";

const BEGIN = "<!-- commands in states: bun test/runtime/readme-table-program.ts -->";
const END = "<!-- /commands in states -->";

/** The README with the table as the data have it. Throws where its place is not marked. */
export function withTable(readme: string): string {
  const [before, rest] = readme.split(BEGIN);
  const [, after] = rest?.split(END) ?? [];
  if (before === undefined || after === undefined) throw new Error(`the README has no place for the table: ${BEGIN}`);
  return `${before}${BEGIN}\n\n${table()}\n\n${END}${after}`;
}

/** One row for each case, one column for all states that are alike. */
function table(): string {
  const columns = statesAlike();
  const rows = [
    ["command", ...columns.map((states) => states.join(", "))],
    ["---", ...columns.map(() => "---")],
    ...COMMAND_CASES.map((given) => [title(given), ...columns.map(([state]) => cell(given.outcomes[state]))]),
  ];
  return rows.map((row) => `| ${row.join(" | ")} |`).join("\n");
}

function statesAlike(): [State, ...State[]][] {
  const groups: [State, ...State[]][] = [];
  for (const state of STATES) {
    const alike = groups.find(([first]) => COMMAND_CASES.every(({ outcomes }) => outcomes[first] === outcomes[state]));
    if (alike === undefined) groups.push([state]);
    else alike.push(state);
  }
  return groups.filter(([state]) => state !== "shutting down");
}

function title({ names, which }: CommandCase): string {
  const commands = names.map((name) => `\`${name}\``).join(", ");
  return which === undefined ? commands : `${commands} ${which}`;
}

/** A refusal by its code, in italics; else what is told, in order. */
function cell(outcome: Outcome): string {
  return outcome
    .split(" ")
    .map((status) => {
      const [name = "", code] = status.replace("!", "").split(":");
      if (code === undefined) return `\`${name}\``;
      return name === "command_nack" ? `*${code}*` : `\`${name}\` *${code}*`;
    })
    .join(", ");
}
