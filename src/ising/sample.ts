import { DomainError } from "../errors/index.js";
import { type Arena, type BitMatrix, bitMatrix, type Kernels, type LatticeState } from "../kernels/index.js";
import { deriveKey, RandomStream, type SeedKey } from "../random/index.js";
import { startChains, type StartName } from "./chains.js";
import type { IsingModel } from "./model.js";
import { type AlgorithmName, chooseSampler, type Sampler } from "./samplers/index.js";
import {
  CLUSTER_THERMALIZATION,
  defaultStart,
  defaultSweepSpacing,
  defaultSweepThermalization,
} from "./schedule.js";

/** What to sample. `auto` values, the default, are chosen from the model and reported in the result. */
export interface SamplingOptions {
  /** Configurations wanted, over all chains. */
  readonly samples: number;
  /** `auto` by default: heat bath in a field or at K < 0.1, else Wolff. */
  readonly algorithm?: AlgorithmName;
  /** Independent chains, 32 by default; at most `samples` are used. */
  readonly chains?: number;
  /** Steps to equilibrium, in the sampler's `stepUnit`; the first sample comes `spacing` steps later. */
  readonly thermalization?: number | "auto";
  /** Steps between samples of a chain: a fixed number, never chosen by the state (that would bias the samples). */
  readonly spacing?: number | "auto";
  /** `auto` by default: cold for cluster samplers and below T_c of the infinite torus, else mixed. */
  readonly start?: StartName;
}

/** What is taken where nothing is asked for. */
export const defaultSampling = {
  algorithm: "auto",
  chains: 32,
  thermalization: "auto",
  spacing: "auto",
  start: "auto",
} as const satisfies Omit<SamplingOptions, "samples">;

/** Samples and how they were made. Row t·chains + c of `configurations` is sample t of chain c. */
export interface SampleSet {
  /** What was sampled. */
  readonly model: IsingModel;
  /** The samples, a row each, a column for every site. */
  readonly configurations: BitMatrix;
  /** Chains that were run. */
  readonly chains: number;
  /** The sampler's name, never `auto`. */
  readonly algorithm: string;
  /** What one step is. */
  readonly stepUnit: Sampler["stepUnit"];
  /** Steps to equilibrium; the first sample comes `spacing` steps later. */
  readonly thermalization: number;
  /** Steps from one sample of a chain to the next. */
  readonly spacing: number;
  /** How the chains began. */
  readonly start: Exclude<StartName, "auto">;
}

/** Where sampling stands, to go on from later. */
export interface SamplingState {
  /** Steps that every chain has made. */
  readonly steps: number;
  /** Clusters in the first half of an automatic thermalisation; null before that is known. */
  readonly halfway: number | null;
  /** Steps before the first sample and between samples; null before the chains are thermalised. */
  readonly schedule: Schedule | null;
  /** Configurations that exist. */
  readonly rows: number;
  /** Their bits, the spins of the chains, and how many spins each chain has touched. */
  readonly arrays: {
    /** The words of the bit matrix of all configurations wanted, of which the first `rows` exist. */
    readonly configurations: Uint32Array;
    /** The spins of the chains, a bit each, site by site. */
    readonly spins: Uint32Array;
    /** Spins that each chain has touched so far. */
    readonly volumes: Float64Array;
  };
}

/** Steps before the first sample and between samples. */
export interface Schedule {
  /** Steps to equilibrium; the first sample comes `spacing` steps later. */
  readonly thermalization: number;
  /** Steps from one sample of a chain to the next. */
  readonly spacing: number;
}

/**
 * Told after every step how many of the configurations exist; may be slow (it is awaited) so that a caller can redraw or
 * stop. The arrays of the state that `capture` returns change with the next step.
 *
 * @param done configurations that exist
 * @param total configurations wanted
 * @param capture gives the state after this step, to go on from later
 */
export type SamplingProgress = (
  done: number,
  total: number,
  capture: () => SamplingState,
) => void | Promise<void>;

type Pause = () => void | Promise<void>;

