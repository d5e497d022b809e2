import { exp, log } from "../../../kernels/elementary.js";
import { type BitMatrix, bitMatrix, gatherRows, rowRange } from "../../../kernels/index.js";
import { deriveKey, RandomStream, type SeedKey } from "../../../random/index.js";
import { logSumExp } from "../../../statistics/index.js";
import { LayerBuffers } from "../../layer-buffers.js";
import type { StateArrays } from "../../layer-state.js";
import { Annealing } from "../annealing.js";
import { BiasProjection } from "../bias-projection.js";
import { distinctRows, impossibleMass } from "../data-mass.js";
import { anchorSteps, EQUILIBRATION, trackingChains } from "../effort.js";
import type { LogPartitionEstimate, LogPartitionTracker } from "../estimate.js";
import { IndependentStart, meanBiases } from "../independent-start.js";
import { effectiveSamples } from "../log-weights.js";
import type { ModelSamples } from "../model-samples.js";
import { Population } from "../population.js";
import { copyRows, reorderRows, spreadRows } from "../rows.js";
import { flipAtRandom, flipRows, isSymmetric } from "../symmetry.js";
import { doubtfulFamilies, joinDoubts } from "../verdict.js";
import { SAMPLES, type TrackerSetup } from "./setup.js";

/** Chains are drawn anew when fewer than this share of them are effective; a single change should leave more. */
const RENEWAL = 0.7;

/** At most this many rows of the data are held against ln Z_λ at an anchor, … */
const MASS_ROWS = 2000;
/** … and the heaviest of them again after every change of the parameters. */
const HEAVIEST_ROWS = 64;

/** ln Z_λ by sequential Monte Carlo; the first call must be `anchor`. See SequentialTracker. */
export function sequentialTracker(setup: TrackerSetup): LogPartitionTracker {
  return new SequentialTracker(setup);
}

/** Distinct configurations of the data, and room for the heaviest of them. */
interface HeldRows {
  readonly distinct: BitMatrix;
  readonly heaviest: BitMatrix;
}

/**
 * One population from the start of annealing to the layer as it is now. An anchor leads it from independent units to the
 * layer; each change of the parameters multiplies the weights by e^{H_λ(v) − H_λ'(v)}, whose mean is Z_λ'/Z_λ, and is
 * followed by a Gibbs update and global flips, which leave the new model as it is. The error grows from one anchor to the
 * next, counted by common ancestors.
 */
class SequentialTracker implements LogPartitionTracker {
  readonly #population: Population;
  readonly #visible: BitMatrix;
  readonly #hidden: BitMatrix;
  /** H_λ of every chain, at the parameters of the last call. */
  readonly #hamiltonians: Float64Array;
  /** ln Z₀ + m ln 2 of the last anchor, then ln Z_λ and the mass of the data there. */
  readonly #anchored: Float64Array;
  /** The least share of chains that one change of the parameters has left effective since the last anchor. */
  readonly #leastShare = Float64Array.of(1);
  /** ln Z_λ, its error and the mass of the heaviest rows where these contradicted it most since the last anchor; NaN: never. */
  readonly #contradiction = new Float64Array(3).fill(NaN);
  readonly #biasSums: BiasProjection;
  readonly #biases: Float32Array | null;
  readonly #held: HeldRows | null;

  constructor(private readonly setup: TrackerSetup) {
    const { layer, data, options, kernels, arena } = setup;
    const chains = trackingChains(options, layer);
    const words = (length: number): Uint32Array => arena.words(length);
    this.#population = new Population(chains, RENEWAL);
    this.#visible = bitMatrix(chains, layer.visible, words);
    this.#hidden = bitMatrix(chains, layer.hidden, words);
    this.#hamiltonians = new Float64Array(chains);
    this.#anchored = new Float64Array(3).fill(NaN);
    this.#biasSums = new BiasProjection(layer.units, layer.visibleBias, kernels);
    this.#biases = data === null ? null : meanBiases(layer.units, data);
    const distinct = data === null ? null : distinctRows(spreadRows(data, MASS_ROWS, arena));
    this.#held =
      distinct === null
        ? null
        : { distinct, heaviest: bitMatrix(Math.min(HEAVIEST_ROWS, distinct.rows), layer.visible, words) };
  }

  get estimate(): LogPartitionEstimate {
    const [offset, anchorValue, mass] = this.#anchored;
    if (Number.isNaN(offset)) return unanchored;
    const { gain, error, effectiveFamilies } = this.#population;
    const [value, valueError, heaviest] = this.#contradiction;
    const doubt = joinDoubts(
      doubtfulFamilies(effectiveFamilies),
      this.#leastShare[0] < RENEWAL ? "the parameters have changed too fast for the chains to follow" : null,
      impossibleMass({ value: anchorValue, error }, mass),
      impossibleMass({ value, error: valueError }, heaviest),
    );
    return { value: offset + gain, error, doubt };
  }

