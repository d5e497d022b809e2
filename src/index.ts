/**
 * Sample Ising models, train restricted Boltzmann machines, evaluate and analyse them, with exact values beside all that has
 * some. `import { … } from "rbm-rg"` in Node.js 20 or later, as an ES module.
 *
 * - Configurations are rows of a `BitMatrix`, a bit a unit; `spinArray` and `packSpins` turn them into arrays of ±1 and back. Sites of
 *   a torus of shape [Lx, Ly] are numbered x·Ly + y. Of sampled configurations row t·chains + c is sample t of chain c.
 * - Weights are flat and row-major, visible × hidden; `weightMatrix` gives them axes. E(v, h) = −c·v − b·h − vᵀWh, P = e^{−E}/Z.
 * - K = J/(k_B T) and B are reduced; energies, ln Z and divergences are in nats, lengths in sites. An `error` is one standard
 *   deviation.
 * - Whatever is random takes a key, made by `seedKey`: the same arguments give the same bits, with any number of threads. Kernels
 *   do the heavy work: open them once with `openKernels`, `close()` them at the end.
 * - All errors thrown on purpose are classes derived from `RbmRgError`; each message says what was found and what to do.
 *
 * @module
 */

// The headings below are the groups of the reference in docs/api.

// ## Models and exact values
export { chain, type Lattice, latticeName, parseLattice, torus } from "./ising/lattice.js";
export { CRITICAL_COUPLING, type IsingModel, isingModel } from "./ising/model.js";
export { isingHamiltonian, isingHamiltonians } from "./ising/hamiltonian.js";
export {
  boltzmannDistribution,
  densityOfStates,
  type DensityOfStates,
  enumerateIsing,
  type EnumeratedIsing,
  EXACT_QUANTITIES,
  exactCorrelations,
  exactInfiniteLattice,
  type ExactInfiniteLattice,
  type ExactQuantity,
  exactReference,
  type ExactReference,
  type ExactReferenceRow,
  exactReferenceTable,
  exactRing,
  type ExactRing,
  exactRingCorrelations,
  exactTorus,
  type ExactTorus,
  exactTorusCorrelations,
  MAX_ENUMERATED_SITES,
  MAX_TRANSFER_WIDTH,
  momentsOf,
  ringCorrelationLength,
  secondMomentCorrelationLength,
  squareMagnetization,
  transferMatrix,
  type TransferMatrixResult,
} from "./ising/exact/index.js";
export { exactIsingLogPartition, isingLogPartition, type IsingLogPartition } from "./ising/free-energy.js";
export {
  defaultIntegration,
  type IntegrationOptions,
  type IntegrationProgress,
} from "./ising/thermodynamic-integration.js";

// ## Sample
export {
  sampleIsing,
  type SampleSet,
  type SamplingOptions,
  type SamplingProgress,
  type SamplingState,
  type Schedule,
} from "./ising/sample.js";
export { type StartName } from "./ising/chains.js";
export { type AlgorithmName, type Sampler, type SamplerName, samplers } from "./ising/samplers/index.js";
export { measure, type Measurements } from "./ising/measurements.js";
export {
  chainAgreement,
  estimateObservables,
  type Observable,
  type ObservableName,
  observableNames,
} from "./ising/observables.js";
export { compareWithExact, type ObservableRow } from "./runs/observables-table.js";
export {
  type AutocorrelationTime,
  estimateMean,
  integratedAutocorrelationTime,
  type MeanEstimate,
  type Series,
} from "./statistics/index.js";

// ## Configurations and arrays
export { arrayView, inOrder, type NdArray, type TypedArray } from "./kernels/array-view.js";
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
export { packSpins, spinArray } from "./kernels/spin-array.js";

// ## RBMs
export {
  type ConvertedRbm,
  initializeWeights,
  type Rbm,
  type RealArray,
  squaredNorm,
  toBinary,
  toDouble,
  toSpin,
  type UnitType,
  weightMatrix,
  zeroRbm,
} from "./rbm/parameters.js";
export { type LayerArrays } from "./kernels/index.js";
export {
  type Configuration,
  effectiveHamiltonian,
  energy,
  hiddenInputs,
  meanHiddenGivenVisible,
  meanVisibleGivenHidden,
  visibleInputs,
} from "./rbm/energy.js";
export { effectiveHamiltonians } from "./rbm/effective-hamiltonian.js";
export {
  exactModelStatistics,
  statisticsNorm,
  type SufficientStatistics,
  transposeRbm,
  visibleDistribution,
  visibleHamiltonians,
  weightedStatistics,
} from "./rbm/ensemble.js";
export { sampleHiddenLayer } from "./rbm/stack.js";
export { type ChainLength, runModelChains } from "./rbm/model-chains.js";

