import { isingHamiltonians } from "../../ising/hamiltonian.js";
import { measure } from "../../ising/measurements.js";
import type { IsingModel } from "../../ising/model.js";
import { chainAgreement, estimateObservables, type Observable } from "../../ising/observables.js";
import type { BitMatrix, Kernels, LayerArrays } from "../../kernels/index.js";
import { deriveKey, type SeedKey } from "../../random/index.js";
import { effectiveHamiltonians } from "../../rbm/effective-hamiltonian.js";
import {
  bestEstimate,
  estimateLogPartition,
  type LogPartitionEstimate,
  ModelEnsemble,
  type NamedEstimate,
} from "../../rbm/log-partition/index.js";
import { type ChainLength, runModelChains } from "../../rbm/model-chains.js";
import { estimateMean, groupedMean, type Measured, sampleGroups } from "../../statistics/index.js";
import { type CorrelationFunction, correlationFunction } from "./correlation-function.js";
import { exactMismatch } from "./exact-mismatch.js";
import { type FreeEnergies, freeEnergies } from "./free-energies.js";
import { stuckChains } from "./stuck-chains.js";

export { axisProfile, type CorrelationFunction, correlationFunction } from "./correlation-function.js";
export type { Measured } from "../../statistics/index.js";
export { difference, type FreeEnergies } from "./free-energies.js";

/** What a trained layer is held against. */
export interface EvaluationTarget {
  /** The Ising model behind the data. */
  readonly model: IsingModel;
  /** ln Z of the model; null if it is not known. */
  readonly logPartition: LogPartitionEstimate | null;
}

/** What a layer is as a model of spins. */
export interface Evaluation {
  /** ln Z_λ by every estimator that applies. */
  readonly logPartitions: readonly NamedEstimate[];
  /** The one of them to use, see `bestEstimate`. */
  readonly logPartition: NamedEstimate;
  /** F, F_λ and what bounds them; null where ln Z of the target is not known. */
  readonly freeEnergies: FreeEnergies | null;
  /** Thermodynamics of samples of the layer, measured as those of an Ising model; null without a target. */
  readonly observables: readonly Observable[] | null;
  /** C(r) of the same samples; null without a target. */
  readonly correlations: CorrelationFunction | null;
  /** Split-R̂ of the chains; above 1.1 they have not met. Null without a target. */
  readonly splitRhat: number | null;
  /** How many chains were run; none without a target. */
  readonly chains: number;
  /** Of these, the chains whose configuration has never changed: what they say rests on where they started. */
  readonly stuck: number;
  /** How long they were run; all 0 without a target. */
  readonly length: ChainLength;
}

/** A layer to evaluate, and what it is held against. */
export interface EvaluationRequest {
  /** What is evaluated. */
  readonly layer: LayerArrays;
  /** Configurations the layer was trained on, a row each. */
  readonly data: BitMatrix;
  /** How many chains these come from, row = round · chains + chain; null or absent: not known. */
  readonly dataChains?: number | null;
  /** The distribution behind the data; null or absent: not known. */
  readonly target?: EvaluationTarget | null;
  /** Names the random numbers. */
  readonly key: SeedKey;
  /** Do the sums and run the chains. */
  readonly kernels: Kernels;
  /** Awaited now and then; `share` is how much of the chains is done, from 0 to 1. */
  readonly pause?: (share: number) => void | Promise<void>;
}

/** Multiplications spent on the chains (about 20 seconds of two processors), and the bounds of their length in updates. */
const CHAIN_WORK = 1.6e11;
const SHORTEST = 400;
const LONGEST = 20_000;

/** Configurations kept of each chain. */
const ROUNDS = 400;

/** Updates before the first one kept, as a share of the rest; the chains start from samples already. */
const THERMALIZATION = 0.1;

/**
 * Evaluate a layer: ln Z_λ by all estimators, the free energies and divergences against the target, and its
 * thermodynamics from long Gibbs chains that start from the samples the estimators have made, so that every mode has its
 * share. A function of (layer, data, target, key) alone.
 */
