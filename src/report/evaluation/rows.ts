import type { Measured } from "../../analysis/evaluation/index.js";
import type { CsvValue } from "../../io/index.js";

/** Columns of evaluation.csv. */
export const columns = [
  "quantity",
  "value",
  "error",
  "tau",
  "ess",
  "reference",
  "reference_error",
  "z",
  "deviation",
  "remark",
] as const;

/** The values of one row, in the order of the columns. */
export type Row = readonly CsvValue[];

/** What a quantity is compared with. */
export interface Reference extends Measured {
  /** `exact` or `data`. */
  readonly kind: string;
}

/** A quantity that is compared with nothing. */
export function plainRow(quantity: string, { value, error }: Measured, remark: string | null): Row {
  return [quantity, value, error, null, null, null, null, null, null, remark];
}

/** How a quantity was measured along chains. */
export interface ChainStatistics {
  readonly tau: number | null;
  readonly ess: number | null;
}

/** A quantity beside what it should be, if that is known; `doubts` are added to the remark on what the reference is. */
export function comparedRow(
  quantity: string,
  { value, error }: Measured,
  { tau, ess }: ChainStatistics,
  reference: Reference | null,
  doubts: readonly (string | null)[],
): Row {
  const remark = [reference?.kind ?? null, ...doubts].filter((part) => part !== null).join("; ");
  if (reference === null) return [quantity, value, error, tau, ess, null, null, null, null, remark];
  const spread = Math.sqrt(error * error + reference.error * reference.error);
  return [
    ...[quantity, value, error, tau, ess, reference.value, reference.error],
    spread > 0 ? (value - reference.value) / spread : null,
    reference.value === 0 ? null : value / reference.value - 1,
    remark,
  ];
}