// ## Train
export { trainStack, type StackObserver, type StackResume } from "./rbm/stack.js";
export {
  type EpochResult,
  trainLayer,
  type TrainingData,
  type TrainingObserver,
  type TrainingProgress,
} from "./rbm/trainer.js";
export { trainingOptions, type TrainingSettings } from "./runs/config/training-options.js";
export type { TrainingOptions } from "./rbm/training-options.js";
export { type TargetDistribution, type EstimatorName } from "./rbm/estimators/index.js";
export { type GaugeName, type ObjectiveName, type ObjectiveOptions } from "./rbm/objectives/index.js";
export { type L1Form, type OptimizerName, type Penalty } from "./rbm/optimizers/index.js";
export { type RateScheduleName } from "./rbm/schedules.js";
export { type HamiltonianOf, isingTarget, type TargetModel } from "./rbm/target-model.js";
export type { LayerResume, LayerState, StateArray, StateArrays } from "./rbm/layer-state.js";

// ## Evaluate
export { exactLogPartition } from "./rbm/log-partition/exact.js";
export {
  bestEstimate,
  type LogPartitionEstimate,
  type LogPartitionEstimatorName,
  type NamedEstimate,
} from "./rbm/log-partition/index.js";
export {
  type CorrelationFunction,
  evaluateLayer,
  type Evaluation,
  type EvaluationRequest,
  type EvaluationTarget,
  type FreeEnergies,
} from "./analysis/evaluation/index.js";
export { type Measured } from "./statistics/index.js";
export {
  assess,
  type Assessment,
  type AssessmentExtras,
  assessmentTarget,
  type AssessmentTarget,
  isingAssessmentTarget,
  type TargetStates,
} from "./rbm/assessment.js";
export { type AssessmentChoice } from "./rbm/assessment-effort.js";
export { logLikelihoodPerUnit } from "./rbm/log-likelihood.js";
export { type GroupedMean } from "./statistics/index.js";
export { diagnose, type DiagnosedLayer, type Finding } from "./rbm/diagnosis.js";

// ## Receptive fields
export { receptiveFieldArrays, receptiveFields } from "./analysis/weight-product.js";
export { type FieldCore, measureReceptiveField, type ReceptiveField } from "./analysis/receptive-field.js";
export { type FieldStrength } from "./analysis/field-strength.js";
export { type BlockOverlap, blockMajorityOverlaps } from "./analysis/block-majority.js";

// ## Couplings
export {
  allCouplings,
  type ClassCoupling,
  type CouplingClass,
  type Couplings,
  type ExpandedClass,
  expandClasses,
  expandHamiltonian,
  type Expansion,
  type ExpansionOptions,
  fitCouplings,
  latticeClasses,
  type Projection,
  projectHamiltonian,
  type PseudoLikelihoodFit,
  type SpinSets,
  squaresByOrder,
} from "./analysis/couplings/index.js";

// ## Thermometers and flow
export {
  type GroupedAverages,
  type MagnetizationReference,
  measureSpins,
  readThermometers,
  ReferenceCurve,
  type ReferencePoints,
  type Replicates,
  type Residual,
  type ResidualTest,
  sampleReference,
  type SpinAverages,
  type SpinState,
  type ThermometerName,
  type ThermometerReading,
} from "./analysis/thermometers/index.js";
export {
  analyzeFlow,
  type CouplingChange,
  type FixedPoint,
  type Flow,
  type FlowAnalysis,
  type FlowDirections,
  type FlowKind,
  type FlowMachineName,
  type FlowOptions,
  type FlowPoint,
  type FlowProgress,
  type FlowSubject,
  type FlowVerdict,
  type HiddenLayout,
  type ThermometerVerdict,
  type Trajectory,
} from "./analysis/flow/index.js";

// ## Monte-Carlo renormalization group
export {
  blockConfigurations,
  type BlockRule,
  type CouplingMean,
  type CouplingOperator,
  couplingOperator,
  decimationRule,
  evenCouplings,
  type ExponentEstimate,
  majorityRule,
  type MatrixElement,
  MonteCarloRenormalization,
  monteCarloRgResult,
  type MonteCarloRgResult,
  oddCouplings,
  type Offset,
  type Parity,
  type RenormalizationOptions,
  type SectorBlocks,
  type SharedFilter,
  sharedFilterRule,
  type TorusShape,
} from "./analysis/monte-carlo-rg/index.js";

