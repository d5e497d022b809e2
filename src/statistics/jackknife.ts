import { DataError, DomainError } from "../errors/index.js";
import { exceeds } from "./between-chains.js";
import { compensatedSum } from "./moments.js";
import { type Series, seriesMean, seriesShape } from "./series.js";
import { windowedVariance } from "./windowed-variance.js";

/** Block length aimed at, in autocorrelation times: the error bar is then low by 1/(2·20) = 2.5 %. */
const PREFERRED_BLOCK = 20;
/** Shortest block taken to reach `FEW_BLOCKS`; the error bar is then low by 5 %. */
const SHORTEST_BLOCK = 10;
const FEW_BLOCKS = 16;
/** More blocks would hardly improve an error bar known to 1/√(2·256) = 4 %. */
const MANY_BLOCKS = 256;
/** Fewer blocks than this leave fewer than 4 degrees of freedom. */
const LEAST_BLOCKS = 5;

/** A function of means with its jackknife error. */
export interface JackknifeEstimate {
  /** The bias-corrected estimate: the O(1/n) bias of f at the sample means is removed. */
  readonly value: number;
  /** One standard deviation of `value`. */
  readonly error: number;
  /** f at the means of all samples, without bias correction. */
  readonly plugIn: number;
  /** Number of blocks; (value − exact)/error is distributed as Student's t with about blocks − 1 degrees of freedom. */
  readonly blocks: number;
  /** False with fewer than 5 blocks, blocks that cannot be made longer than the correlations, or chains that disagree. */
  readonly reliable: boolean;
}

/**
 * Delete-one-block jackknife of f(⟨A_1⟩, …, ⟨A_p⟩), for derived quantities such as χ = N(⟨m²⟩ − ⟨|m|⟩²)K or Binder ratios.
 * `columns[a]` is the series of A_a; all have the same chains and lengths. Blocks are contiguous, cover every sample and
 * never cross chains; their lengths m_j differ by at most one sample within a chain. With h_j = n/m_j, g blocks, θ = f at
 * all samples and θ_(j) = f without block j (Busing, Meijer & van der Leeden, Stat. Comput. 9, 3 (1999)):
 *
 *   value = gθ − Σ_j (1 − 1/h_j) θ_(j),   error² = (1/g) Σ_j [h_jθ − (h_j − 1)θ_(j) − value]² / (h_j − 1).
 *
 * `blocks` is the total wanted, rounded down to a multiple of the chains and at least one a chain. Without it the blocks
 * are 20 times the longest τ of the columns (10 times where that leaves fewer than 16 blocks), at most 256 in all; whole
 * chains where τ does not fit into a chain. The automatic choice is checked against deleting whole chains: where that
 * gives a significantly larger error the chains have not mixed, the larger error is returned and `reliable` is false.
 *
 * Where f is not finite, on all samples or without some block, value and error are NaN. DataError for columns of unequal
 * shape or fewer than two samples; DomainError for `blocks` outside [2, n]. Cost O(pn(1 + W)) and g + C calls of f.
 */
export function jackknife(
  columns: readonly Series[],
  f: (means: readonly number[]) => number,
  blocks?: number,
): JackknifeEstimate {
  const { chains, length, samples } = commonShape(columns);
  const means = columns.map(seriesMean);
  if (blocks !== undefined) {
    if (!(blocks >= 2 && blocks <= samples)) {
      throw new DomainError(
        `jackknife with ${blocks} blocks of ${samples} samples: 2 to ${samples} are possible.`,
      );
    }
    const perChain = Math.max(chains === 1 ? 2 : 1, Math.floor(blocks / chains));
    const estimate = deleteBlocks(columns, means, f, perChain);
    return { ...estimate, reliable: estimate.blocks >= LEAST_BLOCKS };
  }
  const { perChain, separated } = chooseBlocks(columns, chains, length);
  const estimate = deleteBlocks(columns, means, f, perChain);
  const whole = chains > 1 && perChain > 1 ? deleteBlocks(columns, means, f, 1) : estimate;
  const unmixed = exceeds(whole.error ** 2, whole.blocks - 1, estimate.error ** 2, estimate.blocks - 1);
  if (unmixed) return { ...whole, reliable: false };
  return { ...estimate, reliable: separated && estimate.blocks >= LEAST_BLOCKS };
}

