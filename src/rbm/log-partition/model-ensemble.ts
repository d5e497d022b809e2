import { log } from "../../kernels/elementary.js";
import { type Arena, type BitMatrix, bitMatrix, type LayerArrays, rowRange } from "../../kernels/index.js";
import { deriveKey, type SeedKey } from "../../random/index.js";
import { Annealing } from "./annealing.js";
import { measurePath, spacedSchedule } from "./annealing-schedule.js";
import {
  annealingChains,
  annealingSteps,
  EQUILIBRATION,
  INDEPENDENT_PATH,
  PILOT_CHAINS,
  PROBES,
  RENEWAL,
} from "./effort.js";
import { IndependentStart, meanBiases } from "./independent-start.js";
import type { ModelSamples } from "./model-samples.js";
import { Population } from "./population.js";
import type { LogPartitionProblem } from "./problem.js";
import { copyRows, extremeRows, joinRows, placeLayer, spreadRows } from "./rows.js";
import { flipAtRandom, isSymmetric } from "./symmetry.js";

/** A population of chains led from the start to the model. */
export interface UpwardRun {
  readonly schedule: Float32Array;
  /** ln Z₀ + m ln 2 + the gain of the population: ln Z_λ. */
  readonly value: number;
  readonly error: number;
  /** See Population. */
  readonly effectiveFamilies: number;
  /** The same as `value` by the work of each chain alone. */
  readonly works: Float64Array;
  /** Where the chains ended, drawn anew with equal weights; samples of the model but for their common ancestors. */
  readonly visible: BitMatrix;
  readonly families: Uint32Array;
}

/** A population of chains led from the model to the start. */
export interface DownwardRun {
  /** ln Z₀ + m ln 2 − the gain of the population: ln Z_λ. */
  readonly value: number;
  readonly error: number;
  readonly effectiveFamilies: number;
  /** The same as `value` by the work of each probe alone; probes set out from the data instead of the samples. */
  readonly probes: Float64Array;
}

/**
 * The runs that several estimators of ln Z_λ share, each made when it is first asked for and kept: a population led from
 * a start without weights to the model (population annealing, so that every mode it reached has its share), samples of the
 * model made from it by Gibbs updates, and a population led back from them.
 */
export class ModelEnsemble {
  #upward: Promise<UpwardRun> | null = null;
  #equilibrium: Promise<{ samples: ModelSamples; probes: BitMatrix }> | null = null;
  #downward: Promise<DownwardRun> | null = null;

  readonly #biases: Float32Array | null;

  constructor(readonly problem: LogPartitionProblem) {
    const { data, layer } = problem;
    this.#biases = data === null ? null : meanBiases(layer.units, data);
  }

  /** Where the probes come from, in words. */
  get probeOrigin(): string {
    return this.problem.data === null ? "from other starts" : "from the data";
  }

  get upward(): Promise<UpwardRun> {
    return (this.#upward ??= this.#within((...place) => this.#anneal(...place)));
  }

  get samples(): Promise<ModelSamples> {
    return this.#prepared.then(({ samples }) => samples);
  }

  get downward(): Promise<DownwardRun> {
    return (this.#downward ??= this.#within((...place) => this.#annealBack(...place)));
  }

  get #prepared(): Promise<{ samples: ModelSamples; probes: BitMatrix }> {
    return (this.#equilibrium ??= this.#within((...place) => this.#equilibrate(...place)));
  }

  /** Run something with an arena of its own and the layer in it. */
  async #within<T>(work: (layer: LayerArrays, arena: Arena) => Promise<T>): Promise<T> {
    const arena = this.problem.kernels.arena();
    try {
      return await work(placeLayer(this.problem.layer, arena), arena);
    } finally {
      arena.release();
    }
  }

  async #anneal(layer: LayerArrays, arena: Arena): Promise<UpwardRun> {
    const { kernels, options, pause } = this.problem;
    const key = deriveKey(this.problem.key, "logPartition", 1);
    const start = new IndependentStart(layer, this.#biases, kernels, arena);
    const chains = annealingChains(options, layer);
    const begin = (rows: number, index: number, population: Population | null): Annealing => {
      const visible = bitMatrix(rows, layer.visible, (length) => arena.words(length));
      start.draw(deriveKey(key, "persistentChains", index), visible);
      return new Annealing(layer, start, visible, kernels, arena, population);
    };
    const pilot = begin(Math.ceil(PILOT_CHAINS * chains), 0, null);
    const measured = await measurePath(pilot, deriveKey(key, "gibbsChain", 0), pause);
    const steps = annealingSteps(options, measured, chains, layer, INDEPENDENT_PATH);
    const schedule = spacedSchedule(measured, steps);
    const population = new Population(chains, RENEWAL);
    const run = begin(chains, 1, population);
    await run.follow(schedule, deriveKey(key, "gibbsChain", 1), pause);
    const offset = start.logPartition + layer.hidden * log(2);
    const { gain, error, effectiveFamilies } = population;
    run.renew(deriveKey(key, "bootstrap"));
    return {
      schedule,
      value: offset + gain,
      error,
      effectiveFamilies,
      works: Float64Array.from(run.works, (w) => offset + w),
      visible: copyRows(run.visible),
      families: population.families,
    };
  }

  /** Gibbs updates of the model, on the upward chains and on probes. */
  async #equilibrate(
    layer: LayerArrays,
    arena: Arena,
  ): Promise<{ samples: ModelSamples; probes: BitMatrix }> {
    const { kernels, pause } = this.problem;
    const key = deriveKey(this.problem.key, "logPartition", 2);
    const { visible, families, schedule } = await this.upward;
    const all = joinRows([visible, this.#probeRows(visible.rows, key, arena)], arena);
    const start = new IndependentStart(layer, this.#biases, kernels, arena);
    const chains = new Annealing(layer, start, all, kernels, arena);
    const updates = Math.ceil(EQUILIBRATION * schedule.length);
    await chains.equilibrate(updates, 1, deriveKey(key, "gibbsChain"), pause);
    const samples = copyRows(rowRange(all, 0, visible.rows));
    if (isSymmetric(layer)) flipAtRandom(samples, deriveKey(key, "isingGlobalFlip"));
    const probes = copyRows(rowRange(all, visible.rows, all.rows - visible.rows));
    return { samples: { visible: samples, families }, probes };
  }

  /** Where the probes set out: rows of the data; without data, extreme and random ones. */
  #probeRows(chains: number, key: SeedKey, arena: Arena): BitMatrix {
    const { data, layer } = this.problem;
    const count = Math.ceil(PROBES * chains);
    if (data !== null) return spreadRows(data, count, arena);
    return extremeRows(count, layer.visible, deriveKey(key, "persistentChains"), arena);
  }

  async #annealBack(layer: LayerArrays, arena: Arena): Promise<DownwardRun> {
    const { kernels, pause } = this.problem;
    const { schedule } = await this.upward;
    const { samples, probes } = await this.#prepared;
    const chains = samples.visible.rows;
    const start = new IndependentStart(layer, this.#biases, kernels, arena);
    const population = new Population(chains, RENEWAL, samples.families);
    const all = joinRows([samples.visible, probes], arena);
    const run = new Annealing(layer, start, all, kernels, arena, population);
    await run.follow(schedule.slice().reverse(), deriveKey(this.problem.key, "logPartition", 3), pause);
    const offset = start.logPartition + layer.hidden * log(2);
    return {
      value: offset - population.gain,
      error: population.error,
      effectiveFamilies: population.effectiveFamilies,
      probes: Float64Array.from(run.works.subarray(chains), (w) => offset - w),
    };
  }
}
