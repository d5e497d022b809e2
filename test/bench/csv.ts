import { stringify } from "csv-stringify/sync";
import type { Row } from "./comparison.js";
import type { Spread } from "./quantity.js";
import { targetText } from "./target.js";

const COLUMNS = [
  "section",
  "case",
  "threads",
  "subject",
  "unit",
  "median",
  "min",
  "max",
  "ratio_median",
  "ratio_min",
  "ratio_max",
  "target",
  "rounds",
];

/** The rows as tidy CSV; a target stands in the row it speaks of. */
export function benchCsv(rows: readonly Row[]): string {
  const records = rows.map((row) => [
    row.section,
    row.name,
    row.threads,
    row.subject,
    row.quantity.unit,
    ...cells(row.spread),
    ...cells(row.ratio),
    row.judged && row.target !== undefined ? targetText(row.target) : "",
    row.rounds,
  ]);
  return stringify([COLUMNS, ...records]);
}

function cells(spread: Spread | null): readonly (number | string)[] {
  if (spread === null) return ["", "", ""];
  return [spread.median, spread.min, spread.max].map((value) => Number(value.toPrecision(4)));
}
