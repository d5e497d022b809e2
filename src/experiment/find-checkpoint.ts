import { DataError, OutputError, RbmRgError } from "../errors/index.js";
import type { Kernels, LayerArrays } from "../kernels/index.js";
import {
  type ExperimentConfig,
  layerHash,
  type MetricsRow,
  parseMetrics,
  readLayer,
  type StoredCheckpoint,
  surveyCheckpoints,
} from "../runs/index.js";

/** A checkpoint a run can go on from, with what was finished before it. */
export interface UsableCheckpoint {
  readonly stored: StoredCheckpoint;
  /** The finished layers, from the bottom up. */
  readonly layers: readonly LayerArrays[];
  readonly metrics: readonly MetricsRow[];
}

/** The newest checkpoint that can be used, and why newer ones cannot. */
export interface CheckpointSearch {
  readonly checkpoint: UsableCheckpoint | null;
  readonly problems: readonly string[];
}

/**
 * Look for the newest checkpoint of this run that is whole and whose finished layers are still there as they were
 * written. OutputError if it was made with other kernels, whose sums differ in the last digits.
 */
export function findCheckpoint(
  run: string,
  identity: string,
  config: ExperimentConfig,
  kernels: Kernels,
): CheckpointSearch {
  const survey = surveyCheckpoints(run);
  const problems = [...survey.problems];
  for (const stored of survey.whole) {
    try {
      const checkpoint = usable(stored, run, identity, config);
      requireSameKernels(run, stored, kernels);
      return { checkpoint, problems };
    } catch (error) {
      if (!(error instanceof RbmRgError) || error instanceof OutputError) throw error;
      problems.push(error.message);
    }
  }
  return { checkpoint: null, problems };
}

function usable(
  stored: StoredCheckpoint,
  run: string,
  identity: string,
  { training }: ExperimentConfig,
): UsableCheckpoint {
  const { path, header } = stored;
  if (header.identity !== identity) throw new DataError(`${path} belongs to another run.`);
  const layers = header.finished.map((hash, index) => {
    if (layerHash(run, index + 1) !== hash) {
      throw new DataError(`${path}: the weights of layer ${index + 1} have changed since it was written.`);
    }
    return readLayer(run, index + 1, training.units);
  });
  const metrics = header.metrics === "" ? [] : parseMetrics(header.metrics, path);
  return { stored, layers, metrics };
}

function requireSameKernels(run: string, { header }: StoredCheckpoint, kernels: Kernels): void {
  if (header.kernels === kernels.name) return;
  throw new OutputError(
    `${run} was trained so far with the kernels ${header.kernels}; these are ${kernels.name}, whose sums differ in the last ` +
      `digits. Give --kernels ${header.kernels} to go on, or --force to train from the beginning.`,
  );
}
