export { arrayView, inOrder, type NdArray, transposedMatrix, type TypedArray } from "./array-view.js";
export * from "./bit-matrix.js";
export { MAX_ENUMERATED_UNITS, stateCount } from "./enumerated-states.js";
export type {
  Arena,
  ConditionalRequest,
  CorrelationTerm,
  DescentStep,
  EnumerationKernels,
  IsingCouplings,
  Kernels,
  LatticeKernels,
  LatticeState,
  LayerArrays,
  LayerParameters,
  LogPartitionRequest,
  OuterProduct,
  RbmKernels,
  SampleRequest,
  SufficientStatistics,
  UnitType,
} from "./interface.js";
export { autoThreads, type KernelChoice, kernelChoices, openKernels } from "./open.js";
export { addOuterProduct } from "./reference/rbm.js";
export { referenceKernels } from "./reference/index.js";
export { packSpins, spinArray } from "./spin-array.js";
