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

/** What to sample. `auto` values are chosen from the model and reported in the result. */
export interface SamplingOptions {
  /** Configurations wanted, over all chains. */
  readonly samples: number;
  readonly algorithm: AlgorithmName;
  /** Independent chains; at most `samples` are used. */
  readonly chains: number;
  /** Steps before the first sample. */
  readonly thermalization: number | "auto";
  /** Steps between samples of a chain: a fixed number, never chosen by the state (that would bias the samples). */
  readonly spacing: number | "auto";
  readonly start: StartName;
}

/** Samples and how they were made. Row t·chains + c of `configurations` is sample t of chain c. */
export interface SampleSet {
  readonly model: IsingModel;
  readonly configurations: BitMatrix;
  readonly chains: number;
  readonly algorithm: string;
  readonly stepUnit: Sampler["stepUnit"];
  readonly thermalization: number;
  readonly spacing: number;
  readonly start: Exclude<StartName, "auto">;
}

/**
 * Told after every step how many of the configurations exist; may be slow (it is awaited) so that a caller can redraw or
 * stop.
 */
export type SamplingProgress = (done: number, total: number) => void | Promise<void>;

type Pause = () => void | Promise<void>;

/**
 * Draw configurations of an Ising model from many independent Markov chains after thermalisation, at a fixed spacing.
 * At B = 0 each sample is also flipped as a whole with probability ½, an exact symmetry that decorrelates the sign of m.
 * The result is a function of (model, options, key) alone.
 */
export async function sampleIsing(
  model: IsingModel,
  options: SamplingOptions,
  key: SeedKey,
  kernels: Kernels,
  onProgress: SamplingProgress = () => undefined,
): Promise<SampleSet> {
  requireCount("samples", options.samples, 1);
  requireCount("chains", options.chains, 1);
  const arena = kernels.arena();
  try {
    return await drawSamples(model, options, key, kernels, arena, onProgress);
  } finally {
    arena.release();
  }
}

async function drawSamples(
  model: IsingModel,
  options: SamplingOptions,
  key: SeedKey,
  kernels: Kernels,
  arena: Arena,
  onProgress: SamplingProgress,
): Promise<SampleSet> {
  const sampler = chooseSampler(options.algorithm, model);
  const modelKey = deriveKey(key, "isingChains", ...bitsOf(model.coupling), ...bitsOf(model.field));
  const chains = Math.min(options.chains, options.samples);
  const start = options.start === "auto" ? defaultStart(model.lattice, model, sampler) : options.start;
  const state = startChains(model.lattice, chains, start, deriveKey(modelKey, "isingStart"), (length) =>
    arena.words(length),
  );
  const run = new ChainRun(model, sampler, state, kernels, modelKey);
  const { thermalization, spacing } = await thermalize(run, options, () => onProgress(0, options.samples));
  const configurations = bitMatrix(options.samples, model.lattice.sites);
  const flips = new RandomStream(deriveKey(modelKey, "isingGlobalFlip"));
  for (let first = 0; first < options.samples; first += chains) {
    await run.advance(spacing, () => onProgress(first, options.samples));
    const rows = Math.min(chains, options.samples - first);
    copyLanes(state, configurations, first, rows, model.field === 0 ? flips : null);
    await onProgress(first + rows, options.samples);
  }
  return {
    model,
    configurations,
    chains,
    algorithm: sampler.name,
    stepUnit: sampler.stepUnit,
    thermalization,
    spacing,
    start,
  };
}

/** The chains of one run and how far they have come. */
class ChainRun {
  readonly #volumes: Float64Array;
  #steps = 0;

  constructor(
    readonly model: IsingModel,
    readonly sampler: Sampler,
    private readonly state: LatticeState,
    private readonly kernels: Kernels,
    private readonly key: SeedKey,
  ) {
    this.#volumes = new Float64Array(state.chains);
  }

  get steps(): number {
    return this.#steps;
  }

  /** Spins touched so far, averaged over the chains. */
  get meanVolume(): number {
    return this.#volumes.reduce((sum, volume) => sum + volume, 0) / this.state.chains;
  }

  /** Make so many steps; `pause` is called between them. */
  async advance(steps: number, pause: Pause): Promise<void> {
    for (let step = 0; step < steps; step++) {
      if (step > 0) await pause();
      const stepKey = deriveKey(this.key, "isingChains", this.#steps++);
      this.sampler.advance(this.kernels.lattice, this.state, this.model, stepKey, this.#volumes);
    }
  }
}

/** Bring the chains to equilibrium; returns the total number of steps spent and the spacing to use from here on. */
async function thermalize(
  run: ChainRun,
  options: SamplingOptions,
  pause: Pause,
): Promise<{ thermalization: number; spacing: number }> {
  const { model, sampler } = run;
  if (options.thermalization !== "auto") requireCount("thermalization", options.thermalization, 0);
  if (options.spacing !== "auto") requireCount("spacing", options.spacing, 1);
  if (sampler.stepUnit === "sweep") {
    await run.advance(
      options.thermalization === "auto" ? defaultSweepThermalization(model, sampler) : options.thermalization,
      pause,
    );
    return {
      thermalization: run.steps,
      spacing: options.spacing === "auto" ? defaultSweepSpacing(model, sampler) : options.spacing,
    };
  }
  await thermalizeClusters(run, options.thermalization, pause);
  const perSweep = run.steps === 0 ? 1 : Math.ceil((model.lattice.sites * run.steps) / run.meanVolume);
  return { thermalization: run.steps, spacing: options.spacing === "auto" ? perSweep : options.spacing };
}

/**
 * Clusters vary in size, so by default they are counted in flipped volume until half the thermalisation is done; the
 * other half is then a fixed number of clusters, which removes the bias of having stopped on a large one.
 */
async function thermalizeClusters(
  run: ChainRun,
  thermalization: number | "auto",
  pause: Pause,
): Promise<void> {
  if (thermalization !== "auto") {
    await run.advance(thermalization, pause);
    return;
  }
  while (run.meanVolume < (CLUSTER_THERMALIZATION / 2) * run.model.lattice.sites) {
    await run.advance(1, pause);
    await pause();
  }
  await run.advance(run.steps, pause);
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
