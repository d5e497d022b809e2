import { exactReference } from "../../../src/ising/exact/index.js";
import { torus } from "../../../src/ising/lattice.js";
import { CRITICAL_COUPLING, isingModel } from "../../../src/ising/model.js";
import { sampleIsing } from "../../../src/ising/sample.js";
import type { BitMatrix, Kernels, LayerArrays } from "../../../src/kernels/index.js";
import { deriveKey, fillStandardNormal, type SeedKey, seedKey } from "../../../src/random/index.js";
import {
  type AnnealingOptions,
  automaticAnnealing,
  type KnownEnsemble,
  type LogPartitionEstimate,
  type LogPartitionProblem,
  sequentialTracker,
} from "../../../src/rbm/log-partition/index.js";
import { toBinary, type UnitType, zeroRbm } from "../../../src/rbm/parameters.js";
import { trainLayer } from "../../../src/rbm/trainer.js";
import { kernels } from "../../physics/kernels.js";
import { toSingle } from "../oracle.js";
import { trainingOptions } from "../training.js";

/** An RBM with 20 hidden units, so that ln Z can be enumerated, and what the estimators are told about it. */
export interface Case {
  readonly name: string;
  readonly layer: LayerArrays;
  readonly data: BitMatrix | null;
  readonly target: KnownEnsemble | null;
}

export const HIDDEN = 20;

/** Configurations and the model they are samples of. */
export interface IsingData {
  readonly data: BitMatrix;
  readonly target: KnownEnsemble;
}

/** Samples of the L × L torus, with its exact ln Z. */
export async function isingData(side: number, coupling: number, samples = 4000): Promise<IsingData> {
  const model = isingModel(torus(side, side), coupling);
  const options = {
    samples,
    algorithm: "auto",
    chains: 32,
    thermalization: "auto",
    spacing: "auto",
    start: "auto",
  } as const;
  const { configurations } = await sampleIsing(model, options, seedKey(`${side} ${coupling}`), kernels);
  const logPartition = exactReference(model).logPartition ?? NaN;
  return { data: configurations, target: { model, logPartition, error: 0 } };
}

/**
 * Weights from N(0, g²/n) (four times as much for 0/1 units, which is the same coupling of ±1 units), biases from
 * N(0, 0.3²) if there are any.
 */
export function randomLayer(
  units: UnitType,
  visible: number,
  strength: number,
  biases: boolean,
  seed: string,
  hidden = HIDDEN,
): LayerArrays {
  const layer = zeroRbm(units, visible, hidden);
  const fill = (array: Float32Array, deviation: number, index: number): void => {
    fillStandardNormal(deriveKey(seedKey(seed), "initialWeights", index), array);
    for (let k = 0; k < array.length; k++) array[k] *= deviation;
  };
  fill(layer.weights, ((units === "spin" ? 1 : 4) * strength) / Math.sqrt(visible), 0);
  if (biases) {
    fill(layer.visibleBias, 0.3, 1);
    fill(layer.hiddenBias, 0.3, 2);
  }
  return layer;
}

/** A layer trained on the data by persistent contrastive divergence, for long enough to have learnt what it can. */
export async function trainedLayer(
  units: UnitType,
  data: BitMatrix,
  bias: boolean,
  seed: string,
  observer: Parameters<typeof trainLayer>[6] = {},
  learningRate = 0.005,
): Promise<LayerArrays> {
  const options = trainingOptions({
    units,
    estimator: "pcd",
    chains: 100,
    batchSize: 100,
    epochs: 20,
    optimizer: "adam",
    learningRate,
    finalLearningRate: learningRate / 10,
    rateSchedule: "exponential",
    momentum: 0.9,
    bias,
    initialDeviation: units === "spin" ? 0.01 : 0.04,
  });
  return trainLayer({ rows: data, target: null }, HIDDEN, options, 1, seedKey(seed), kernels, observer);
}

/** Random couplings from weak to strong. */
const STRENGTHS = [0.5, 1, 2];
/** Couplings of the Ising models trained on; at K_c two layers are trained. */
const COUPLINGS = [0.3, 0.408, CRITICAL_COUPLING, CRITICAL_COUPLING, 0.48];

/** 2 sizes × 2 unit types × with and without biases × 3 random and 5 trained layers: 64. */
export async function* studyCases(): AsyncGenerator<Case> {
  for (const side of [8, 16]) {
    const sets = new Map<number, IsingData>();
    for (const coupling of COUPLINGS) sets.set(coupling, await isingData(side, coupling));
    for (const units of ["spin", "binary"] as const) {
      for (const bias of [false, true]) {
        const kind = `${units} ${bias ? "with" : "without"} biases ${side * side} × ${HIDDEN}`;
        for (const strength of STRENGTHS) {
          const name = `${kind}, random ${strength}`;
          yield {
            name,
            layer: randomLayer(units, side * side, strength, bias, name),
            ...sets.get(COUPLINGS[0])!,
          };
        }
        for (const [number, coupling] of COUPLINGS.entries()) {
          const set = sets.get(coupling)!;
          const name = `${kind}, trained at K = ${coupling.toFixed(3)} (${number + 1})`;
          yield { name, layer: await trainedLayer(units, set.data, bias, name), ...set };
        }
      }
    }
  }
}

/**
 * ln Z_λ by the tracker for layers that cannot be enumerated: anchored where all parameters are half as large, and followed
 * from there to the layer itself.
 */
export function trackedEstimate(
  { layer, data }: Pick<Case, "layer" | "data">,
  options: AnnealingOptions,
  key: SeedKey,
  used: Kernels = kernels,
): LogPartitionEstimate {
  const arena = used.arena();
  try {
    const moving = toSingle(layer, arena);
    const scale = (factor: number): void => {
      for (const name of ["weights", "visibleBias", "hiddenBias"] as const) {
        moving[name].set(layer[name].map((x) => factor * x));
      }
    };
    const tracker = sequentialTracker({ layer: moving, data, options, kernels: used, arena });
    scale(0.5);
    tracker.anchor(deriveKey(key, "logPartition", 0));
    for (let step = 1; step <= TRACKED_STEPS; step++) {
      scale(0.5 + (0.5 * step) / TRACKED_STEPS);
      tracker.advance(deriveKey(key, "logPartition", 1, step));
    }
    return tracker.estimate;
  } finally {
    arena.release();
  }
}

/** Changes of the parameters that the tracker follows. */
const TRACKED_STEPS = 150;

/** The problem of a case with the default effort. */
export function problemOf({ name, layer, data, target }: Case): LogPartitionProblem {
  return {
    layer,
    data,
    target,
    options: automaticAnnealing,
    kernels,
    key: seedKey(name),
    pause: () => undefined,
  };
}

/**
 * A layer with two modes. The first hidden unit chooses one: in its upper state every spin has field 2, in its lower state
 * none (but for the weak other weights). Along the way from weak couplings the second is the better one by far, and the
 * first can only be entered by all spins at once; at full coupling it has e^{excess} times the weight of the second, if
 * the other weights are zero.
 */
export function bimodalLayer(units: UnitType, visible: number, excess: number): LayerArrays {
  const layer = randomLayer("spin", visible, 0.3, false, "bimodal");
  for (let i = 0; i < visible; i++) {
    layer.weights[i * HIDDEN] = 1;
    layer.visibleBias[i] = 1;
  }
  layer.hiddenBias[0] = -(visible * Math.log(Math.cosh(2)) - excess) / 2;
  return units === "spin" ? layer : toSingle(toBinary(layer).rbm);
}
