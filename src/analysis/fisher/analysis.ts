import type { BitMatrix, Kernels, LayerArrays } from "../../kernels/index.js";
import type { SeedKey } from "../../random/index.js";
import { toDouble } from "../../rbm/parameters.js";
import { symmetricEigen, symmetricEigenvalues } from "../../statistics/symmetric-eigen.js";
import {
  type EffectiveDimension,
  exactEffectiveDimension,
  sampledEffectiveDimension,
} from "./effective-dimension.js";
import { defaultFisher } from "./defaults.js";
import { fisherGram, type FisherParameters, parameterCount } from "./gram.js";
import { type SampleCounts, sampleModel } from "./model-samples.js";
import { judgeSloppiness, type SloppinessVerdict } from "./sloppiness.js";
import { enumeratedStates, type FisherKind, type FisherStates, isEnumerable } from "./states.js";
import { type StiffDirection, stiffDirections } from "./stiff-directions.js";

/** What is asked of the Fisher matrix. The default is 1000 samples from the ends of chains of 500 Gibbs steps. */
export interface FisherOptions extends Partial<SampleCounts> {
  /** Whether the biases are parameters (default: true). */
  readonly bias?: boolean;
  /** Where the Gibbs chains start; null, the default: the uniform distribution. */
  readonly start?: BitMatrix | null;
  /** Eigenvectors wanted (default: 6). */
  readonly directions?: number;
  /** For the chains and the hidden units. */
  readonly key: SeedKey;
}

/** The spectrum of one Fisher matrix. */
export interface FisherSpectrum {
  /** Which distribution it is of. */
  readonly kind: FisherKind;
  /** True by enumeration of all states, false from samples. */
  readonly exact: boolean;
  /** Parameters of the model: n m weights, and n + m biases if they count. */
  readonly parameters: number;
  /** Samples, or all states where it is exact. */
  readonly samples: number;
  /** The non-zero eigenvalues (at most samples − 1, and at most as many as parameters), in descending order. */
  readonly eigenvalues: Float64Array;
  /** Eigenvalues from the first half of the samples; null for an exact spectrum. */
  readonly halved: Float64Array | null;
  /** How many directions it resolves. */
  readonly dimension: EffectiveDimension;
  /** The same from the first half of the samples; null for an exact spectrum. */
  readonly halvedDimension: EffectiveDimension | null;
  /** What the spectrum looks like. */
  readonly verdict: SloppinessVerdict;
  /** Eigenvectors of the largest eigenvalues, as many as were wanted and are above zero. */
  readonly directions: readonly StiffDirection[];
}

const defaults = { ...defaultFisher, bias: true, start: null } as const;

/** Fewest samples: the unbiased effective dimension of half of them needs four. */
export const LEAST_SAMPLES = 8;

/**
 * The Fisher matrices of the marginal and of the joint distribution of an RBM, from the same Gibbs samples (or exactly,
 * where there are at most 1024 states). A function of (layer, options) alone. Cost for each: S²(n + m) and 9 S³ operations.
 *
 * @param layer the RBM, n visible and m hidden units
 * @param options samples and what to make of them; only the key must be given
 * @param kernels to sample and enumerate with
 */
export async function analyzeFisher(
  layer: LayerArrays,
  options: FisherOptions,
  kernels: Kernels,
): Promise<Readonly<Record<FisherKind, FisherSpectrum>>> {
  const { start, directions, bias, key, ...counts } = { ...defaults, ...options };
  const parameters = { visible: layer.visible, hidden: layer.hidden, bias };
  const rbm = toDouble(layer);
  const bothExact = isEnumerable(rbm, "joint");
  const samples = bothExact ? null : await sampleModel(layer, start, counts, key, kernels);
  const spectrum = (kind: FisherKind): FisherSpectrum =>
    samples === null || isEnumerable(rbm, kind)
      ? exactSpectrum(kind, enumeratedStates(rbm, kind, kernels), parameters, directions)
      : sampledSpectrum(kind, samples[kind], parameters, directions);
  return { marginal: spectrum("marginal"), joint: spectrum("joint") };
}

function exactSpectrum(
  kind: FisherKind,
  states: FisherStates,
  parameters: FisherParameters,
  directions: number,
): FisherSpectrum {
  const eigen = symmetricEigen(fisherGram(states, parameters), states.count);
  const eigenvalues = nonZero(eigen.values, states.count, parameters);
  return {
    kind,
    exact: true,
    parameters: parameterCount(parameters),
    samples: states.count,
    eigenvalues,
    halved: null,
    dimension: exactEffectiveDimension(eigenvalues),
    halvedDimension: null,
    verdict: judgeSloppiness(eigenvalues, null),
    directions: stiffDirections(states, parameters, eigen, directions),
  };
}

function sampledSpectrum(
  kind: FisherKind,
  states: FisherStates,
  parameters: FisherParameters,
  directions: number,
): FisherSpectrum {
  const gram = fisherGram(states, parameters);
  const eigen = symmetricEigen(gram, states.count);
  const half = firstStates(states, Math.floor(states.count / 2), parameters);
  const halvedGram = fisherGram(half, parameters);
  const eigenvalues = nonZero(eigen.values, states.count, parameters);
  const halved = nonZero(symmetricEigenvalues(halvedGram, half.count), half.count, parameters);
  return {
    kind,
    exact: false,
    parameters: parameterCount(parameters),
    samples: states.count,
    eigenvalues,
    halved,
    dimension: sampledEffectiveDimension(gram, states.count),
    halvedDimension: sampledEffectiveDimension(halvedGram, half.count),
    verdict: judgeSloppiness(eigenvalues, halved),
    directions: stiffDirections(states, parameters, eigen, directions),
  };
}

function firstStates(
  states: FisherStates,
  count: number,
  { visible, hidden }: FisherParameters,
): FisherStates {
  return {
    count,
    visible: states.visible.subarray(0, count * visible),
    hidden: states.hidden.subarray(0, count * hidden),
    probabilities: null,
  };
}

/** The rank of the centred Gram matrix is below the number of states and at most the number of parameters. */
function nonZero(values: Float64Array, states: number, parameters: FisherParameters): Float64Array {
  const rank = Math.min(states - 1, parameterCount(parameters));
  return values.slice(0, rank).map((value) => Math.max(0, value));
}
