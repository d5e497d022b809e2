import { analyzePca, type PcaAnalysis } from "../../analysis/pca/analysis.js";
import { modeLadder } from "../../analysis/pca/mode-ladder.js";
import { modeMoments } from "../../analysis/pca/mode-moments.js";
import { GAUSSIAN, momentFlow, type MomentRung } from "../../analysis/pca/moment-flow.js";
import type { Observations } from "../../analysis/pca/observations.js";
import { removeLeadingModes } from "../../analysis/pca/remove-modes.js";
import { commonAmplitude } from "../../analysis/pca/synthetic/common-amplitude.js";
import { correlatedGaussian } from "../../analysis/pca/synthetic/correlated-gaussian.js";
import { independentSpins } from "../../analysis/pca/synthetic/independent-spins.js";
import { market, marketReturns } from "../../analysis/pca/synthetic/market.js";
import { neuralPopulation } from "../../analysis/pca/synthetic/neural-population.js";
import { unequalUnits } from "../../analysis/pca/synthetic/unequal-units.js";
import { formatCsv } from "../../io/index.js";
import { deriveKey, type SeedKey } from "../../random/index.js";
import { smallMultiplesFigure } from "../../report/figures/index.js";
import { writeFigure } from "../../report/write-figure.js";
import { short } from "../number-text.js";
import type { Claim } from "../study.js";
import { writeTable } from "../write-table.js";
import { allOf, decide, largest, smallest, withError } from "../verdicts.js";
import { CRITICAL_INVERSE_ALPHA } from "./spectrum.js";

/** Size of every synthetic set. */
const ROWS = 8000;
const SIDE = 12;
const UNITS = SIDE * SIDE;

/** Share of the modes that is removed from the market before the flow, as in the essay's figure 6b. */
const REMOVED_SHARE = 0.1;

/** Standard errors within which all rungs of a flow must lie, and the largest that is worth anything. */
const WITHIN = 4;
const LARGEST_ERROR = 0.1;

/** |m − 3| above which a median is far from a Gaussian's to the eye. */
const FAR = 1;

/** Rows of groups, for error bars. */
const GROUPS = 32;

/** A synthetic set and what the analysis makes of it. */
interface Analyzed {
  readonly name: string;
  readonly analysis: PcaAnalysis;
  /** From one mode to all, as modes of small variance are removed. */
  readonly flow: readonly MomentRung[];
}

/**
 * (c) Data without any criticality: independent spins, a correlated Gaussian, the same with a common amplitude, unequal units,
 * a neural population and a market.
 * Everything is a function of the key.
 */
export async function concludeSynthetic(folder: string, key: SeedKey): Promise<readonly Claim[]> {
  const own = (index: number): SeedKey => deriveKey(key, "analysis", index);
  const spins = await analyzed("independent spins", independentSpins(ROWS, UNITS, own(0)), own(1));
  const gaussianData = correlatedGaussian(ROWS, [SIDE, SIDE], CRITICAL_INVERSE_ALPHA, own(2));
  const gaussian = await analyzed("correlated Gaussian", gaussianData, own(3), [SIDE, SIDE]);
  const shared = await analyzed(
    "Gaussian of a common amplitude",
    commonAmplitude(gaussianData, own(13)),
    own(14),
    [SIDE, SIDE],
  );
  const unequal = await analyzed("unequal units", unequalUnits(ROWS, UNITS, own(4)), own(5));
  const neural = await analyzed("neural population", neuralPopulation(ROWS, UNITS, own(6)), own(7));
  const returns = marketReturns(ROWS, UNITS, own(8));
  const whole = await analyzed("market", returns, own(9));
  const removed = Math.round(REMOVED_SHARE * UNITS);
  const rest = removeLeadingModes(returns, whole.analysis.units, whole.analysis.eigen, removed);
  const trimmed = await analyzed("market without its largest 10 %", rest, own(10));
  const sets = [spins, gaussian, shared, unequal, neural, whole, trimmed];
  await drawSets(sets, folder);
  writeSets(sets, folder);
  return [
    heldOutClaim(heldOutFlow(spins, independentSpins(ROWS, UNITS, own(11)), own(12))),
    gaussianClaim(gaussian),
    falsePositiveClaim([shared, unequal, neural]),
    marketClaim(whole, trimmed, removed),
    verdictClaim(sets),
  ];
}

