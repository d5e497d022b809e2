import { allCouplings } from "../couplings/index.js";
import { pointDistance } from "../lattice-geometry.js";
import { boltzmannDistribution } from "../../ising/exact/index.js";
import { isingHamiltonians } from "../../ising/hamiltonian.js";
import type { IsingModel } from "../../ising/model.js";
import { log } from "../../kernels/elementary.js";
import { bitMatrix, popcount } from "../../kernels/bit-matrix.js";
import { compensatedSum, logSumExp } from "../../statistics/index.js";
import { exactTraceCondition, type TraceCondition } from "./trace-condition.js";

/**
 * Bounds of the memberships: nats per visible spin, the share of the couplings of H' that must be near, and the share of the
 * hidden spins that must have a place for distances between them to mean anything.
 */
const bounds = { perSpin: 1e-3, nearShare: 0.9, localized: 0.5, information: 1e-9 } as const;

/** An estimate is compared with a bound by this many standard deviations to either side. */
const SIGMAS = 2;

/** What decides to which sets of Liu's Venn diagram a transformation belongs. */
export interface Measures {
  /** Visible spins. */
  readonly spins: number;
  /** KL(P‖P_λ), nats; null: not known. */
  readonly divergence: number | null;
  /** One standard deviation of it; 0 where all states were summed over. */
  readonly divergenceError: number;
  /** By how much the divergence may be too small because it was taken on the sample trained on (see overfittingBias), nats. */
  readonly overfitting: number;
  /** F − F_λ, nats; null: not known. */
  readonly gap: number | null;
  /** One standard deviation of it; 0 where all states were summed over. */
  readonly gapError: number;
  /** Null: not known, as where the data have no Hamiltonian. */
  readonly trace: TraceCondition | null;
  /** I(v; h) for every hidden spin, nats; null: not known. */
  readonly information: number | null;
  /** Σ J_A² of the products of two and more spins of H'(h) that lie within the reach, over that of all; null: not told. */
  readonly nearShare: number | null;
  /** Share of the hidden spins whose fields are localised, so that they are somewhere; null: none has a place. */
  readonly localized: number | null;
}

/** Memberships in the sets of Liu's figure 5; null: not known, as where an estimate is not sharp enough. */
export interface Memberships {
  /**
   * Liu eq. 23, the goal of an RBM: KL(P‖P_λ) ≤ 1e-3 nats per spin. It fits if the estimate with two standard deviations and the
   * overfitting added is within the bound, and does not if the estimate less two standard deviations, which overfitting
   * only makes too small, is beyond it.
   */
  readonly rbmFit: boolean | null;
  /**
   * Liu eqs 8 and 24, the goal of variational RG: the partition function is kept, |F − F_λ| ≤ 1e-3 nats per spin, two standard
   * deviations included.
   */
  readonly variationalRg: boolean | null;
  /**
   * e^{T_λ}/Tr_h e^{T_λ} acts on the true H, so that H' is its image: D is a constant, Var_P(D) ≤ 2 · 1e-3 nats² per spin. As
   * Var_P(D) ≈ 2 KL(P‖P_λ) where it is small, and D is constant only for P_λ = P, this is a fit without ln Z, which the sample
   * trained on does not make too small to first order. The extremes of D grow with the number of configurations and judge
   * nothing.
   */
  readonly exactRg: boolean | null;
  /**
   * H'(h) is short-ranged: at least 0.9 of Σ J_A² within the reach, or there is no coupling at all. Not known where fewer than
   * half of the hidden spins are somewhere.
   */
  readonly good: boolean | null;
  /** h does not depend on v: whatever else holds, nothing is renormalized. */
  readonly independent: boolean | null;
}

export function memberships(measures: Measures): Memberships {
  const { spins, divergence, gap, trace, information, nearShare: near, localized } = measures;
  const bound = bounds.perSpin * spins;
  const [fitSpread, gapSpread] = [SIGMAS * measures.divergenceError, SIGMAS * measures.gapError];
  const placed = localized !== null && localized >= bounds.localized;
  return {
    rbmFit:
      divergence === null
        ? null
        : atMost(bound, divergence - fitSpread, divergence + fitSpread + measures.overfitting),
    variationalRg: gap === null ? null : atMost(bound, Math.abs(gap) - gapSpread, Math.abs(gap) + gapSpread),
    exactRg: trace === null ? null : trace.variance <= 2 * bound,
    good: near === null || !placed ? null : near >= bounds.nearShare,
    independent: information === null ? null : information <= bounds.information,
  };
}

