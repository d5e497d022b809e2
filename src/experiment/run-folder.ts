import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { explainWriting } from "../io/output-failure.js";
import { isAnalysisFolder } from "../report/analysis-folder.js";
import { runLayout } from "../runs/index.js";

/** Names of everything the program itself writes into a run folder, but the lock and the manifest. */
const OUTPUTS =
  /^(data|figures|config\.yaml|(metrics|summary|claims|receptive_fields|evaluation|pca|fisher|fields|fields-controls|reconstructions|effective-hamiltonian|strongest-pairs|venn-diagram|flow-(verdicts|thermometers|states|layouts))\.csv|report\.html|(weights|(hidden|visible)-bias)-\d+\.(csv|npy))$/;

/** What lies in the folder of checkpoints. */
const CHECKPOINTS = /\.checkpoint$/;

/** Files and folders that a killed process has not finished. */
const REMAINS = /^\..*\.tmp$/;

/** Whether a name in a folder is only what a process left behind that was killed before it wrote its manifest. */
export function isRemains(name: string): boolean {
  return name === ".lock" || REMAINS.test(name);
}

/** Whether there is anything that `removeRemains`, or the end of a run, would have removed. */
export function hasRemains(run: string): boolean {
  return readdirSync(run).some(isRemains) || existsSync(runLayout.checkpoints(run));
}

/** Remove unfinished files and folders. The lock must be held. */
export function removeRemains(run: string): void {
  for (const folder of [run, runLayout.figures(run), runLayout.checkpoints(run)]) {
    if (existsSync(folder)) removeMatching(folder, REMAINS, []);
  }
}

/**
 * Remove a former run's outputs but its manifest and those in `keep`, and the folders of analyses of it; a user's own files
 * stay. The lock must be held.
 */
export function clearRunFolder(run: string, keep: readonly string[]): void {
  removeMatching(run, OUTPUTS, keep);
  removeAnalyses(run, keep);
  const checkpoints = runLayout.checkpoints(run);
  if (existsSync(checkpoints)) removeMatching(checkpoints, CHECKPOINTS, keep);
  removeRemains(run);
}

/** Remove the folders of analyses below `folder`, wherever they were written. */
function removeAnalyses(folder: string, keep: readonly string[]): void {
  const entries = explainWriting(folder, () => readdirSync(folder, { withFileTypes: true }));
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (!entry.isDirectory() || keep.includes(path)) continue;
    if (!isAnalysisFolder(path)) removeAnalyses(path, keep);
    else
      explainWriting(path, () => {
        rmSync(path, { recursive: true, force: true });
      });
  }
}

function removeMatching(folder: string, pattern: RegExp, keep: readonly string[]): void {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (!pattern.test(name) || keep.includes(path)) continue;
    explainWriting(path, () => {
      rmSync(path, { recursive: true, force: true });
    });
  }
}
