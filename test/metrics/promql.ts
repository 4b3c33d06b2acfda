/** A metric as a PromQL expression uses it. */
export interface MetricUse {
  readonly name: string;
  /** That it selects by, and that the whole expression groups by. */
  readonly labels: readonly string[];
}

const FUNCTIONS = new Set(["rate", "increase", "sum", "histogram_quantile", "by", "on", "and", "label_values"]);
const NAME = /[a-zA-Z_][a-zA-Z0-9_]*/y;

/**
 * The metrics of an expression. Knows what this project's dashboard uses, and throws on anything that it can't place, so
 * that no misspelt name passes for a function.
 */
export function metricsIn(expression: string): MetricUse[] {
  const uses: { name: string; labels: string[] }[] = [];
  const grouping: string[] = [];
  for (let at = 0; at < expression.length; ) {
    NAME.lastIndex = at;
    const [name] = NAME.exec(expression) ?? [];
    if (name === undefined) {
      at += skipOther(expression, at);
      continue;
    }
    at += name.length;
    const rest = expression.slice(at);
    const [list = "", labels] = /^\s*\(([^()]*)\)/.exec(rest) ?? [];
    if (name === "by" || name === "on") {
      grouping.push(...(labels ?? "").split(",").map((label) => label.trim()));
      at += list.length;
    } else if (!FUNCTIONS.has(name)) {
      const [selector = ""] = /^\{[^}]*\}/.exec(rest) ?? [];
      uses.push({ name, labels: [...selector.matchAll(/(\w+)\s*(?:=~|!~|!=|=)\s*"/g)].map(([, label = ""]) => label) });
      at += selector.length;
    }
  }
  return uses.map(({ name, labels }) => ({ name, labels: [...labels, ...grouping] }));
}

/** Characters that hold no name: ranges, numbers, operators, brackets. */
function skipOther(expression: string, at: number): number {
  const [other] = /^(?:\[[$\w]+\]|[\d.]+|[\s(),/*+<>=-]+)/.exec(expression.slice(at)) ?? [];
  if (other === undefined) throw new Error(`not understood: ${JSON.stringify(expression.slice(at))} in ${expression}`);
  return other.length;
}
