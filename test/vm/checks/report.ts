/** Counts and prints the checks: one line each. */
export class Report {
  #passed = 0;
  #failed = 0;

  /** `problems`: what speaks against the claim; none means that it holds. */
  check(claim: string, problems: string | undefined | readonly string[]): void {
    const list = typeof problems === "string" ? [problems] : (problems ?? []);
    if (list.length === 0) {
      this.#passed++;
      console.log(`ok    ${claim}`);
      return;
    }
    this.#failed++;
    const more = list.length > 3 ? `; and ${list.length - 3} more` : "";
    console.log(`FAIL  ${claim}: ${list.slice(0, 3).join("; ")}${more}`);
  }

  /** As `check`, where an exception counts as a failure too. */
  async attempt(claim: string, find: () => Promise<string | undefined | readonly string[]>): Promise<void> {
    try {
      this.check(claim, await find());
    } catch (thrown) {
      this.check(claim, thrown instanceof Error ? thrown.message : String(thrown));
    }
  }

  get failed(): number {
    return this.#failed;
  }

  summary(): string {
    return `${this.#passed} passed, ${this.#failed} failed`;
  }
}
