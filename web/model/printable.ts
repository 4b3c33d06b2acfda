/** Controls, and formats such as U+202E, which turns round the order in which what follows is read. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

const CHARACTERS_MAX = 400;

/**
 * Text from outside (labels, paths, errors) as it may be shown on one line: every character can be seen, `\u{202e}` for
 * one that could not, and it is no longer than `charactersMax`, the rest being "…". Still only ever set as textContent.
 */
export function printable(text: string, charactersMax = CHARACTERS_MAX): string {
  const kept = text.length > charactersMax ? `${text.slice(0, charactersMax).toWellFormed()}…` : text;
  return kept.replaceAll(INVISIBLE, escapeCharacter);
}

/** As printable, of any length, and with line breaks. */
export function printableLines(text: string): string {
  return text.replaceAll(INVISIBLE, (character) => (character === "\n" ? character : escapeCharacter(character)));
}

function escapeCharacter(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
