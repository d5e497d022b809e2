// The library: Ising models and their exact values, sampling, RBMs, training, analysis, figures.
export * from "./errors/index.js";
export { type KernelChoice, type Kernels, openKernels, referenceKernels } from "./kernels/index.js";
export {
  type BitMatrix,
  bitMatrix,
  countUp,
  getBit,
  packBits,
  rowRange,
  setBit,
  unpackRow,
} from "./kernels/bit-matrix.js";
export { deriveKey, type Purpose, seedKey, type SeedKey } from "./random/index.js";

export { chain, type Lattice, latticeName, parseLattice, torus } from "./ising/lattice.js";
export { CRITICAL_COUPLING, type IsingModel, isingModel } from "./ising/model.js";
export * from "./ising/exact/index.js";
export { isingHamiltonian, isingHamiltonians } from "./ising/hamiltonian.js";
export { measure, type Measurements } from "./ising/measurements.js";
export {
  chainAgreement,
  estimateObservables,
  type Observable,
  type ObservableName,
  observableNames,
} from "./ising/observables.js";
export { sampleIsing, type SampleSet, type SamplingOptions, type SamplingProgress } from "./ising/sample.js";
export { type AlgorithmName, type Sampler, type SamplerName, samplers } from "./ising/samplers/index.js";

export {
  type ConvertedRbm,
  initializeWeights,
  type Rbm,
  squaredNorm,
  toBinary,
  toDouble,
  toSpin,
  type UnitType,
  zeroRbm,
} from "./rbm/parameters.js";
export {
  effectiveHamiltonian,
  energy,
  hiddenInputs,
  meanHiddenGivenVisible,
  meanVisibleGivenHidden,
  visibleInputs,
} from "./rbm/energy.js";
export {
  exactModelStatistics,
  statisticsNorm,
  type SufficientStatistics,
  visibleDistribution,
  visibleHamiltonians,
  weightedStatistics,
} from "./rbm/ensemble.js";
export { exactLogPartition } from "./rbm/log-partition/exact.js";
export { assess, type Assessment, assessmentTarget, type AssessmentTarget } from "./rbm/assessment.js";
export {
  type EpochResult,
  trainLayer,
  type TrainingData,
  type TrainingObserver,
  type TrainingProgress,
} from "./rbm/trainer.js";
export type { LayerResume, LayerState, StateArray, StateArrays } from "./rbm/layer-state.js";
export { diagnose, type DiagnosedLayer, type Finding } from "./rbm/diagnosis.js";
export { isingTarget, type TargetModel } from "./rbm/target-model.js";
export { sampleHiddenLayer, trainStack, type StackObserver, type StackResume } from "./rbm/stack.js";
export type { TrainingOptions } from "./rbm/training-options.js";

export { measureReceptiveField, type ReceptiveField } from "./analysis/receptive-field.js";
export { type BlockOverlap, blockMajorityOverlaps } from "./analysis/block-majority.js";
export { receptiveFields } from "./analysis/weight-product.js";

export { type Dataset, readDataset, readLayers, readMetrics, resolveConfig, VERSION } from "./runs/index.js";
export { curvesFigure, type Figure, mosaicFigure, smallMultiplesFigure } from "./report/figures/index.js";
export { runExperiment, type RunOutcome } from "./experiment/run-experiment.js";
export {
  type CheckpointInterval,
  type Environment,
  type Progress,
  silentProgress,
  type StopReason,
} from "./experiment/environment.js";
