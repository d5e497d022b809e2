import { DataError, DomainError } from "../errors/index.js";
import { type Arena, type BitMatrix, rowRange, type Kernels, type LayerArrays } from "../kernels/index.js";
import { deriveKey, type SeedKey } from "../random/index.js";
import { assessmentAnnealing, isAssessed, isEnumerable, MAX_ASSESSED_UNITS } from "./assessment-effort.js";
import { type Batch, Batches } from "./batches.js";
import { centerDirection } from "./centering.js";
import { Direction } from "./direction.js";
import { requireConverging } from "./divergence.js";
import { type Estimator, estimators, type TargetDistribution } from "./estimators/index.js";
import type { LogPartitionEstimate, LogPartitionTracker } from "./log-partition/estimate.js";
import type { ModelSamples } from "./log-partition/model-samples.js";
import { automaticAnnealing } from "./log-partition/problem.js";
import { exactTracker, logPartitionTracker } from "./log-partition/tracking/index.js";
import { doubtFollowed } from "./log-partition/verdict.js";
import { type Objective, objectives, unmetNeeds } from "./objectives/index.js";
import { type Optimizer, optimizers } from "./optimizers/index.js";
import { unitMean } from "./energy.js";
import { joinArrays, type LayerResume, type LayerState, type StateArrays } from "./layer-state.js";
import { ParameterAverage } from "./parameter-average.js";
import { initializeWeights, zeroRbm } from "./parameters.js";
import { reconstructionError } from "./reconstruction.js";
import { rateSchedules } from "./schedules.js";
import type { TargetModel } from "./target-model.js";
import type { TrainingOptions } from "./training-options.js";

/** Weights are checked for divergence this often (in updates), besides once at the end of each epoch. */
const CHECK_INTERVAL = 50;

/** The reconstruction error of an epoch is measured on at most this many rows of the data. */
const RECONSTRUCTION_ROWS = 1000;

/** What one layer is trained on. */
export interface TrainingData {
  /** The configurations, a row each, a column for every visible unit. */
  readonly rows: BitMatrix;
  /** The exact distribution behind the rows, used as the data phase if given (≤ 24 visible units). */
  readonly target?: TargetDistribution | null;
  /** What is known of the distribution behind the rows; objectives other than kl need some of it. */
  readonly model?: TargetModel;
}

/** Where training stands; told after every update. */
export interface TrainingProgress {
  /** The layer's number, counted from 1. */
  readonly layer: number;
  /** The epoch, counted from 1. */
  readonly epoch: number;
  /** Updates of the layer made so far, over all epochs. */
  readonly update: number;
  /** Updates of the layer in all epochs together. */
  readonly updates: number;
  /** The state after this update, to go on from later. Its arrays change with the next update. */
  readonly capture: () => LayerState;
}

/** The state of one layer at the end of an epoch. */
export interface EpochResult {
  /** The layer's number, counted from 1. */
  readonly layer: number;
  /** The epoch that has ended, counted from 1. */
  readonly epoch: number;
  /**
   * Mean of (v − ⟨v | h⟩)², h sampled from v, over the visible units and at most 1000 rows: 1 for spin units that know
   * nothing, ¼ for binary ones.
   */
  readonly reconstructionError: number;
  /** The parameters themselves, which training goes on to change: copy what is to be kept. */
  readonly parameters: LayerArrays;
  /** The configurations the layer is trained on. */
  readonly rows: BitMatrix;
  /** Samples of the model: the chains of pcd; without them, or after averaging, the assessment's own; null: none. */
  readonly modelSamples: BitMatrix | null;
  /** Which of these are related, by the number of their chain; null: none. */
  readonly modelFamilies: Uint32Array | null;
  /** ln Z_λ, if the objective needs it and it is not exact, or the options ask for it. */
  readonly logPartition: LogPartitionEstimate | null;
  /** Why the ln Z_λ by which the objective was followed through the epoch is not to be trusted; null if it is, or there is none. */
  readonly followedDoubt: string | null;
  /** End the training of this layer with these parameters, as if they were the last (a mean over later epochs is not taken). */
  readonly stop: () => void;
}

/** Callbacks of training; both are awaited, so they may redraw a terminal, write a file or throw to stop. */
export interface TrainingObserver {
  /** After every update. */
  onUpdate?(progress: TrainingProgress): void | Promise<void>;
  /** After every epoch. */
  onEpoch?(result: EpochResult): void | Promise<void>;
}

