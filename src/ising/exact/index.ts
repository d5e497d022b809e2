export { secondMomentCorrelationLength, squareMagnetization } from "./correlation-moments.js";
export {
  boltzmannDistribution,
  densityOfStates,
  type DensityOfStates,
  enumerateIsing,
  type EnumeratedIsing,
  MAX_ENUMERATED_SITES,
  momentsOf,
} from "./enumeration.js";
export { exactInfiniteLattice, type ExactInfiniteLattice } from "./infinite-lattice.js";
export {
  EXACT_QUANTITIES,
  exactCorrelations,
  type ExactQuantity,
  exactReference,
  type ExactReference,
  type ExactReferenceRow,
  exactReferenceTable,
} from "./reference.js";
export { exactRing, type ExactRing, exactRingCorrelations, ringCorrelationLength } from "./ring.js";
export { exactTorus, type ExactTorus } from "./torus.js";
export { exactTorusCorrelations } from "./torus-correlations.js";
export { MAX_TRANSFER_WIDTH, transferMatrix, type TransferMatrixResult } from "./transfer-matrix.js";