/**
 * Draw configurations of an Ising model from many independent Markov chains after thermalisation, at a fixed spacing.
 * At B = 0 each sample is also flipped as a whole with probability ½, an exact symmetry that decorrelates the sign of m.
 * The result is a function of (model, options, key) alone; sampling that goes on from a state captured earlier gives the same
 * configurations.
 *
 * @param model K, B and the lattice
 * @param options how many configurations, and how they are made
 * @param key names the random numbers; K and B are mixed into it
 * @param kernels run the sampler
 * @param onProgress awaited after every step
 * @param resume a state captured from sampling with the same model, options and key; null: begin
 */
export async function sampleIsing(
  model: IsingModel,
  options: SamplingOptions,
  key: SeedKey,
  kernels: Kernels,
  onProgress: SamplingProgress = () => undefined,
  resume: SamplingState | null = null,
): Promise<SampleSet> {
  const complete = { ...defaultSampling, ...options };
  requireCount("samples", complete.samples, 1);
  requireCount("chains", complete.chains, 1);
  const arena = kernels.arena();
  try {
    const run = new SamplingRun(model, complete, key, kernels, arena);
    if (resume !== null) run.restore(resume);
    return await run.finish(onProgress);
  } finally {
    arena.release();
  }
}

/** The chains of one set of samples, and how far they have come. */
class SamplingRun {
  readonly #sampler: Sampler;
  readonly #key: SeedKey;
  readonly #start: Exclude<StartName, "auto">;
  readonly #state: LatticeState;
  readonly #configurations: BitMatrix;
  readonly #volumes: Float64Array;
  #steps = 0;
  #halfway: number | null = null;
  #schedule: Schedule | null = null;
  #rows = 0;

