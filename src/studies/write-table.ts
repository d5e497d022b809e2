import { join } from "node:path";
import { createSubfolder, formatCsv, writeFileAtomic } from "../io/index.js";
import type { CsvValue } from "../io/csv.js";

/** Write tables/<name>.csv of a study: what its runs say, row by row. */
export function writeTable(
  study: string,
  name: string,
  columns: readonly string[],
  rows: readonly (readonly CsvValue[])[],
): void {
  const folder = join(study, "tables");
  createSubfolder(folder);
  writeFileAtomic(join(folder, `${name}.csv`), formatCsv(columns, rows));
}
