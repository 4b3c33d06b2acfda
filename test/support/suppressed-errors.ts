/**
 * What a test says that fails and whose `using` fails as well: both. JavaScript makes a SuppressedError of them, which
 * holds them but has no message of its own, so that Bun would tell neither. Imported for its effect.
 */
Object.defineProperty(SuppressedError.prototype, "message", {
  configurable: true,
  get(this: SuppressedError) {
    return `${String(this.suppressed)}\n\nand when it was left: ${String(this.error)}`;
  },
});
