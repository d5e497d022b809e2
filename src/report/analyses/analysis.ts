import type { Kernels, LayerArrays } from "../../kernels/index.js";
import type { Dataset, ExperimentConfig } from "../../runs/index.js";
import type { SeedKey } from "../../random/index.js";
import type { Summary } from "../summary-table.js";

/** A run whose data are there and whose layers are trained, as an analysis sees it. */
export interface AnalyzedRun {
  readonly folder: string;
  readonly config: ExperimentConfig;
  readonly dataset: Dataset;
  /** The folder or file of the dataset. */
  readonly source: string;
  /** From the bottom up; none in a run without layers, which only analyses of the data see. */
  readonly layers: readonly LayerArrays[];
  /** Names the randomness of this analysis of this run. */
  readonly key: SeedKey;
}

/** How an analysis tells how far it is, from 0 to 1. Awaited, so that a caller can redraw, hear signals, or throw to stop. */
export type ReportShare = (share: number) => void | Promise<void>;

/** An analysis of a finished training, with results in files of their own. */
export interface RunAnalysis {
  /** What it does, for progress and help: `evaluating the model`. */
  readonly phase: string;
  /** Compute, and write its tables and figures into the run's folder; returns their paths in it. */
  write(run: AnalyzedRun, kernels: Kernels, share: ReportShare): Promise<readonly string[]>;
  /** Its columns of summary.csv, from the tables in a run's folder; none where it has not been done. */
  summarize(folder: string): Summary;
}
