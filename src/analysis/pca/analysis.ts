import { deriveKey, type SeedKey } from "../../random/index.js";
import { type SymmetricEigen, symmetricEigen } from "../../statistics/symmetric-eigen.js";
import { covariance, type MeanChoice } from "./covariance.js";
import { couplingFlow, type CouplingRung } from "./coupling-flow.js";
import { affordableMomentRows } from "./defaults.js";
import { type FourierSpectrum, fourierSpectrum } from "./fourier-spectrum.js";
import { marchenkoPasturBand, type NoiseBand } from "./marchenko-pastur.js";
import { modeLadder } from "./mode-ladder.js";
import { modeMoments, type ModeMoments } from "./mode-moments.js";
import { momentFlow, type MomentRung } from "./moment-flow.js";
import type { Observations } from "./observations.js";
import { fittedMomenta, fittedRanks, spectralExponent, type SpectralExponent } from "./spectral-exponent.js";
import { chooseUnits, type Units } from "./units.js";
import { type FlowVerdict, judgeFlow } from "./verdict.js";

/** What to do with the data. */
export interface PcaOptions {
  /** Measure fluctuations from the mean of the data (the default), or from 0 where symmetry says that this is the mean. */
  readonly mean?: MeanChoice;
  /** Divide every column by its standard deviation (default: false). */
  readonly standardize?: boolean;
  /** [N] or [Lx, Ly] where the columns are the sites of a periodic lattice, else null, the default. */
  readonly shape?: readonly number[] | null;
  /** Most rows used for the fourth moments, evenly spread; they cost 4N² operations each (default: some twenty seconds). */
  readonly momentRows?: number;
  /** Names the bootstrap. */
  readonly key: SeedKey;
}

/** Principal components of some data, read as a momentum-shell renormalization group. */
export interface PcaAnalysis {
  /** The columns of the data that were analysed, and their covariance. */
  readonly units: Units;
  /** Variances and directions of the modes. */
  readonly eigen: SymmetricEigen;
  /** Eigenvalues of as many independent units, of the mean variance, in as many samples. */
  readonly noise: NoiseBand;
  /** 1/α of eigenvalue against rank. */
  readonly rankExponent: SpectralExponent;
  /** Null without a lattice. */
  readonly fourier: FourierSpectrum | null;
  /** 1/α of S(k) against k̂; null without a lattice. */
  readonly fourierExponent: SpectralExponent | null;
  /** The sums that both flows are made of. */
  readonly moments: ModeMoments;
  /** Fourth moments against the modes kept: those of the largest variance, then of the smallest, few first. */
  readonly momentFlow: readonly MomentRung[];
  /** The quartic coupling against the modes kept, few first. */
  readonly couplingFlow: readonly CouplingRung[];
  /** Where the flow of the fourth moment leads. */
  readonly verdict: FlowVerdict;
}

/**
 * Told the step that begins, so that a caller can show it, hear signals, or throw to stop.
 *
 * @param step `covariance`, `principal components`, `fourth moments` or `flows`
 */
export type PcaProgress = (step: string) => void | Promise<void>;

/** Groups of successive rows for error bars. */
const GROUPS = 32;

/**
 * The whole analysis in three passes over the data (covariance, plane waves, fourth moments). Memory: five N × N matrices
 * and a block of rows. A function of (observations, options) alone. Errors as its parts: DataError for data without two
 * rows and two columns that vary, DomainError for more than 4096 columns.
 *
 * @param observations the data, from `bitObservations` or `realObservations`
 * @param options what to do with them; only the key must be given
 * @param onStep told of every step; default: nobody
 */
export async function analyzePca(
  observations: Observations,
  options: PcaOptions,
  onStep: PcaProgress = () => undefined,
): Promise<PcaAnalysis> {
  const { mean = "data", standardize = false, shape = null, key } = options;
  const { momentRows = affordableMomentRows(observations.columns) } = options;
  await onStep("covariance");
  const full = covariance(observations, mean);
  const units = chooseUnits(full, standardize);
  const fourier = shape === null ? null : fourierSpectrum(observations, full.means, shape, GROUPS);
  await onStep("principal components");
  const eigen = symmetricEigen(units.covariance, units.count);
  await onStep("fourth moments");
  const moments = modeMoments(observations, units, eigen, {
    ladder: modeLadder(units.count),
    mostRows: momentRows,
    groups: GROUPS,
  });
  await onStep("flows");
  const rungs = momentFlow(moments, eigen, deriveKey(key, "analysis", 0));
  const rankExponent = exponentOfRanks(moments, units, deriveKey(key, "analysis", 1));
  const fourierExponent = fourier === null ? null : exponentOfMomenta(fourier, deriveKey(key, "analysis", 2));
  const trace = eigen.values.reduce((sum, value) => sum + value, 0);
  return {
    units,
    eigen,
    noise: marchenkoPasturBand(units.count, units.samples, trace / units.count),
    rankExponent,
    fourier,
    fourierExponent,
    moments,
    momentFlow: rungs,
    couplingFlow: couplingFlow(moments, eigen, deriveKey(key, "analysis", 3)),
    verdict: judgeFlow(rungs, preferredExponent({ rankExponent, fourierExponent })),
  };
}

/** The exponent from S(k) where there are enough momenta for one, since it is the more exact, else that from the ranks. */
export function preferredExponent({
  rankExponent,
  fourierExponent,
}: Pick<PcaAnalysis, "rankExponent" | "fourierExponent">): SpectralExponent {
  return fourierExponent !== null && Number.isFinite(fourierExponent.inverseAlpha)
    ? fourierExponent
    : rankExponent;
}

/** λ_n ∝ n^{−1/α}, with the modes held fixed when rows are drawn again (first-order perturbation of the eigenvalues). */
function exponentOfRanks(moments: ModeMoments, { count }: Units, key: SeedKey): SpectralExponent {
  const [first, last] = fittedRanks(count);
  const ranks = Float64Array.from({ length: count }, (_, mode) => mode + 1);
  const fitted = Array.from({ length: Math.max(0, last - first + 1) }, (_, k) => first - 1 + k);
  const groups = moments.modeSquares.map((sums, group) => sums.map((sum) => sum / moments.groupRows[group]));
  return spectralExponent({ x: ranks, fitted, rankPower: 1 }, groups, key);
}

/** S(k) ∝ k̂^{−d/α}, as the rank of a mode grows like k^d. */
export function exponentOfMomenta(
  { shape, magnitudes, groups }: FourierSpectrum,
  key: SeedKey,
): SpectralExponent {
  const [lowest, highest] = fittedMomenta(shape);
  const fitted: number[] = [];
  magnitudes.forEach((k, mode) => {
    if (k >= lowest && k <= highest) fitted.push(mode);
  });
  return spectralExponent({ x: magnitudes, fitted, rankPower: 1 / shape.length }, groups, key);
}
