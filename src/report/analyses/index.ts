import { deriveKey, seedKey } from "../../random/index.js";
import {
  analysesOfData,
  type AnalysisName,
  analysisNames,
  manifestConfig,
  readControlledLayers,
  readManifest,
  readRunDataset,
  refreshManifest,
  requireIntactInputs,
} from "../../runs/index.js";
import { MissingInputError } from "../../errors/index.js";
import type { Kernels } from "../../kernels/index.js";
import type { Summary } from "../summary-table.js";
import type { AnalyzedRun, ReportShare, RunAnalysis } from "./analysis.js";
import { couplings } from "./couplings.js";
import { evaluate } from "./evaluate.js";
import { fields } from "./fields.js";
import { fisher } from "./fisher.js";
import { flow } from "./flow.js";
import { pca } from "./pca.js";
import { reconstruct } from "./reconstruct.js";

export type { ReportShare, RunAnalysis } from "./analysis.js";

/** Every analysis of a run. A new one is its file, its line here, and its name in runs/config/analysis-names.ts. */
export const runAnalyses: Readonly<Record<AnalysisName, RunAnalysis>> = {
  evaluate,
  pca,
  fisher,
  fields,
  reconstruct,
  couplings,
  flow,
};

/**
 * Do one analysis of a run, finished or still training its upper layers, and write its tables and figures. The result is a
 * function of what the run's folder holds and its seed. MissingInputError before its first layer is trained, unless the
 * analysis is one of the data. DataError if what it rests on is not as it was written; the manifest's hashes of what it
 * writes are renewed, no others.
 */
export async function analyzeRun(
  name: AnalysisName,
  folder: string,
  kernels: Kernels,
  share: ReportShare,
): Promise<void> {
  const written = await runAnalyses[name].write(readAnalyzedRun(name, folder), kernels, share);
  refreshManifest(folder, written);
}

function readAnalyzedRun(name: AnalysisName, folder: string): AnalyzedRun {
  const manifest = readManifest(folder);
  const config = manifestConfig(manifest);
  const missing = config.hidden.length === 0 ? "no layers" : "no trained layer yet";
  const nothing = new MissingInputError(`${folder} has ${missing}; there is nothing to analyse.`);
  requireIntactInputs(folder, manifest, "analysis");
  const data = readRunDataset(folder, manifest);
  if (data === null) throw nothing;
  const { dataset, source } = data;
  const layers = readControlledLayers(folder, config, dataset.lattice);
  if (layers.length === 0 && !analysesOfData.includes(name)) throw nothing;
  const key = deriveKey(seedKey(config.seed), "analysis", analysisNames.indexOf(name));
  return { folder, config, dataset, source, layers, key };
}

/** The columns that the analyses done so far add to summary.csv, in the order of their table. */
export function analysisSummary(folder: string): Summary {
  return analysisNames.flatMap((name) => runAnalyses[name].summarize(folder));
}
