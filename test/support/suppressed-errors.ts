/**
 * Makes what a test says that fails and whose `using` fails as well be both. JavaScript makes a SuppressedError of them,
 * which holds them but has no message of its own, so that Bun would tell neither.
 */
export function tellSuppressedErrors(): void {
  // It is the engine that makes them: there is no class to extend.
  // eslint-disable-next-line no-extend-native
  Object.defineProperty(SuppressedError.prototype, "message", {
    configurable: true,
    get(this: SuppressedError) {
      return `${String(this.suppressed)}\n\nand when it was left: ${String(this.error)}`;
    },
  });
}