  get state(): StateArrays {
    return {
      ...this.#population.state,
      chains: this.#visible.words,
      hamiltonians: this.#hamiltonians,
      anchored: this.#anchored,
      leastShare: this.#leastShare,
      contradiction: this.#contradiction,
      ...(this.#held === null ? {} : { heaviest: this.#held.heaviest.words }),
    };
  }

  anchor(key: SeedKey): void {
    const { layer, kernels, options } = this.setup;
    const arena = kernels.arena();
    try {
      const start = new IndependentStart(layer, this.#biases, kernels, arena);
      start.draw(deriveKey(key, "persistentChains"), this.#visible);
      this.#population.restart();
      this.#leastShare[0] = 1;
      this.#contradiction.fill(NaN);
      const run = new Annealing(layer, start, this.#visible, kernels, arena, this.#population);
      const steps = anchorSteps(options, layer);
      for (let step = 1; step <= steps; step++) {
        run.step(anchorScale(step - 1, steps), anchorScale(step, steps), deriveKey(key, "gibbsChain", step));
      }
      const offset = start.logPartition + layer.hidden * log(2);
      this.#anchored.set([offset, offset + this.#population.gain, this.#weighData()]);
    } finally {
      arena.release();
    }
    this.#hamiltonians.set(this.#currentHamiltonians(this.#visible, null));
  }

  advance(key: SeedKey): void {
    const changed = this.#currentHamiltonians(this.#visible, deriveKey(key, "gibbsChain", 0));
    const increments = changed.map((h, chain) => this.#hamiltonians[chain] - h);
    this.#leastShare[0] = Math.min(this.#leastShare[0], effectiveSamples(increments) / increments.length);
    this.#population.multiply(increments);
    const order = this.#population.renewIfUnequal(deriveKey(key, "bootstrap"));
    if (order !== null) reorderRows(this.#hidden, order);
    const sample = { key: deriveKey(key, "gibbsChain", 1), out: this.#visible };
    this.setup.kernels.rbm.visibleGivenHidden(this.setup.layer, this.#hidden, { sample });
    this.#hamiltonians.set(this.#currentHamiltonians(this.#visible, null));
    if (!isSymmetric(this.setup.layer)) this.#turnOver(deriveKey(key, "isingGlobalFlip"));
    this.#holdAgainstHeaviest();
  }

  /** Chains drawn in proportion to their weights, then along Gibbs updates of their own. */
  samples(key: SeedKey): ModelSamples {
    const { layer, kernels, options } = this.setup;
    const chains = this.#visible.rows;
    const rounds = Math.ceil(SAMPLES / chains);
    const spacing = Math.max(1, Math.round((EQUILIBRATION * anchorSteps(options, layer)) / rounds));
    const order = this.#population.draw(deriveKey(key, "bootstrap"));
    const visible = bitMatrix(rounds * chains, layer.visible);
    const arena = kernels.arena();
    try {
      const buffers = new LayerBuffers(layer, kernels, arena, chains);
      const state = buffers.visible(chains);
      gatherRows(this.#visible, order, 0, state);
      for (let round = 0; round < rounds; round++) {
        buffers.gibbs(state, spacing, deriveKey(key, "gibbsChain", round));
        rowRange(visible, round * chains, chains).words.set(state.words);
      }
    } finally {
      arena.release();
    }
    if (isSymmetric(layer)) flipAtRandom(visible, deriveKey(key, "isingGlobalFlip"));
    const { families } = this.#population;
    return {
      visible,
      families: Uint32Array.from({ length: visible.rows }, (_, row) => families[order[row % chains]]),
    };
  }

  /** The mass of the distinct rows of the data, the heaviest of which are kept. */
  #weighData(): number {
    if (this.#held === null) return -Infinity;
    const { distinct, heaviest } = this.#held;
    const hamiltonians = this.#currentHamiltonians(distinct, null);
    const order = Uint32Array.from(hamiltonians.keys());
    order.sort((a, b) => hamiltonians[a] - hamiltonians[b] || a - b);
    gatherRows(distinct, order, 0, heaviest);
    return logSumExp(hamiltonians.map((h) => -h));
  }

  /** Keep the worst contradiction between ln Z_λ and the mass of the heaviest rows of the data. */
  #holdAgainstHeaviest(): void {
    if (this.#held === null) return;
    const mass = logSumExp(this.#currentHamiltonians(this.#held.heaviest, null).map((h) => -h));
    const value = this.#anchored[0] + this.#population.gain;
    const [worst, , worstMass] = this.#contradiction;
    if (!(mass > value) || worstMass - worst >= mass - value) return;
    const { error } = this.#population;
    if (impossibleMass({ value, error }, mass) !== null) this.#contradiction.set([value, error, mass]);
  }

  /**
   * Turn whole configurations over, accepted with min(1, e^{H_λ(v) − H_λ(−v)}). Data of an ordered magnet make modes of either
   * sign whose weights change places while biases are trained; Gibbs updates alone would stay in the one and never see
   * the other grow.
   */
  #turnOver(key: SeedKey): void {
    const turned = copyRows(this.#visible);
    flipRows(turned, () => true);
    const hamiltonians = this.#currentHamiltonians(turned, null);
    const stream = new RandomStream(key);
    flipRows(this.#visible, (chain) => {
      const accepted = stream.nextUniform() < exp(this.#hamiltonians[chain] - hamiltonians[chain]);
      if (accepted) this.#hamiltonians[chain] = hamiltonians[chain];
      return accepted;
    });
  }

  /** H_λ of every row at the parameters as they are; with a key the hidden units are drawn too. */
  #currentHamiltonians(visible: BitMatrix, key: SeedKey | null): Float64Array {
    const { layer, kernels } = this.setup;
    const traces = new Float64Array(visible.rows);
    kernels.rbm.hiddenGivenVisible(layer, visible, {
      logPartitions: [{ out: traces }],
      sample: key === null ? undefined : { key, out: this.#hidden },
    });
    const biases = this.#biasSums.of(visible);
    return traces.map((trace, row) => -trace - biases[row]);
  }
}

const unanchored: LogPartitionEstimate = {
  value: NaN,
  error: Infinity,
  doubt: "ln Z has not been estimated yet",
};

/** Values of s that lie closer together towards the model, where its correlations are strong: s = x(3 − x)/2. */
function anchorScale(step: number, steps: number): number {
  const x = step / steps;
  return Math.fround((x * (3 - x)) / 2);
}
