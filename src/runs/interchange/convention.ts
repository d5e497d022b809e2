import type { UnitType } from "../../kernels/index.js";

/** Which axis of a weight matrix comes first. */
export const orientations = ["visible-hidden", "hidden-visible"] as const;

/** `visible-hidden` or `hidden-visible`, rows before columns. */
export type Orientation = (typeof orientations)[number];

/** The sign of the energy: `minus` is E = −c·v − b·h − vᵀWh, as here; `plus` is E = c·v + b·h + vᵀWh. */
export const energySigns = ["minus", "plus"] as const;

/** `minus` for E = −c·v − b·h − vᵀWh, `plus` for the opposite. */
export type EnergySign = (typeof energySigns)[number];

/** How the parameters of an RBM are written down. */
export interface Convention {
  /** Values of the units: ±1 (`spin`) or 0 and 1 (`binary`). */
  readonly units: UnitType;
  /** Sign of the energy. */
  readonly energy: EnergySign;
  /** Which axis of the weights comes first. */
  readonly orientation: Orientation;
}

/** Names of the numbers in an archive that say which convention its arrays follow. */
export const conventionNames = {
  /** −1 or 0: the lower state of a unit, whose upper one is 1. */
  lowerState: "lower_state",
  /** −1 for E = −vᵀWh − …, +1 for E = vᵀWh + …. */
  energySign: "energy_sign",
  /** 1 if the weights are hidden × visible, else 0. */
  hiddenFirst: "hidden_first",
} as const;

/** Names of the arrays of a layer, of which a stack's end in `_1`, `_2`, …. */
export const layerNames = {
  weights: "weights",
  visibleBias: "visible_bias",
  hiddenBias: "hidden_bias",
  /** ln Z of the layer in the run less that of the layer as it is written. */
  logPartitionShift: "log_partition_shift",
} as const;