// ## Kadanoff's variational renormalization group
export {
  type CouplingAxis,
  type CriticalFixedPoint,
  criticalFixedPoint,
  type FixedPointRow,
  type FixedPointSymmetry,
  type FlowRow,
  type FreeEnergyRow,
  kadanoffSurvey,
  type KadanoffSurvey,
  type Linearization,
  mapCriticalCoupling,
  optimalFixedPoint,
  type PlaquetteCouplings,
} from "./analysis/kadanoff/index.js";
export { type Eigenvalue } from "./statistics/index.js";

// ## Principal components and the Fisher matrix
export { analyzePca, type PcaAnalysis, type PcaOptions, type PcaProgress } from "./analysis/pca/analysis.js";
export { type CouplingRung } from "./analysis/pca/coupling-flow.js";
export { type MeanChoice } from "./analysis/pca/covariance.js";
export { type FourierSpectrum } from "./analysis/pca/fourier-spectrum.js";
export { type NoiseBand } from "./analysis/pca/marchenko-pastur.js";
export { type KeptEnd, type ModeMoments, type MomentSums } from "./analysis/pca/mode-moments.js";
export { type MomentRung } from "./analysis/pca/moment-flow.js";
export { type SpectralExponent } from "./analysis/pca/spectral-exponent.js";
export { type Units } from "./analysis/pca/units.js";
export { type FlowKind as PcaFlowKind, type FlowVerdict as PcaVerdict } from "./analysis/pca/verdict.js";
export { type SymmetricEigen } from "./statistics/symmetric-eigen.js";
export {
  bitObservations,
  type Observations,
  realObservations,
  type RowsVisitor,
} from "./analysis/pca/observations.js";
export { analyzeFisher, type FisherOptions, type FisherSpectrum } from "./analysis/fisher/analysis.js";
export { type EffectiveDimension } from "./analysis/fisher/effective-dimension.js";
export { type SampleCounts } from "./analysis/fisher/model-samples.js";
export { type SloppinessVerdict, type SpectrumKind } from "./analysis/fisher/sloppiness.js";
export { type FisherKind } from "./analysis/fisher/states.js";
export { type StiffDirection } from "./analysis/fisher/stiff-directions.js";

// ## Files
export { loadNpy, saveNpy } from "./io/npy-view.js";
export { type EncodableArray } from "./io/npy.js";
export { type Dataset, readDataset } from "./runs/dataset-folder.js";
export { readLayers } from "./runs/layer-files.js";
export { type MetricsRow, readMetrics } from "./runs/metrics-table.js";
export { readTrainedLayers, type TrainedLayers } from "./runs/trained-layer.js";
export { type ModelDescription, readModel } from "./runs/interchange/read-model.js";
export { writeModel } from "./runs/interchange/write-model.js";
export { type Convention, type EnergySign, type Orientation } from "./runs/interchange/convention.js";

// ## Whole experiments
export { resolveConfig } from "./runs/config/resolve.js";
export { type RawConfig } from "./runs/config/layers.js";
export {
  type DataPhase,
  type DataSource,
  type ExperimentConfig,
  type FileSource,
  type SampleSource,
} from "./runs/config/experiment-config.js";
export { type MeasuredValue } from "./runs/config/measured-value.js";
export { type AnalysisName } from "./runs/config/analysis-names.js";
export { runExperiment, type RunOutcome } from "./experiment/run-experiment.js";
export { makeEnvironment } from "./experiment/default-environment.js";
export {
  type CheckpointInterval,
  type Environment,
  type Progress,
  silentProgress,
  type StopReason,
} from "./experiment/environment.js";
export { VERSION } from "./runs/version.js";

// ## Figures
export {
  curvesFigure,
  type CurvesOptions,
  smallMultiplesFigure,
  type SmallMultiplesOptions,
} from "./report/figures/curves.js";
export { mosaicFigure, type MosaicOptions } from "./report/figures/mosaic.js";
export { type Curves, type ReferenceLine, type Series as CurveSeries } from "./report/figures/chart-data.js";
export { type Figure } from "./report/figures/figure.js";

// ## Kernels and random numbers
export { type KernelChoice, type Kernels, openKernels, referenceKernels } from "./kernels/index.js";
export { deriveKey, type Purpose, seedKey, type SeedKey } from "./random/index.js";

// ## Errors
export {
  ConfigError,
  type ConfigIssue,
  DataError,
  DivergenceError,
  DomainError,
  InterruptedRun,
  MissingInputError,
  OutputError,
  RbmRgError,
  ResourceError,
  UsageError,
} from "./errors/index.js";
