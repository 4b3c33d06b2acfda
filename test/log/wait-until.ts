/**
 * Resolves once `condition` holds; throws after `timeoutMs` with what it waited for. Looks each `everyMs`: longer for what
 * costs something to look at.
 */
export async function waitUntil(what: string, condition: () => boolean, timeoutMs = 5000, everyMs = 2): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`waited ${timeoutMs} ms in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
