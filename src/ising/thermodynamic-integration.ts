import { logTwoCosh, tanh } from "../kernels/elementary.js";
import type { Kernels } from "../kernels/index.js";
import type { SeedKey } from "../random/index.js";
import { estimateMean } from "../statistics/index.js";
import { clenshawCurtis } from "./clenshaw-curtis.js";
import { isingHamiltonians } from "./hamiltonian.js";
import { type IsingModel, isingModel } from "./model.js";
import { sampleIsing } from "./sample.js";

/** Intervals of the first rule; it is refined, its nodes kept, until a refinement changes nothing that can be seen. */
const FIRST_INTERVALS = 8;
/** A refinement is seen if it changes the integral by more than this many of the change's own standard deviations. */
const SEEN = 2;

/** How much work an integral over the coupling may take. */
export interface IntegrationOptions {
  /** Configurations at each node. */
  readonly samples: number;
  /** Independent chains at each node. */
  readonly chains: number;
  /** The rule is refined up to this many intervals: 8, 16, 32, … */
  readonly maxIntervals: number;
}

/** What is taken where nothing else is asked for: 8192 samples from 128 chains a node, at most 64 intervals. */
export const defaultIntegration: IntegrationOptions = { samples: 8192, chains: 128, maxIntervals: 64 };

/** ln Z from an integral. */
export interface IntegratedLogPartition {
  /** ln Z, nats, extensive. */
  readonly value: number;
  /** One standard deviation, of the statistical error and of what the last refinement has changed. */
  readonly error: number;
  /** Why value and error are not to be trusted, in words; null where nothing speaks against them. */
  readonly doubt: string | null;
  /** Of the last rule. */
  readonly intervals: number;
}

/**
 * Told how many of the nodes planned so far are sampled.
 *
 * @param done nodes of the present rule that are sampled
 * @param total nodes of the present rule; grows when the rule is refined
 */
export type IntegrationProgress = (done: number, total: number) => void | Promise<void>;

/**
 * ln Z(K, B) = N ln 2cosh B + ∫_0^K ⟨Σ_<ij> v_i v_j⟩_{K', B} dK' by thermodynamic integration: the mean bond sum is sampled at
 * the nodes of a Clenshaw–Curtis rule (exact at K' = 0: bonds · tanh² B) with errors that count autocorrelations. The field
 * is taken as |B|, so that chains that start ordered start in its direction. The rule is refined until the change
 * is noise; what the change exceeds its noise by is counted as an error, more than that of the finer rule.
 * A function of (model, options, key) alone.
 */
export async function integrateLogPartition(
  model: IsingModel,
  options: IntegrationOptions,
  key: SeedKey,
  kernels: Kernels,
  onProgress: IntegrationProgress = () => undefined,
): Promise<IntegratedLogPartition> {
  const field = Math.abs(model.field);
  const atZero = model.lattice.sites * logTwoCosh(field);
  if (model.coupling === 0) return { value: atZero, error: 0, doubt: null, intervals: 0 };
  const bondSums = new BondSums(model, options, key, kernels);
  let intervals = FIRST_INTERVALS;
  for (;;) {
    const { nodes } = clenshawCurtis(intervals, 0, model.coupling);
    for (const [done, coupling] of nodes.entries()) {
      await bondSums.sample(coupling);
      await onProgress(done + 1, nodes.length);
    }
    const { value, error, change, changeError } = bondSums.integrate(intervals);
    const seen = Math.abs(change) > SEEN * changeError;
    if (seen && 2 * intervals <= options.maxIntervals) {
      intervals *= 2;
      continue;
    }
    const reasons = seen
      ? [`the integral still changed by ${change.toFixed(3)} at ${intervals} intervals`, ...bondSums.doubts]
      : bondSums.doubts;
    return {
      value: atZero + value,
      error: Math.sqrt(error * error + Math.max(0, change * change - changeError * changeError)),
      doubt: reasons.length === 0 ? null : reasons.join("; "),
      intervals,
    };
  }
}

/** Sampled means of the bond sum at several couplings. */
class BondSums {
  readonly #known = new Map<number, { readonly value: number; readonly error: number }>();
  readonly #unreliable: number[] = [];

  constructor(
    private readonly model: IsingModel,
    private readonly options: IntegrationOptions,
    private readonly key: SeedKey,
    private readonly kernels: Kernels,
  ) {}

  get doubts(): readonly string[] {
    if (this.#unreliable.length === 0) return [];
    const places = this.#unreliable.map((coupling) => coupling.toFixed(4)).join(", ");
    return [`the chains disagree or are too short at K = ${places}`];
  }

  /** Make the mean at this coupling known. */
  async sample(coupling: number): Promise<void> {
    if (this.#known.has(coupling)) return;
    const { lattice } = this.model;
    const field = Math.abs(this.model.field);
    if (coupling === 0) {
      const bonds = (lattice.sites * lattice.degree) / 2;
      this.#known.set(0, { value: bonds * tanh(field) ** 2, error: 0 });
      return;
    }
    const { samples, chains } = this.options;
    const sampling = { samples: Math.max(1, Math.floor(samples / chains)) * chains, chains };
    const here = isingModel(lattice, coupling, field);
    const { configurations } = await sampleIsing(here, sampling, this.key, this.kernels);
    const sums = isingHamiltonians(isingModel(lattice, 1), configurations).map((h) => -h);
    const series = Array.from({ length: chains }, (_, chain) =>
      sums.filter((__, row) => row % chains === chain),
    );
    const { value, error, reliable } = estimateMean(series);
    this.#known.set(coupling, { value, error });
    if (!reliable && error > 0) this.#unreliable.push(coupling);
  }

  /** The integral by the rule of so many intervals, and what it changes that of half as many by; nodes are sampled. */
  integrate(intervals: number): {
    readonly value: number;
    readonly error: number;
    readonly change: number;
    readonly changeError: number;
  } {
    const { nodes, weights } = clenshawCurtis(intervals, 0, this.model.coupling);
    const coarse = clenshawCurtis(intervals / 2, 0, this.model.coupling).weights;
    const difference = weights.map((weight, j) => weight - (j % 2 === 0 ? coarse[j / 2] : 0));
    const [value, error] = this.#sum(nodes, weights);
    const [change, changeError] = this.#sum(nodes, difference);
    return { value, error, change, changeError };
  }

  /** Σ_j weights[j] · mean at nodes[j], and its error. */
  #sum(nodes: Float64Array, weights: Float64Array): readonly [value: number, error: number] {
    let [value, variance] = [0, 0];
    nodes.forEach((coupling, j) => {
      const mean = this.#known.get(coupling) ?? { value: NaN, error: NaN };
      value += weights[j] * mean.value;
      variance += (weights[j] * mean.error) ** 2;
    });
    return [value, Math.sqrt(variance)];
  }
}