  constructor(
    private readonly model: IsingModel,
    private readonly options: Required<SamplingOptions>,
    key: SeedKey,
    private readonly kernels: Kernels,
    arena: Arena,
  ) {
    const { lattice, coupling, field } = model;
    this.#sampler = chooseSampler(options.algorithm, model);
    this.#key = deriveKey(key, "isingChains", ...bitsOf(coupling), ...bitsOf(field));
    const chains = Math.min(options.chains, options.samples);
    this.#start = options.start === "auto" ? defaultStart(lattice, model, this.#sampler) : options.start;
    this.#state = startChains(lattice, chains, this.#start, deriveKey(this.#key, "isingStart"), (length) =>
      arena.words(length),
    );
    this.#configurations = bitMatrix(options.samples, lattice.sites);
    this.#volumes = new Float64Array(chains);
  }

  /** Take over a state; DomainError if it is one of other chains. */
  restore({ steps, halfway, schedule, rows, arrays }: SamplingState): void {
    for (const [name, from, into] of [
      ["configurations", arrays.configurations, this.#configurations.words],
      ["spins", arrays.spins, this.#state.spins],
      ["volumes", arrays.volumes, this.#volumes],
    ] as const) {
      if (from.length !== into.length) {
        throw new DomainError(`${name}: ${from.length} numbers; expected ${into.length}.`);
      }
      into.set(from);
    }
    this.#steps = steps;
    this.#halfway = halfway;
    this.#schedule = schedule;
    this.#rows = rows;
  }

  /** Make all that is missing. */
  async finish(onProgress: SamplingProgress): Promise<SampleSet> {
    const { model, options } = this;
    const { chains } = this.#state;
    const capture = (): SamplingState => this.#capture();
    const pause = () => onProgress(this.#rows, options.samples, capture);
    const schedule = (this.#schedule ??= await this.#thermalize(pause));
    const flips = new RandomStream(deriveKey(this.#key, "isingGlobalFlip"));
    for (let row = 0; row < this.#rows; row++) flips.nextWord();
    while (this.#rows < options.samples) {
      const round = this.#rows / chains + 1;
      await this.#advanceTo(schedule.thermalization + round * schedule.spacing, pause);
      const rows = Math.min(chains, options.samples - this.#rows);
      copyLanes(this.#state, this.#configurations, this.#rows, rows, model.field === 0 ? flips : null);
      this.#rows += rows;
      await pause();
    }
    return {
      model,
      configurations: this.#configurations,
      chains,
      algorithm: this.#sampler.name,
      stepUnit: this.#sampler.stepUnit,
      ...schedule,
      start: this.#start,
    };
  }

  #capture(): SamplingState {
    return {
      steps: this.#steps,
      halfway: this.#halfway,
      schedule: this.#schedule,
      rows: this.#rows,
      arrays: {
        configurations: this.#configurations.words,
        spins: this.#state.spins,
        volumes: this.#volumes,
      },
    };
  }

  /** Bring the chains to equilibrium; says how many steps that took and the spacing to use from here on. */
  async #thermalize(pause: Pause): Promise<Schedule> {
    const { model, options } = this;
    const sampler = this.#sampler;
    if (options.thermalization !== "auto") requireCount("thermalization", options.thermalization, 0);
    if (options.spacing !== "auto") requireCount("spacing", options.spacing, 1);
    if (options.thermalization !== "auto") await this.#advanceTo(options.thermalization, pause);
    else if (sampler.stepUnit === "sweep") {
      await this.#advanceTo(defaultSweepThermalization(model, sampler), pause);
    } else await this.#thermalizeClusters(pause);
    const spacing =
      options.spacing !== "auto"
        ? options.spacing
        : sampler.stepUnit === "sweep"
          ? defaultSweepSpacing(model, sampler)
          : this.#clustersPerSweep();
    return { thermalization: this.#steps, spacing };
  }

  /**
   * Clusters vary in size, so by default they are counted in flipped volume until half the thermalisation is done; the
   * other half is then a fixed number of clusters, which removes the bias of having stopped on a large one.
   */
  async #thermalizeClusters(pause: Pause): Promise<void> {
    const half = (CLUSTER_THERMALIZATION / 2) * this.model.lattice.sites;
    while (this.#halfway === null && this.#meanVolume() < half) {
      await this.#advanceTo(this.#steps + 1, pause);
    }
    this.#halfway ??= this.#steps;
    await this.#advanceTo(2 * this.#halfway, pause);
  }

  #clustersPerSweep(): number {
    const { sites } = this.model.lattice;
    return this.#steps === 0 ? 1 : Math.ceil((sites * this.#steps) / this.#meanVolume());
  }

  /** Spins touched so far, averaged over the chains. */
  #meanVolume(): number {
    return this.#volumes.reduce((sum, volume) => sum + volume, 0) / this.#volumes.length;
  }

  /** Make steps until there are so many; `pause` is called after each. */
  async #advanceTo(steps: number, pause: Pause): Promise<void> {
    while (this.#steps < steps) {
      const stepKey = deriveKey(this.#key, "isingChains", this.#steps);
      this.#sampler.advance(this.kernels.lattice, this.#state, this.model, stepKey, this.#volumes);
      this.#steps++;
      await pause();
    }
  }
}

/** Copy the first `rows` chains, transposed from lanes to rows; with `flips`, turn each over with probability ½. */
function copyLanes(
  state: LatticeState,
  out: BitMatrix,
  firstRow: number,
  rows: number,
  flips: RandomStream | null,
): void {
  const { sites, wordsPerSite, spins } = state;
  for (let chain = 0; chain < rows; chain++) {
    const flip = flips === null ? 0 : flips.nextWord() >>> 31;
    const word = chain >>> 5;
    const shift = chain & 31;
    const base = (firstRow + chain) * out.wordsPerRow;
    for (let site = 0; site < sites; site++) {
      const bit = ((spins[site * wordsPerSite + word] >>> shift) & 1) ^ flip;
      out.words[base + (site >>> 5)] |= bit << (site & 31);
    }
  }
}

/** The two 32-bit halves of a double, so that a temperature can be part of a stream's address. */
function bitsOf(value: number): readonly [number, number] {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value === 0 ? 0 : value);
  return [view.getUint32(0), view.getUint32(4)];
}

function requireCount(name: string, value: number, least: number): void {
  if (!Number.isInteger(value) || value < least) {
    throw new DomainError(`${name} = ${value}: expected a whole number ≥ ${least}.`);
  }
}
