import { existsSync } from "node:fs";
import { MissingInputError } from "../errors/index.js";
import { parseCsv, readText } from "../io/index.js";
import { readManifest, runLayout } from "../runs/index.js";

/** The summaries of many runs in one table. */
export interface Collection {
  /** `run`, `status`, then the union of all summaries' columns in order of first appearance. */
  readonly columns: readonly string[];
  readonly rows: readonly Readonly<Record<string, string>>[];
  /** Folders left out, with the reason. */
  readonly skipped: readonly string[];
}

/**
 * Gather summary.csv of every run, in the order given; a folder that is not a run or has no summary yet is skipped.
 * `statusOf` is for callers that have read the manifests already.
 */
export function collectSummaries(
  runs: readonly string[],
  statusOf = (run: string): string => readManifest(run).status,
): Collection {
  const columns = new Set(["run", "status"]);
  const rows: Record<string, string>[] = [];
  const skipped: string[] = [];
  for (const run of runs) {
    if (!existsSync(run)) throw new MissingInputError(`${run} does not exist; expected run folders.`);
    const path = runLayout.summary(run);
    if (!existsSync(runLayout.manifest(run)) || !existsSync(path)) {
      skipped.push(`${run}: no summary.csv of a run in it`);
      continue;
    }
    const table = parseCsv(readText(path), path);
    for (const column of table.columns) columns.add(column);
    for (const row of table.rows) rows.push({ run, status: statusOf(run), ...row });
  }
  if (rows.length === 0)
    throw new MissingInputError(`none of ${runs.join(", ")} is a run folder with a summary.csv.`);
  return { columns: [...columns], rows, skipped };
}