export async function evaluateLayer(request: EvaluationRequest): Promise<Evaluation> {
  const { layer, data, target = null, key, kernels, pause = () => undefined } = request;
  const known = target?.logPartition ?? null;
  const ensemble = new ModelEnsemble({
    layer,
    data,
    target:
      target === null || known === null ? null : { ...known, model: target.model, logPartition: known.value },
    options: { chains: "auto", steps: "auto" },
    kernels,
    key: deriveKey(key, "logPartition", 0),
    pause: () => pause(0),
  });
  const logPartitions = await estimateLogPartition(ensemble.problem, undefined, ensemble);
  const logPartition = bestEstimate(logPartitions)!;
  if (target === null) return { logPartitions, logPartition, ...untargeted };
  const { visible: start } = await ensemble.samples;
  const length = chainLength(layer, start.rows);
  const configurations = await runModelChains(
    layer,
    start,
    length,
    deriveKey(key, "logPartition", 1),
    kernels,
    (done, total) => pause(done / total),
  );
  const chains = start.rows;
  const stuck = stuckChains(configurations, chains);
  const common = { logPartitions, logPartition, chains, stuck, length };
  const measurements = measure(target.model, configurations, chains);
  return {
    ...common,
    freeEnergies:
      known === null
        ? null
        : freeEnergies(
            layer.visible,
            known,
            logPartition,
            ...meanMismatches(target.model, request, configurations, chains),
          ),
    observables: estimateObservables(target.model, measurements),
    correlations: correlationFunction(configurations, target.model.lattice.shape, chains),
    splitRhat: chainAgreement(measurements),
  };
}

/** Without a target no chains are run: there is nothing to hold them against. */
const untargeted: Omit<Evaluation, "logPartitions" | "logPartition"> = {
  freeEnergies: null,
  observables: null,
  correlations: null,
  splitRhat: null,
  chains: 0,
  stuck: 0,
  length: { rounds: 0, spacing: 0, thermalization: 0 },
};

function chainLength({ visible, hidden }: LayerArrays, chains: number): ChainLength {
  const affordable = CHAIN_WORK / (2 * chains * visible * hidden);
  const updates = Math.max(SHORTEST, Math.min(LONGEST, affordable));
  return {
    rounds: ROUNDS,
    spacing: Math.max(1, Math.round(updates / ROUNDS)),
    thermalization: Math.round(THERMALIZATION * updates),
  };
}

/** ⟨D⟩ over the data and over the model: exact where all states can be summed over, else over samples. */
function meanMismatches(
  model: IsingModel,
  { layer, data, dataChains = null, kernels }: EvaluationRequest,
  configurations: BitMatrix,
  chains: number,
): readonly [data: Measured, model: Measured] {
  const exact = exactMismatch(model, layer, kernels);
  if (exact !== null) {
    return [
      { value: exact.data, error: 0 },
      { value: exact.model, error: 0 },
    ];
  }
  const ofModel = estimateMean(intoChains(mismatch(model, layer, configurations, kernels), chains));
  return [
    groupedMean(mismatch(model, layer, data, kernels), sampleGroups(data.rows, dataChains)),
    { value: ofModel.value, error: ofModel.error },
  ];
}

/** D(v) = H(v) − H_λ(v) of every row. */
function mismatch(model: IsingModel, layer: LayerArrays, rows: BitMatrix, kernels: Kernels): Float64Array {
  const effective = effectiveHamiltonians(layer, rows, kernels);
  return isingHamiltonians(model, rows).map((h, row) => h - effective[row]);
}

/** Values in the order round·chains + chain as one series a chain. */
function intoChains(values: Float64Array, chains: number): readonly Float64Array[] {
  const rounds = values.length / chains;
  return Array.from({ length: chains }, (_, chain) =>
    Float64Array.from({ length: rounds }, (__, round) => values[round * chains + chain]),
  );
}