/** Spins are measured from 0, which symmetry says is their mean, other data from the mean of every column. */
async function analyzed(
  name: string,
  data: Observations,
  key: SeedKey,
  shape: readonly number[] | null = null,
): Promise<Analyzed> {
  const mean = name === "independent spins" ? "zero" : "data";
  const analysis = await analyzePca(data, { mean, standardize: false, shape, momentRows: ROWS, key });
  return { name, analysis, flow: analysis.momentFlow.filter(({ end }) => end === "largest") };
}

/** Moments of data through modes that were found in other data, so that chance gives no mode a larger variance. */
function heldOutFlow({ analysis }: Analyzed, data: Observations, key: SeedKey): readonly MomentRung[] {
  const { units, eigen } = analysis;
  const options = { ladder: modeLadder(units.count), mostRows: ROWS, groups: GROUPS };
  return momentFlow(modeMoments(data, units, eigen, options), eigen, key);
}

/** Distances from `expected` in standard errors; exact agreement is 0. */
function deviations(rungs: readonly MomentRung[], expected: (rung: MomentRung) => number): readonly number[] {
  return rungs.map((rung) => {
    const off = Math.abs(rung.median - expected(rung));
    return off < 1e-9 ? 0 : off / rung.standardError;
  });
}

function heldOutClaim(rungs: readonly MomentRung[]): Claim {
  const worst = largest(deviations(rungs, ({ independent }) => independent));
  const full = rungs.find(({ modes, end }) => end === "largest" && modes === UNITS);
  const error = largest(rungs.map(({ standardError }) => standardError));
  return {
    claim: `independent spins follow 3 − 2 Σ_j P_ij⁴/P_ii² at every fraction of modes from either end (within ${WITHIN} standard errors of at most ${LARGEST_ERROR})`,
    measured: `${rungs.length} rungs, modes found in other data: largest deviation ${short(worst)} standard errors, of at most ${short(error)}; with all modes m = ${short(full?.median ?? NaN)}`,
    verdict: error <= LARGEST_ERROR ? decide(worst <= WITHIN, worst) : "undecided",
  };
}

function gaussianClaim({ analysis, flow }: Analyzed): Claim {
  const rungs = analysis.momentFlow;
  const worst = largest(deviations(rungs, () => GAUSSIAN));
  const error = largest(rungs.map(({ standardError }) => standardError));
  const span = [flow[0], flow[flow.length - 1]].map(({ median }) => short(median)).join(" to ");
  return {
    claim: `Gaussian data stay at 3 at every fraction of modes, though their spectrum is that of the critical Ising model (within ${WITHIN} standard errors of at most ${LARGEST_ERROR})`,
    measured: `${rungs.length} rungs: largest deviation ${short(worst)} standard errors, of at most ${short(error)}; m from one mode to all: ${span}`,
    verdict: error <= LARGEST_ERROR ? decide(worst <= WITHIN, worst) : "undecided",
  };
}

/** Figure 6a of the essay: moments that stay away from 3 were read as a sign of criticality. */
function falsePositiveClaim(sets: readonly Analyzed[]): Claim {
  const distances = sets.map(({ name, flow }) => {
    const kept = flow.filter(({ fraction }) => fraction >= 0.1);
    return { name, off: smallest(kept.map(({ median }) => Math.abs(median - GAUSSIAN))) };
  });
  const most = largest(distances.map(({ off }) => off));
  return {
    claim:
      "a fourth moment that stays far from 3 as the smallest nine tenths of the modes are removed shows that units interact near a critical point (essay, §4.3)",
    measured: `without any interaction |m − 3| stays above ${distances.map(({ name, off }) => `${short(off)} (${name})`).join(", ")}`,
    verdict: most >= FAR ? "no" : "undecided",
  };
}