function commonShape(columns: readonly Series[]): ReturnType<typeof seriesShape> {
  if (columns.length === 0) throw new DataError("jackknife without columns: at least one series is needed.");
  const [shape, ...others] = columns.map(seriesShape);
  const odd = others.findIndex((other) => other.chains !== shape.chains || other.length !== shape.length);
  if (odd >= 0) {
    const { chains, length } = others[odd];
    throw new DataError(
      `column ${odd + 1} has ${chains} chains of ${length} samples and column 0 has ${shape.chains} of ${shape.length}: all columns must come from the same samples.`,
    );
  }
  if (shape.samples < 2) throw new DataError("jackknife of one sample: an error bar needs at least two.");
  return shape;
}

/** Blocks a chain, and whether they are longer than the correlations (or whole, independent chains). */
function chooseBlocks(
  columns: readonly Series[],
  chains: number,
  length: number,
): { perChain: number; separated: boolean } {
  const windowed = columns.map((column) => windowedVariance(column, 6));
  if (windowed.some(({ reached }) => !reached)) {
    return { perChain: chains > 1 ? 1 : Math.min(FEW_BLOCKS, length), separated: chains > 1 };
  }
  const times = (chains * length) / Math.max(0.5, ...windowed.map(({ tau }) => tau));
  const preferred = Math.min(MANY_BLOCKS, times / PREFERRED_BLOCK);
  const total = Math.max(preferred, Math.min(FEW_BLOCKS, times / SHORTEST_BLOCK));
  const perChain = Math.min(length, Math.max(1, Math.floor(total / chains)));
  return chains === 1
    ? { perChain: Math.max(2, perChain), separated: total >= 2 }
    : { perChain, separated: true };
}

/** The jackknife proper, with `perChain` blocks in every chain. */
function deleteBlocks(
  columns: readonly Series[],
  means: readonly number[],
  f: (means: readonly number[]) => number,
  perChain: number,
): { value: number; error: number; plugIn: number; blocks: number } {
  const chains = columns[0].length;
  const length = columns[0][0].length;
  const samples = chains * length;
  const blocks = chains * perChain;
  const plugIn = f(means);
  const pseudoValues = new Float64Array(blocks);
  const weights = new Float64Array(blocks); // 1/h_j = m_j/n
  for (let block = 0; block < blocks; block++) {
    const chain = Math.floor(block / perChain);
    const index = block % perChain;
    const start = Math.floor((index * length) / perChain);
    const end = Math.floor(((index + 1) * length) / perChain);
    const weight = (end - start) / samples;
    const reduced = means.map((mean, a) => {
      const deviations = columns[a][chain].subarray(start, end).map((value) => value - mean);
      return mean - compensatedSum(deviations) / (samples - (end - start));
    });
    weights[block] = weight;
    pseudoValues[block] = plugIn + (1 / weight - 1) * (plugIn - f(reduced));
  }
  // Σ_j m_j/n · pseudo-value_j is the same as gθ − Σ_j (1 − 1/h_j) θ_(j), without its cancellation.
  const value = compensatedSum(pseudoValues.map((pseudo, j) => weights[j] * pseudo));
  const squares = pseudoValues.map((pseudo, j) => (pseudo - value) ** 2 / (1 / weights[j] - 1));
  const error = Math.sqrt(compensatedSum(squares) / blocks);
  const finite = Number.isFinite(value) && Number.isFinite(error);
  return { value: finite ? value : NaN, error: finite ? error : NaN, plugIn, blocks };
}
