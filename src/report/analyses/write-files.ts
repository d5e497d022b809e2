import { join } from "node:path";
import { createSubfolder, parseCsv, pathStatus, readText, writeFileAtomic } from "../../io/index.js";
import { runLayout } from "../../runs/index.js";
import type { AnalysisFile } from "../analysis-folder.js";

/**
 * Write the files of an analysis into a run, its figures with the analysis's name in front: figures/pca-spectrum.png; null:
 * as they are named. Returns their paths in the run.
 */
export function writeFilesOfRun(
  run: string,
  analysis: string | null,
  files: readonly AnalysisFile[],
): readonly string[] {
  createSubfolder(runLayout.figures(run));
  return files.map(([path, content]) => {
    const own = analysis === null ? path : path.replace(/^figures\//, `figures/${analysis}-`);
    writeFileAtomic(join(run, own), content);
    return own;
  });
}

/** The rows of an analysis's table in a run; none where it has not been done. */
export function tableRows(path: string): readonly Readonly<Record<string, string>>[] {
  return pathStatus(path) === undefined ? [] : parseCsv(readText(path), path).rows;
}

/** A field of a table as it stands in another: empty, a number, or text. */
export function fieldValue(text: string | undefined): string | number | null {
  if (text === undefined || text === "") return null;
  return Number.isNaN(Number(text)) ? text : Number(text);
}
