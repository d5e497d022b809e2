import { DataError, DomainError } from "../errors/index.js";
import {
  type Arena,
  type BitMatrix,
  bitMatrix,
  rowRange,
  gatherRows,
  getBit,
  type Kernels,
  type LayerArrays,
} from "../kernels/index.js";
import { deriveKey, shuffle, type SeedKey } from "../random/index.js";
import { centerDirection } from "./centering.js";
import { Direction } from "./direction.js";
import { requireConverging } from "./divergence.js";
import { estimators, type TargetDistribution } from "./estimators/index.js";
import { objectives } from "./objectives/index.js";
import { optimizers } from "./optimizers/index.js";
import { unitMean } from "./energy.js";
import { joinArrays, type LayerResume, type LayerState, type StateArrays } from "./layer-state.js";
import { initializeWeights, zeroRbm } from "./parameters.js";
import { reconstructionError } from "./reconstruction.js";
import { rateSchedules } from "./schedules.js";
import type { TrainingOptions } from "./training-options.js";

/** Weights are checked for divergence this often (in updates), besides once at the end of each epoch. */
const CHECK_INTERVAL = 50;

/** The reconstruction error of an epoch is measured on at most this many rows of the data. */
const RECONSTRUCTION_ROWS = 1000;

/** What one layer is trained on. */
export interface TrainingData {
  readonly rows: BitMatrix;
  /** The exact distribution behind the rows, used as the data phase if given. */
  readonly target: TargetDistribution | null;
}

/** Where training stands; told after every update. */
export interface TrainingProgress {
  /** Counted from 1. */
  readonly layer: number;
  /** Counted from 1. */
  readonly epoch: number;
  readonly update: number;
  readonly updates: number;
  /** The state after this update, to go on from later. Its arrays change with the next update. */
  readonly capture: () => LayerState;
}

/** The state of one layer at the end of an epoch. */
export interface EpochResult {
  readonly layer: number;
  readonly epoch: number;
  readonly reconstructionError: number;
  readonly parameters: LayerArrays;
  /** Visible configurations of the model phase, if it rests on samples. */
  readonly modelSamples: BitMatrix | null;
}

/** Callbacks of training; both are awaited, so they may redraw a terminal, write a file or throw to stop. */
export interface TrainingObserver {
  onUpdate?(progress: TrainingProgress): void | Promise<void>;
  onEpoch?(result: EpochResult): void | Promise<void>;
}

/**
 * Train one RBM layer with `hidden` units on `data`. Epoch by epoch the rows are shuffled, cut into batches (the last
 * one may be shorter; averages are over its own rows), and each batch makes one update. The result is a function of
 * (data, hidden, options, key) alone; training that goes on from a state captured earlier gives the same bytes. Throws
 * DivergenceError when the weights explode.
 */
export async function trainLayer(
  data: TrainingData,
  hidden: number,
  options: TrainingOptions,
  layer: number,
  key: SeedKey,
  kernels: Kernels,
  observer: TrainingObserver = {},
  resume: LayerResume | null = null,
): Promise<LayerArrays> {
  if (data.rows.rows === 0) throw new DataError("there are no configurations to train on.");
  const arena = kernels.arena();
  try {
    const training = new LayerTraining(data, hidden, options, layer, key, kernels, arena);
    const start = resume === null ? { epoch: 1, row: 0 } : training.restore(resume);
    for (let { epoch } = start; epoch <= options.epochs; epoch++) {
      await training.runEpoch(epoch, epoch === start.epoch ? start.row : 0, observer);
      await observer.onEpoch?.(training.epochResult(epoch));
    }
    return copyOf(training.parameters);
  } finally {
    arena.release();
  }
}

/** One layer in training: its parameters and everything that is allocated once and reused. */
class LayerTraining {
  readonly parameters: LayerArrays;
  readonly #batch: BitMatrix;
  readonly #order: Uint32Array;
  readonly #updates: number;
  readonly #direction;
  readonly #optimizer;
  readonly #estimator;
  readonly #dataMeans: Float64Array;
  #update = 0;

