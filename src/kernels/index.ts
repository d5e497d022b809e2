export * from "./bit-matrix.js";
export type {
  IsingCouplings,
  Kernels,
  LatticeKernels,
  LatticeState,
  LayerArrays,
  RbmKernels,
  UnitType,
} from "./interface.js";
export { referenceKernels } from "./reference/index.js";