/**
 * Train one RBM layer with `hidden` units on `data`. Epoch by epoch the rows are shuffled, cut into batches (the last
 * one may be shorter; averages are over its own rows), and each batch makes one update. The result is a function of
 * (data, hidden, options, key) alone; training that goes on from a state captured earlier gives the same bytes. Throws
 * DivergenceError when the parameters explode, DataError without configurations, DomainError where the objective needs
 * what is not known.
 *
 * @param data configurations, and what is known of the distribution behind them
 * @param hidden m, the number of hidden units
 * @param options how it is trained, see `trainingOptions`
 * @param layer its number in reports and messages, counted from 1
 * @param key names the random numbers
 * @param kernels do the training
 * @param observer told of updates and epochs
 * @param resume a state captured from training with the same data, options and key; null: begin
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
      if (training.stopped) break;
    }
    return copyOf(training.parameters);
  } finally {
    arena.release();
  }
}

/** One layer in training: its parameters and everything that is allocated once and reused. */
class LayerTraining {
  readonly parameters: LayerArrays;
  /** Whether an observer has asked for the end. */
  stopped = false;
  readonly #batches: Batches;
  readonly #updates: number;
  readonly #objective: Objective;
  readonly #direction: Direction;
  readonly #optimizer: Optimizer;
  readonly #estimator: Estimator;
  readonly #tracker: LogPartitionTracker | null;
  /** Whether ln Z_λ is wanted after every update, not only after every epoch. */
  readonly #follows: boolean;
  readonly #dataMeans: Float64Array;
  readonly #average: ParameterAverage | null;
  #update = 0;
  #followedDoubt: string | null = null;

