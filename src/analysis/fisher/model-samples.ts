import { DomainError } from "../../errors/index.js";
import { type BitMatrix, bitMatrix, type Kernels, type LayerArrays, unpackRow } from "../../kernels/index.js";
import { deriveKey, type SeedKey } from "../../random/index.js";
import { meanHiddenGivenVisible } from "../../rbm/energy.js";
import { fillUniformBits } from "../../rbm/estimators/pcd.js";
import { runModelChains } from "../../rbm/model-chains.js";
import type { FisherStates } from "./states.js";

/** How samples of a model are drawn. */
export interface SampleCounts {
  /** Independent chains, one sample from each. */
  readonly samples: number;
  /** Block-Gibbs updates v → h → v' of each chain. */
  readonly steps: number;
}

/** Samples of the same configurations for both distributions. */
export interface ModelSamples {
  readonly marginal: FisherStates;
  readonly joint: FisherStates;
}

/**
 * One sample from the end of each of many independent Gibbs chains, so that samples are independent of one another. Chain
 * c starts from row c of `start` (again from the first after the last), or from the uniform distribution. A function of
 * (layer, start, counts, key) alone. DomainError for fewer than 2 samples or 1 step.
 */
export async function sampleModel(
  layer: LayerArrays,
  start: BitMatrix | null,
  { samples, steps }: SampleCounts,
  key: SeedKey,
  kernels: Kernels,
): Promise<ModelSamples> {
  if (!Number.isInteger(samples) || samples < 2 || !Number.isInteger(steps) || steps < 1) {
    throw new DomainError(
      `${samples} model samples after ${steps} Gibbs steps: whole numbers are needed, at least 2 samples and 1 step.`,
    );
  }
  const first = bitMatrix(samples, layer.visible);
  if (start === null) fillUniformBits(first, deriveKey(key, "analysis", 0));
  else repeatRows(start, first);
  const length = { rounds: 1, spacing: steps, thermalization: 0 };
  const visible = await runModelChains(layer, first, length, deriveKey(key, "analysis", 1), kernels);
  const hidden = bitMatrix(samples, layer.hidden);
  const sample = { key: deriveKey(key, "analysis", 2), out: hidden };
  kernels.rbm.hiddenGivenVisible(layer, visible, { sample });
  return statesOf(layer, visible, hidden);
}

function statesOf(layer: LayerArrays, visible: BitMatrix, hidden: BitMatrix): ModelSamples {
  const count = visible.rows;
  const v = unpacked(layer, visible);
  const t = new Float64Array(count * layer.hidden);
  for (let s = 0; s < count; s++) {
    const row = v.subarray(s * layer.visible, (s + 1) * layer.visible);
    t.set(meanHiddenGivenVisible(layer, row), s * layer.hidden);
  }
  return {
    marginal: { count, visible: v, hidden: t, probabilities: null },
    joint: { count, visible: v, hidden: unpacked(layer, hidden), probabilities: null },
  };
}

function unpacked({ units }: LayerArrays, bits: BitMatrix): Float64Array {
  const out = new Float64Array(bits.rows * bits.columns);
  for (let row = 0; row < bits.rows; row++) {
    unpackRow(bits, row, out, units === "spin" ? -1 : 0, 1, row * bits.columns);
  }
  return out;
}

function repeatRows(source: BitMatrix, out: BitMatrix): void {
  const width = out.wordsPerRow;
  for (let row = 0; row < out.rows; row++) {
    const from = (row % source.rows) * width;
    out.words.set(source.words.subarray(from, from + width), row * width);
  }
}