/** Whether a number that lies between two others is within a bound; null where only one of them is, or one is not a number. */
function atMost(bound: number, lower: number, upper: number): boolean | null {
  if (upper <= bound) return true;
  return lower > bound ? false : null;
}

/** A joint distribution e^{−E(v, h)}/Z of the spins of a small Ising model and of hidden spins, by its two marginals. */
export interface Transformation {
  readonly name: string;
  readonly model: IsingModel;
  /** m. */
  readonly hiddenSpins: number;
  /** H_λ(v) = −ln Tr_h e^{−E} of all 2^n visible states. */
  readonly effective: Float64Array;
  /** H'(h) = −ln Tr_v e^{−E} of all 2^m hidden states (Liu eqs 4 and 9). */
  readonly hidden: Float64Array;
  /** I(v; h)/m, nats. */
  readonly information: number;
  /** Where on the lattice each hidden spin is; null: nowhere. */
  readonly places: readonly (readonly number[])[] | null;
}

/** The measures of a transformation, by enumeration. Cost (n + m) 2^n + m 2^m. */
export function measureTransformation({ model, effective, hidden, ...rest }: Transformation): Measures {
  const probabilities = boltzmannDistribution(model);
  const exact = isingHamiltonians(model, allStates(model.lattice.sites));
  const logPartition = logSumExp(exact.map((h) => -h));
  const logModel = logSumExp(effective.map((h) => -h));
  const divergence = compensatedSum(
    probabilities.map((p, v) => (p > 0 ? p * (log(p) + effective[v] + logModel) : 0)),
  );
  const mismatches = exact.map((h, v) => h - effective[v]);
  return {
    spins: model.lattice.sites,
    ...{ divergence, divergenceError: 0, overfitting: 0, gapError: 0 },
    gap: logModel - logPartition,
    trace: exactTraceCondition(mismatches, probabilities),
    information: rest.information,
    nearShare: rest.places === null ? null : nearShare(hidden, rest.places, model.lattice.shape),
    localized: rest.places === null ? null : 1,
  };
}

function allStates(spins: number): ReturnType<typeof bitMatrix> {
  const states = bitMatrix(2 ** spins, spins);
  for (let state = 0; state < states.rows; state++) states.words[state] = state;
  return states;
}

/** Below this Σ J_A² is what rounding leaves. */
const NO_COUPLING = 1e-20;

/**
 * How far hidden spins may lie apart for their coupling to be short-ranged: 1½ times their spacing (N/m)^{1/d}, at least 1½
 * sites. The nearest neighbours of a square lattice are within it, its diagonal ones, and on a chain the nearest.
 */
export function nearReach(hidden: number, shape: readonly number[]): number {
  const room = shape.reduce((product, side) => product * side, 1) / hidden;
  return 1.5 * Math.max(1, shape.length === 1 ? room : Math.sqrt(room));
}

/** See Measures; null where no two hidden spins are farther apart than the reach, 1 where there is no coupling. */
function nearShare(
  hidden: Float64Array,
  places: readonly (readonly number[])[],
  shape: readonly number[],
): number | null {
  const reach = nearReach(places.length, shape);
  const far = places.map((a) =>
    places.reduce((mask, b, k) => (pointDistance(a, b, shape) > reach ? mask | (1 << k) : mask), 0),
  );
  let [near, all] = [0, 0];
  allCouplings(hidden).forEach((coupling, set) => {
    if (popcount(set) < 2) return;
    all += coupling * coupling;
    if (far.every((mask, j) => ((set >>> j) & 1) === 0 || (mask & set) === 0)) near += coupling * coupling;
  });
  if (all < NO_COUPLING) return 1;
  return far.every((mask) => mask === 0) ? null : near / all;
}
