/** A JSON line that holds an object. */
export function parseRecord(line: string): Record<string, unknown> {
  const record: unknown = JSON.parse(line);
  if (typeof record !== "object" || record === null) throw new Error(`not an object: ${line}`);
  return { ...record };
}
