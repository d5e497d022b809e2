import { DomainError } from "../errors/index.js";
import { type BitMatrix, bitMatrix, type Kernels, type LayerArrays, rowRange } from "../kernels/index.js";
import { deriveKey, type SeedKey } from "../random/index.js";
import { LayerBuffers } from "./layer-buffers.js";

/** How long Gibbs chains of a model are run. */
export interface ChainLength {
  /** Configurations kept of each chain. */
  readonly rounds: number;
  /** Block-Gibbs updates v → h → v' from one to the next. */
  readonly spacing: number;
  /** Updates to equilibrium; the first configuration kept comes `spacing` updates later. */
  readonly thermalization: number;
}

/**
 * Visible configurations along Gibbs chains of an RBM, one chain from each row of `start`; row round·chains + chain of
 * the result. A function of (layer, start, length, key) alone. DomainError for counts that are not whole numbers, fewer
 * than one round or a spacing below 1.
 *
 * @param layer the model
 * @param start visible configurations, one a chain
 * @param length how many updates the chains make, and which of their configurations are kept
 * @param key names the random numbers
 * @param kernels do the updates
 * @param pause awaited after each round with the rounds done and wanted
 */
export async function runModelChains(
  layer: LayerArrays,
  start: BitMatrix,
  { rounds, spacing, thermalization }: ChainLength,
  key: SeedKey,
  kernels: Kernels,
  pause: (done: number, total: number) => void | Promise<void> = () => undefined,
): Promise<BitMatrix> {
  requireCounts(rounds, spacing, thermalization);
  const chains = start.rows;
  const out = bitMatrix(rounds * chains, layer.visible);
  const arena = kernels.arena();
  try {
    const buffers = new LayerBuffers(layer, kernels, arena, chains);
    const state = buffers.visible(chains);
    state.words.set(start.words);
    if (thermalization > 0) buffers.gibbs(state, thermalization, deriveKey(key, "gibbsChain", 0));
    for (let round = 0; round < rounds; round++) {
      buffers.gibbs(state, spacing, deriveKey(key, "gibbsChain", 1 + round));
      rowRange(out, round * chains, chains).words.set(state.words);
      await pause(round + 1, rounds);
    }
    return out;
  } finally {
    arena.release();
  }
}

function requireCounts(rounds: number, spacing: number, thermalization: number): void {
  const isCount = (value: number, least: number): boolean => Number.isInteger(value) && value >= least;
  if (isCount(rounds, 1) && isCount(spacing, 1) && isCount(thermalization, 0)) return;
  throw new DomainError(
    `model chains of ${rounds} rounds, spacing ${spacing}, thermalization ${thermalization}: expected whole numbers, ` +
      `at least 1, 1 and 0.`,
  );
}
