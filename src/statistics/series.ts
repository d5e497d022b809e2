import { DataError } from "../errors/index.js";
import { compensatedSum } from "./moments.js";

/**
 * One observable measured along independent, stationary Markov chains of equal length: series[chain][time]. A single
 * chain, and many chains of one sample each (independent samples), are the two ends.
 */
export type Series = readonly Float64Array[];

/** Chains, samples per chain and samples in all, after checking: chains equally long, samples present and finite. */
export function seriesShape(series: Series): { chains: number; length: number; samples: number } {
  if (series.length === 0 || series[0].length === 0) {
    throw new DataError("a series without samples: at least one chain with at least one sample is needed.");
  }
  const length = series[0].length;
  series.forEach((chain, c) => {
    if (chain.length !== length) {
      throw new DataError(
        `chain ${c} has ${chain.length} samples and chain 0 has ${length}: chains must be equally long; cut them to the shortest.`,
      );
    }
    const bad = chain.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0) {
      throw new DataError(
        `sample ${bad} of chain ${c} is ${chain[bad]}: every sample must be a finite number.`,
      );
    }
  });
  return { chains: series.length, length, samples: series.length * length };
}

/** Mean over all samples of all chains. */
export function seriesMean(series: Series): number {
  const { samples } = seriesShape(series);
  return compensatedSum(series.map((chain) => compensatedSum(chain))) / samples;
}

/** Whether every sample of every chain is the same number. */
export function isConstant(series: Series): boolean {
  const first = series[0][0];
  return series.every((chain) => chain.every((value) => value === first));
}
