import { join } from "node:path";
import { parseCsv, pathStatus, readText } from "../../io/index.js";
import type { StudyRun } from "../study.js";

export type TableRow = Readonly<Record<string, string>>;

/** The rows of a table of a run; none where the run has none. */
export function runTable({ folder }: StudyRun, name: string): readonly TableRow[] {
  const path = join(folder, name);
  return pathStatus(path) === undefined ? [] : parseCsv(readText(path), path).rows;
}

/** A number of a table; NaN where it is empty. */
export function numberOf(row: TableRow | undefined, column: string): number {
  const text = row?.[column] ?? "";
  if (text === "inf") return Infinity;
  return text === "" ? NaN : Number(text);
}

export const NOT_MEASURED = "not measured at this scale";

/** Values one after the other, or that there are none. */
export function listed(texts: readonly string[], separator = "; "): string {
  return texts.length === 0 ? NOT_MEASURED : texts.join(separator);
}
