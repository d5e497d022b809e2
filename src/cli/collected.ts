import type { CsvValue } from "../io/index.js";
import type { CommonFlags } from "./options.js";
import { print, printJson } from "./output.js";

/** Rows gathered from many runs, and why others were left out. */
export interface Collected {
  readonly rows: readonly Readonly<Record<string, CsvValue>>[];
  readonly columns: readonly string[];
  readonly skipped: readonly string[];
}

/** One tidy CSV row per run, or JSON, on stdout; what was left out on stderr. */
export async function printCollected(
  { rows, columns, skipped }: Collected,
  flags: CommonFlags,
): Promise<void> {
  if (flags.quiet !== true) for (const reason of skipped) process.stderr.write(`rbm-rg: skipped ${reason}\n`);
  if (flags.json === true) {
    printJson(rows);
    return;
  }
  const { formatCsv } = await import("../io/index.js");
  print(
    formatCsv(
      columns,
      rows.map((row) => columns.map((column) => row[column])),
    ),
  );
}
