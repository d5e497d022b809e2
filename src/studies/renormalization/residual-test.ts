import { exp, log1p } from "../../kernels/elementary.js";
import { short } from "../number-text.js";
import { decide, type Verdict } from "../verdicts.js";
import type { Claim } from "../study.js";
import { listed, NOT_MEASURED } from "./run-tables.js";

/**
 * What the residual test is tried on: all configurations of an Ising model or a block of their rounds; half of them mixed with half of
 * those of the coldest, or of the next colder temperature; their sites shuffled.
 */
export type ResidualData = "whole" | "block" | "mixture" | "neighbours" | "shuffle";

/** What the residual test says of one set of configurations. */
export interface ResidualReading {
  readonly data: string;
  readonly kind: ResidualData;
  /** NaN where it could not be told. */
  readonly pValue: number;
}

/** Level at which mixtures and shuffles are rejected. */
const LEVEL = 0.01;

/** Level whose rate of false rejections is counted, and how improbable a count must be to be none of that rate. */
const NOMINAL = 0.05;
const IMPROBABLE = 0.01;

/**
 * The counts k_0 … k_1 of n independent events of the given probability that are not improbable: fewer than k_0 and more than
 * k_1 have a probability of at most `level`/2 each (exact binomial, two-sided).
 */
export function binomialRange(
  trials: number,
  probability: number,
  level: number,
): readonly [least: number, most: number] {
  let term = exp(trials * log1p(-probability));
  let below = 0;
  let least = -1;
  for (let k = 0; k < trials; k++) {
    below += term;
    if (least < 0 && below > level / 2) least = k;
    if (below >= 1 - level / 2) return [least, k];
    term *= ((trials - k) / (k + 1)) * (probability / (1 - probability));
  }
  return [least < 0 ? trials : least, trials];
}

/** Verdicts on the residual test: its rate of false rejections, and whether it finds what is no Ising state. */
export function judgeResiduals(residuals: readonly ResidualReading[]): readonly Claim[] {
  const told = residuals.filter(({ pValue }) => !Number.isNaN(pValue));
  const of = (kind: ResidualData) => told.filter((reading) => reading.kind === kind);
  return [
    rateClaim(of("block"), of("whole")),
    rejectionClaim("mixtures of the coldest temperature with any other", of("mixture")),
    rejectionClaim(
      "mixtures of other neighbouring temperatures, which are nearly Ising states",
      of("neighbours"),
    ),
    rejectionClaim("configurations with shuffled sites", of("shuffle")),
  ];
}

function rateClaim(blocks: readonly ResidualReading[], whole: readonly ResidualReading[]): Claim {
  const below = (all: readonly ResidualReading[]): number =>
    all.filter(({ pValue }) => pValue < NOMINAL).length;
  const [least, most] = binomialRange(blocks.length, NOMINAL, IMPROBABLE);
  const found = below(blocks);
  return {
    claim: `the residual test rejects Ising configurations as often as its level says (${100 * NOMINAL} % of independent blocks with p < ${NOMINAL}, within what so many tests allow)`,
    measured:
      blocks.length === 0
        ? NOT_MEASURED
        : `${found} of ${blocks.length} blocks, between ${least} and ${most} at ${100 * (1 - IMPROBABLE)} % (exact binomial); of the whole samples ${below(whole)} of ${whole.length}`,
    verdict: blocks.length === 0 ? "undecided" : decide(found >= least && found <= most, found),
  };
}

function rejectionClaim(whose: string, others: readonly ResidualReading[]): Claim {
  const missed = others.filter(({ pValue }) => !(pValue < LEVEL));
  const verdict: Verdict = others.length === 0 ? "undecided" : decide(missed.length === 0, missed.length);
  const names = missed.map(({ data, pValue }) => `${data} (p = ${short(pValue)})`);
  return {
    claim: `the residual test rejects ${whose} (p < ${LEVEL})`,
    measured:
      others.length === 0
        ? NOT_MEASURED
        : `${others.length - missed.length} of ${others.length} rejected${missed.length === 0 ? "" : `; not: ${listed(names)}`}`,
    verdict,
  };
}
