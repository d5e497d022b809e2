import type { MomentRung } from "../../analysis/pca/moment-flow.js";
import { join } from "node:path";
import { parseCsv, readText } from "../../io/index.js";
import { runLayout } from "../../runs/index.js";
import type { StudyRun } from "../study.js";

/** Rows of a table of a run, by column. */
export function runTable(
  run: StudyRun,
  ...path: readonly string[]
): readonly Readonly<Record<string, string>>[] {
  const file = join(run.folder, ...path);
  return parseCsv(readText(file), file).rows;
}

/** The table behind a figure of a run. */
export function figureTable(run: StudyRun, name: string): ReturnType<typeof runTable> {
  const file = join(runLayout.figures(run.folder), `${name}.csv`);
  return parseCsv(readText(file), file).rows;
}

/** A number of a row; NaN where it has none. */
export function field(row: Readonly<Record<string, string>>, column: string): number {
  const text = row[column] ?? "";
  return text === "" ? NaN : Number(text);
}

/** What a figure of a flow needs of a rung. */
export type DrawnRung = Pick<
  MomentRung,
  "modes" | "fraction" | "median" | "lowerQuartile" | "upperQuartile" | "standardError" | "independent"
>;

/** The flow of a run as modes of small variance are removed, from one mode to all. */
export function momentsOfRun(run: StudyRun): readonly DrawnRung[] {
  return figureTable(run, "pca-fourth-moments")
    .filter((row) => row["kept"] === "largest")
    .map((row) => ({
      modes: field(row, "modes"),
      fraction: field(row, "fraction"),
      median: field(row, "median"),
      lowerQuartile: field(row, "lower_quartile"),
      upperQuartile: field(row, "upper_quartile"),
      standardError: field(row, "standard_error"),
      independent: field(row, "independent"),
    }));
}
