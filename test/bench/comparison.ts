import { type Quantity, ratios, type Series, type Spread, spread } from "./quantity.js";
import type { Target } from "./target.js";

/** What is compared and how the figures are to be read. */
export interface Topic {
  readonly section: string;
  /** Sizes and what else tells this comparison from the others of its section. */
  readonly name: string;
  readonly threads: number;
  readonly quantity: Quantity;
  readonly target?: Target;
}

/**
 * `project` contenders are variants of the program itself, printed beside its figures and judged by nobody; `reference`
 * ones are what the target speaks of.
 */
export type Role = "project" | "reference";

/** A contender's row. The ratio is absent in the row of the base, which all others are compared with. */
export interface Row extends Topic {
  readonly subject: string;
  readonly role: Role;
  readonly spread: Spread;
  readonly ratio: Spread | null;
  readonly rounds: number;
  /** The row the target applies to: the fastest reference, or the base itself. */
  readonly judged: boolean;
}

/** Numbers of one contender beside the base. */
export interface Contestant extends Series {
  readonly role: Role;
}

/** The rows of one comparison, the base first. Ratios are taken within each round and then summarised. */
export function compare(topic: Topic, base: Series, others: readonly Contestant[]): readonly Row[] {
  const rounds = base.values.length;
  const row = (series: Series, role: Role, ratio: Spread | null): Row => ({
    ...topic,
    subject: series.subject,
    role,
    spread: spread(series.values),
    ratio,
    rounds,
    judged: false,
  });
  const rows = [
    row(base, "project", null),
    ...others.map((other) => row(other, other.role, spread(ratios(base, other, topic.quantity)))),
  ];
  const judged = topic.target === undefined ? null : judgedRow(rows, topic.target);
  return rows.map((entry) => ({ ...entry, judged: entry === judged }));
}

function judgedRow(rows: readonly Row[], target: Target): Row | null {
  if (target.kind === "value") return rows[0];
  const references = rows.filter(({ role }) => role === "reference");
  return references.reduce<Row | null>(
    (best, row) => (best === null || row.ratio!.median < best.ratio!.median ? row : best),
    null,
  );
}
