import { minimize } from "../../statistics/index.js";
import type { SharedFilter } from "./filter.js";
import { ENUMERATED_SIDE, type FilterLoss, symmetryClasses, TiedRbm } from "./tied-rbm.js";

/** The weight of an untrained filter: the middle one of the starts. */
export const UNTRAINED_WEIGHT = 0.3;

/** Weights, all alike, from which the search starts; the best of what they lead to is taken. At 0 all gradients vanish. */
const STARTS = [0.1, UNTRAINED_WEIGHT, 1];
const FIRST_STEP = 0.05;

/** What a filter is trained for, by name. A new objective is a line here. */
export const filterObjectives = {
  kl: (rbm: TiedRbm) => rbm.kl,
  trace: (rbm: TiedRbm) => rbm.trace,
  "reverse-kl": (rbm: TiedRbm) => rbm.reverseKl,
} as const satisfies Readonly<Record<string, (rbm: TiedRbm) => FilterLoss>>;

export type FilterObjective = keyof typeof filterObjectives;

/** What a filter is trained on. */
export interface FilterTraining {
  /** Of the window: 2, 3 or 4. */
  readonly side: number;
  /** K of the Ising model on the 4 × 4 torus. */
  readonly coupling: number;
}

/** A filter and how well it does. */
export interface TrainedFilter {
  readonly filter: SharedFilter;
  /** KL(P‖P_λ), KL(P_λ‖P) in nats, or Var_P(D) in nats². */
  readonly loss: number;
}

/**
 * Train the one filter of a restricted Boltzmann machine with stride 2, without bias and symmetric under rotations and
 * reflections (1 to 3 weights), on the Ising model of the 4 × 4 torus: exact gradients by enumeration, a local minimum of the
 * loss by a quasi-Newton method from three starts. Σw ≥ 0, as h and −h are the same. A 4 × 4 window goes all around the torus,
 * where its corners are the inner sites of another window: of the two filters that are then the same, the one whose inner
 * weights are the larger.
 */
export function trainFilter(objective: FilterObjective, { side, coupling }: FilterTraining): TrainedFilter {
  const rbm = new TiedRbm(side, coupling);
  const loss = filterObjectives[objective](rbm);
  const found = STARTS.map((weight) =>
    minimize(loss, new Float64Array(rbm.weightCount).fill(weight), FIRST_STEP),
  );
  const best = found.reduce((a, b) => (b.value < a.value ? b : a));
  const { classes, count } = symmetryClasses(side);
  const outside = side === ENUMERATED_SIDE && Math.abs(best.x[0]) < Math.abs(best.x[count - 1]);
  const weights = Float64Array.from(classes, (a) => best.x[outside ? count - 1 - a : a]);
  const sign = weights.reduce((sum, w) => sum + w, 0) < 0 ? -1 : 1;
  return { filter: { weights: weights.map((w) => sign * w), bias: 0 }, loss: best.value };
}
