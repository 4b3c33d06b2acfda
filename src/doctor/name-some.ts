const NAMES_MAX = 4;

/** `a, b, c and 5 more`: so that a dozen nodes are one line. All of them are in the finding's values. */
export function nameSome(names: readonly string[]): string {
  if (names.length <= NAMES_MAX) return names.join(", ");
  const told = names.slice(0, NAMES_MAX - 1);
  return `${told.join(", ")} and ${names.length - told.length} more`;
}
