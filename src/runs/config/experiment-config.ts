import type { DataControlName, WeightControlName } from "../../analysis/controls/index.js";
import type { SamplingOptions } from "../../ising/sample.js";
import type { TrainingOptions } from "../../rbm/training-options.js";
import type { AnalysisName } from "./analysis-names.js";
import type { MeasuredValue } from "./measured-value.js";

/** Where the configurations come from: a dataset or file on disk, or an Ising model sampled inline. */
export type DataSource = FileSource | SampleSource;

/** Configurations that are read. */
export interface FileSource {
  /** A dataset folder, or a file .npy, .csv, .tsv or .txt. */
  readonly path: string;
  /** The lattice the columns live on, if the file itself does not say. */
  readonly lattice: string | null;
  /** How many units the bytes of the file hold as bits; absent: a number is a unit. */
  readonly packed?: number;
  /** ln Z of the distribution behind the configurations, nats, if the user knows it. */
  readonly logPartition: MeasuredValue | null;
}

/** Configurations that are sampled. */
export interface SampleSource extends Required<SamplingOptions> {
  /** `40x40`, a torus, or `64`, a chain. */
  readonly lattice: string;
  /** K = J/(k_B T) ≥ 0. */
  readonly coupling: number;
  /** B, the field over k_B T. */
  readonly field: number;
  /** What the configurations are replaced by; absent: nothing. */
  readonly control?: DataControlName;
}

/**
 * How the data phase is averaged: over the samples, or over the exact distribution (`exact`, Ising models of at most 20
 * sites). `auto` is `exact` for such a model with the estimator `exact`, else `samples`.
 */
export type DataPhase = "auto" | "samples" | "exact";

/** A complete, checked experiment: every default filled in, nothing left to decide but `auto` values of the sampler. */
export interface ExperimentConfig {
  /** Names the run in its report; where none is given, it is made of the data, the layers and the seed. */
  readonly name: string;
  /** Text from which all random numbers follow, see `seedKey`. */
  readonly seed: string;
  /** Where the configurations come from. */
  readonly data: DataSource;
  /** Layer sizes from the bottom up; none where only the data are made or read, and analysed. */
  readonly hidden: readonly number[];
  /** How every layer is trained. */
  readonly training: TrainingOptions;
  /** What becomes of the trained layers before they are analysed; absent: nothing. */
  readonly control?: WeightControlName;
  /** How the data phase is averaged. */
  readonly dataPhase: DataPhase;
  /** What is done with the trained run, in this order. */
  readonly analyses: readonly AnalysisName[];
}

export function isFileSource(source: DataSource): source is FileSource {
  return "path" in source;
}