/** Figure 6b of the essay, with nothing behind it but common factors. */
function marketClaim(whole: Analyzed, trimmed: Analyzed, removed: number): Claim {
  const kept = whole.flow[0];
  const few = trimmed.flow.filter(({ modes }) => modes <= 4);
  const rest = largest(few.map(({ median }) => Math.abs(median - GAUSSIAN)));
  const all = Math.abs(kept.median - GAUSSIAN);
  const { eigen, noise } = whole.analysis;
  const factors = eigen.values.filter((value) => value > noise.upper).length;
  return {
    claim: `a market of one collective mode and ${market.sectors} sectors, without interactions, flows to 3 if its largest 10 % of modes are removed, and elsewhere if they are kept (essay, figure 6b)`,
    measured: `largest |m − 3| at the last 4 modes: ${short(rest)} without the largest ${removed} modes, and ${withError({ value: all, error: kept.standardError })} at the last mode with them; ${factors} modes stand out of the noise`,
    verdict: decide(rest < 0.3 && all > 3 * kept.standardError && all > 1, rest, all, kept.standardError),
  };
}

function verdictClaim(sets: readonly Analyzed[]): Claim {
  const kinds = sets.map(({ analysis }) => analysis.verdict.kind);
  return {
    claim: "the verdict of the flow calls no data without criticality a non-Gaussian fixed point",
    measured: sets.map(({ name, analysis }) => `${name}: ${analysis.verdict.kind}`).join("; "),
    verdict: allOf(kinds.map((kind) => (kind === "non-Gaussian fixed point" ? "no" : "yes"))),
  };
}

async function drawSets(sets: readonly Analyzed[], folder: string): Promise<void> {
  const figure = await smallMultiplesFigure({
    title: "Fourth moments of data without criticality as modes of small variance are removed",
    subtitle:
      "median over the units, and what independent units would have through the same modes; from right to left fewer modes",
    panels: sets.map(({ name, flow }) => ({
      title: name,
      xLabel: "fraction of modes kept",
      yLabel: "⟨φ⁴⟩/⟨φ²⟩²",
      logX: true,
      series: [
        {
          name: "data",
          x: flow.map(({ fraction }) => fraction),
          y: flow.map(({ median }) => median),
          error: flow.map(({ standardError }) => 1.96 * standardError),
        },
        {
          name: "independent units",
          x: flow.map(({ fraction }) => fraction),
          y: flow.map(({ independent }) => independent),
        },
      ],
      referenceLines: [{ axis: "y" as const, value: GAUSSIAN, label: "3" }],
    })),
  });
  const columns = ["data", "kept", "modes", "fraction", "median", "standard_error", "independent"];
  const rows = sets.flatMap(({ name, analysis }) =>
    analysis.momentFlow.map((r) => [
      name,
      r.end,
      r.modes,
      r.fraction,
      r.median,
      r.standardError,
      r.independent,
    ]),
  );
  writeFigure(folder, "synthetic", figure, formatCsv(columns, rows));
}

function writeSets(sets: readonly Analyzed[], folder: string): void {
  writeTable(
    folder,
    "synthetic",
    [
      "data",
      "observations",
      "unit_count",
      "modes_above_noise",
      "leading_share",
      "inverse_alpha_rank",
      "all_modes",
      "one_mode",
      "one_mode_error",
      "verdict",
      "reason",
    ],
    sets.map(({ name, analysis, flow }) => {
      const { units, eigen, noise, rankExponent, verdict } = analysis;
      const trace = eigen.values.reduce((sum, value) => sum + value, 0);
      return [
        name,
        units.samples,
        units.count,
        eigen.values.filter((value) => value > noise.upper).length,
        eigen.values[0] / trace,
        rankExponent.inverseAlpha,
        flow[flow.length - 1].median,
        flow[0].median,
        flow[0].standardError,
        verdict.kind,
        verdict.reason,
      ];
    }),
  );
}