  constructor(
    private readonly data: TrainingData,
    hidden: number,
    private readonly options: TrainingOptions,
    private readonly layer: number,
    private readonly key: SeedKey,
    private readonly kernels: Kernels,
    arena: Arena,
  ) {
    const { rows, target = null } = data;
    this.#objective = objectives[options.objective](options);
    const { needs } = this.#objective;
    requireKnown(options, data.model);
    const hamiltonianOf = needs.hamiltonian ? (data.model?.hamiltonianOf ?? null) : null;
    this.#batches = new Batches(rows, options.batchSize, hamiltonianOf?.(rows) ?? null, key, arena);
    this.#updates = this.#batches.count * options.epochs;
    this.parameters = zeroRbm(options.units, rows.columns, hidden, (length) => arena.float32(length));
    initializeWeights(this.parameters, options.initialDeviation, deriveKey(key, "initialWeights"));
    const biases = options.bias || options.centered;
    this.#direction = new Direction(this.parameters, kernels, arena, biases);
    this.#optimizer = optimizers[options.optimizer](this.parameters, options, kernels, arena);
    this.#estimator = estimators[options.estimator]({
      layer: this.parameters,
      kernels,
      arena,
      batchSize: this.#batches.size,
      steps: options.steps,
      chains: options.chains,
      key: deriveKey(key, "persistentChains"),
      target,
      hamiltonianOf,
    });
    this.#follows = needs.freeEnergy && options.estimator !== "exact";
    this.#tracker = this.#makeTracker(arena);
    this.#dataMeans = columnMeans(rows, options.units === "spin" ? -1 : 0);
    this.#average = this.#makeAverage();
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
    const { size, count } = this.#batches;
    const epoch = Math.ceil(update / count);
    const batches = update - (epoch - 1) * count;
    return { epoch, row: Math.min(this.data.rows.rows, batches * size) };
  }

  /** One pass over the rows, of which the first `used` have been used already. */
  async runEpoch(epoch: number, used: number, observer: TrainingObserver): Promise<void> {
    const { rows } = this.data.rows;
    if (this.#update === 0 && this.#follows) this.#anchor(0);
    this.#batches.shuffle(epoch);
    const capture = (): LayerState => ({ update: this.#update, arrays: this.#arrays() });
    for (let first = used; first < rows; first += this.#batches.size) {
      this.#step(this.#batches.from(first));
      if (this.#update % CHECK_INTERVAL === 0) this.#check(epoch);
      const place = { layer: this.layer, epoch, update: this.#update, updates: this.#updates };
      await observer.onUpdate?.({ ...place, capture });
    }
    if (this.#isAveraged(epoch)) this.#average?.settle();
    this.#check(epoch);
    this.#anchor(epoch);
  }

  epochResult(epoch: number): EpochResult {
    const { rows } = this.data;
    const sample = rowRange(rows, 0, Math.min(rows.rows, RECONSTRUCTION_ROWS));
    const key = deriveKey(this.key, "analysis", epoch);
    const { modelSamples: chains } = this.#estimator;
    const own = chains === null || this.#isAveraged(epoch) ? this.#ownSamples(epoch) : null;
    return {
      layer: this.layer,
      epoch,
      reconstructionError: reconstructionError(this.parameters, sample, key, this.kernels),
      parameters: this.parameters,
      rows,
      modelSamples: own?.visible ?? chains,
      modelFamilies: own?.families ?? null,
      logPartition: this.#tracker?.estimate ?? null,
      followedDoubt: this.#followedDoubt,
      stop: () => {
        this.stopped = true;
      },
    };
  }

  /** What finds ln Z_λ, for the objective or for the assessment alone; null where neither wants it. */
  #makeTracker(arena: Arena): LogPartitionTracker | null {
    const { options, parameters: layer, kernels } = this;
    const { estimateLogPartition: choice = false, estimator } = options;
    if (!this.#follows && !isAssessed(choice, layer)) return null;
    if (estimator === "exact") return exactTracker(layer, kernels);
    const { rows } = this.data;
    const updates = rows.rows * (1 + options.steps);
    const annealing = this.#follows ? automaticAnnealing : assessmentAnnealing(choice, updates);
    return logPartitionTracker({ layer, data: rows, options: annealing, kernels, arena });
  }

  /** The mean of the parameters over the last epochs; null where the last ones themselves are wanted. */
  #makeAverage(): ParameterAverage | null {
    const { averagedEpochs = 0, epochs } = this.options;
    if (averagedEpochs === 0) return null;
    const before = Math.max(0, epochs - averagedEpochs) * this.#batches.count;
    return new ParameterAverage(this.parameters, before + 1);
  }

  /** Samples for the assessment alone, which nothing of the training rests on; null if they are not wanted, or all is enumerated. */
  #ownSamples(epoch: number): ModelSamples | null {
    const { options, parameters: layer } = this;
    const { estimateLogPartition: choice = false } = options;
    if (choice === false || (isEnumerable(layer) && layer.visible <= MAX_ASSESSED_UNITS)) return null;
    return this.#tracker?.samples(deriveKey(this.key, "logPartition", 2, epoch)) ?? null;
  }

  #arrays(): StateArrays {
    const { weights, visibleBias, hiddenBias } = this.parameters;
    return joinArrays({
      parameters: { weights, visibleBias, hiddenBias },
      optimizer: this.#optimizer.state,
      estimator: this.#estimator.state,
      ...(this.#follows ? { logPartition: this.#tracker?.state ?? {} } : {}),
      ...(this.#average === null ? {} : { average: this.#average.state }),
    });
  }

  #step({ rows, hamiltonians }: Batch): void {
    const { options } = this;
    const key = deriveKey(this.key, "gibbsChain", this.#update);
    const { data, model, logPartition } = this.#estimator.phases(rows, key, hamiltonians);
    this.#direction.clear();
    const gap = (): number => this.#gap(logPartition());
    this.#objective.descend({ data, model, gap }, this.#direction);
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
    this.#average?.add(this.#update);
    if (this.#follows) this.#tracker?.advance(deriveKey(this.key, "logPartition", 0, this.#update));
  }

  /** F − F_λ, with the ln Z_λ of the estimator if it has one. */
  #gap(known: number | null): number {
    const [own, target] = [known ?? this.#tracker?.estimate.value, this.data.model?.logPartition?.value];
    if (own === undefined || target === undefined) throw new DomainError("F − F_λ is not known.");
    return own - target;
  }

  /** Estimate ln Z_λ from the start after an epoch, or before the first, and hold against it what was followed till here. */
  #anchor(epoch: number): void {
    if (this.#tracker === null) return;
    const followed = this.#follows && epoch > 0 ? this.#tracker.estimate : null;
    this.#tracker.anchor(deriveKey(this.key, "logPartition", 1, epoch));
    const anchored = this.#isAveraged(epoch) ? null : this.#tracker.estimate;
    this.#followedDoubt = followed === null ? null : doubtFollowed(followed, anchored);
  }

  /** Whether the parameters after this epoch are means, which neither chains nor ln Z_λ have followed. */
  #isAveraged(epoch: number): boolean {
    return this.#average !== null && epoch === this.options.epochs;
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

/** Throw a DomainError if the objective needs what is not known. */
function requireKnown(options: TrainingOptions, model: TargetModel | undefined): void {
  const unmet = unmetNeeds(options, {
    hamiltonian: model?.hamiltonianOf != null,
    freeEnergy: model?.logPartition != null,
  }).at(0);
  if (unmet !== undefined) throw new DomainError(unmet.message);
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
function columnMeans({ rows, columns, wordsPerRow, words }: BitMatrix, low: -1 | 0): Float64Array {
  const up = new Float64Array(columns);
  for (let index = 0; index < rows * wordsPerRow; index++) {
    const first = 32 * (index % wordsPerRow);
    // The set bits alone, from the lowest up.
    for (let bits = words[index]; bits !== 0; bits &= bits - 1) up[first + 31 - Math.clz32(bits & -bits)]++;
  }
  return up.map((count) => (count + low * (rows - count)) / rows);
}
