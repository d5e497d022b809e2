import { deriveKey, seedKey } from "../../random/index.js";
import {
  type AnalysisName,
  analysisNames,
  manifestConfig,
  readDataset,
  readLayers,
  readManifest,
} from "../../runs/index.js";
import { MissingInputError } from "../../errors/index.js";
import type { Kernels } from "../../kernels/index.js";
import { resolve } from "node:path";
import type { Summary } from "../summary-table.js";
import type { AnalyzedRun, ReportShare, RunAnalysis } from "./analysis.js";
import { evaluate } from "./evaluate.js";

export type { AnalyzedRun, ReportShare, RunAnalysis } from "./analysis.js";

/** Every analysis of a run. A new one is its file, its line here, and its name in runs/config/analysis-names.ts. */
export const runAnalyses: Readonly<Record<AnalysisName, RunAnalysis>> = { evaluate };

/**
 * Do one analysis of a run, finished or still training its upper layers, and write its tables and figures. The result is a
 * function of what the run's folder holds and its seed. MissingInputError before its first layer is trained.
 */
export async function analyzeRun(
  name: AnalysisName,
  folder: string,
  kernels: Kernels,
  share: ReportShare,
): Promise<void> {
  await runAnalyses[name].write(readAnalyzedRun(name, folder), kernels, share);
}

function readAnalyzedRun(name: AnalysisName, folder: string): AnalyzedRun {
  const manifest = readManifest(folder);
  const config = manifestConfig(manifest);
  const layers = readLayers(folder, config.training.units);
  if (manifest.dataset === null || layers.length === 0) {
    throw new MissingInputError(`${folder} has no trained layer yet; there is nothing to analyse.`);
  }
  const source = resolve(folder, manifest.dataset.path);
  const dataset = readDataset(source, manifest.dataset.lattice);
  const key = deriveKey(seedKey(config.seed), "analysis", analysisNames.indexOf(name));
  return { folder, config, dataset, source, layers, key };
}

/** The columns that the analyses done so far add to summary.csv, in the order of their table. */
export function analysisSummary(folder: string): Summary {
  return analysisNames.flatMap((name) => runAnalyses[name].summarize(folder));
}
