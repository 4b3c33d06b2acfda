/** Keys that act wherever the focus is, except while somebody writes. The page's foot lists them. */
export function listenForShortcuts(shortcuts: Readonly<Record<string, () => void>>): void {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const isWriting = event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement;
    if (isWriting && event.key !== "Escape") return;
    const act = Object.hasOwn(shortcuts, event.key) ? shortcuts[event.key] : undefined;
    if (act === undefined) return;
    event.preventDefault();
    act();
  });
}
