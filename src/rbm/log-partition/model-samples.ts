import type { BitMatrix } from "../../kernels/index.js";

/** Samples of the model. */
export interface ModelSamples {
  readonly visible: BitMatrix;
  /** For each row the number of the chain it descends from; rows of one family are not independent. */
  readonly families: Uint32Array;
}