  constructor(
    private readonly data: TrainingData,
    hidden: number,
    private readonly options: TrainingOptions,
    private readonly layer: number,
    private readonly key: SeedKey,
    private readonly kernels: Kernels,
    arena: Arena,
  ) {
    const { rows } = data;
    const batchSize = Math.min(options.batchSize, rows.rows);
    this.parameters = zeroRbm(options.units, rows.columns, hidden, (length) => arena.float32(length));
    initializeWeights(this.parameters, options.initialDeviation, deriveKey(key, "initialWeights"));
    this.#batch = bitMatrix(batchSize, rows.columns, (length) => arena.words(length));
    this.#order = new Uint32Array(rows.rows);
    this.#updates = Math.ceil(rows.rows / batchSize) * options.epochs;
    const biases = options.bias || options.centered;
    this.#direction = new Direction(this.parameters, kernels, arena, biases);
    this.#optimizer = optimizers[options.optimizer](this.parameters, options, kernels, arena);
    this.#estimator = estimators[options.estimator]({
      layer: this.parameters,
      kernels,
      arena,
      batchSize,
      steps: options.steps,
      chains: options.chains,
      key: deriveKey(key, "persistentChains"),
      target: data.target,
    });
    this.#dataMeans = columnMeans(rows, options.units === "spin" ? -1 : 0);
  }

  /** Take over a state; returns where it stands: the epoch, and how many of its rows have been used. */
  restore(resume: LayerResume): { readonly epoch: number; readonly row: number } {
    const { update } = resume;
    if (!Number.isInteger(update) || update < 1 || update > this.#updates) {
      throw new DomainError(
        `update ${update} of layer ${this.layer}: expected a number from 1 to ${this.#updates}.`,
      );
    }
    resume.restore(this.#arrays());
    this.#update = update;
    const perEpoch = this.#updates / this.options.epochs;
    const epoch = Math.ceil(update / perEpoch);
    const batches = update - (epoch - 1) * perEpoch;
    return { epoch, row: Math.min(this.data.rows.rows, batches * this.#batch.rows) };
  }

  /** One pass over the rows, of which the first `used` have been used already. */
  async runEpoch(epoch: number, used: number, observer: TrainingObserver): Promise<void> {
    const { rows } = this.data;
    this.#shuffle(epoch);
    const capture = (): LayerState => ({ update: this.#update, arrays: this.#arrays() });
    for (let first = used; first < rows.rows; first += this.#batch.rows) {
      const batch = rowRange(this.#batch, 0, Math.min(this.#batch.rows, rows.rows - first));
      gatherRows(rows, this.#order, first, batch);
      this.#step(batch);
      if (this.#update % CHECK_INTERVAL === 0) this.#check(epoch);
      const place = { layer: this.layer, epoch, update: this.#update, updates: this.#updates };
      await observer.onUpdate?.({ ...place, capture });
    }
    this.#check(epoch);
  }

  epochResult(epoch: number): EpochResult {
    const { rows } = this.data;
    const sample = rowRange(rows, 0, Math.min(rows.rows, RECONSTRUCTION_ROWS));
    const key = deriveKey(this.key, "analysis", epoch);
    return {
      layer: this.layer,
      epoch,
      reconstructionError: reconstructionError(this.parameters, sample, key, this.kernels),
      parameters: this.parameters,
      modelSamples: this.#estimator.modelSamples,
    };
  }

  /** The order of an epoch is a function of the epoch alone. */
  #shuffle(epoch: number): void {
    const order = this.#order;
    for (let row = 0; row < order.length; row++) order[row] = row;
    shuffle(deriveKey(this.key, "batchOrder", epoch), order);
  }

  #arrays(): StateArrays {
    const { weights, visibleBias, hiddenBias } = this.parameters;
    return joinArrays({
      parameters: { weights, visibleBias, hiddenBias },
      optimizer: this.#optimizer.state,
      estimator: this.#estimator.state,
    });
  }

  #step(batch: BitMatrix): void {
    const { options } = this;
    const phases = this.#estimator.phases(batch, deriveKey(this.key, "gibbsChain", this.#update));
    this.#direction.clear();
    objectives[options.objective].addDescentDirection(phases, this.#direction);
    if (options.centered) {
      const offsets = { visible: this.#dataMeans, hidden: this.#hiddenOffsets() };
      centerDirection(this.#direction, offsets, this.kernels);
    }
    const progress = this.#update / this.#updates;
    const rate = rateSchedules[options.rateSchedule](
      options.learningRate,
      options.finalLearningRate,
      progress,
    );
    this.#optimizer.step(this.#direction, rate);
    this.#update++;
  }

  /** ⟨h⟩ at the mean of the data. */
  #hiddenOffsets(): Float64Array {
    const inputs = new Float64Array(this.parameters.hidden);
    this.kernels.rbm.hiddenInputsOfReals(this.parameters, this.#dataMeans, inputs);
    return inputs.map((x) => unitMean(this.options.units, x));
  }

  #check(epoch: number): void {
    requireConverging(this.parameters, this.options, { layer: this.layer, epoch });
  }
}

/** The parameters in ordinary memory, for after training. */
function copyOf(layer: LayerArrays): LayerArrays {
  const copy = (array: Float32Array): Float32Array => Float32Array.from(array);
  return {
    ...layer,
    weights: copy(layer.weights),
    visibleBias: copy(layer.visibleBias),
    hiddenBias: copy(layer.hiddenBias),
  };
}

/** Mean of each column, the lower state counted as `low` and the upper as 1. */
function columnMeans(rows: BitMatrix, low: number): Float64Array {
  const means = new Float64Array(rows.columns);
  for (let row = 0; row < rows.rows; row++) {
    for (let i = 0; i < rows.columns; i++) means[i] += getBit(rows, row, i) === 1 ? 1 : low;
  }
  return means.map((sum) => sum / rows.rows);
}
