import { formatCsv } from "../../io/index.js";
import { smallMultiplesFigure } from "../../report/figures/index.js";
import { writeFigure } from "../../report/write-figure.js";
import { short } from "../number-text.js";
import { type Claim, type StudyRun, summaryNumber } from "../study.js";
import { field, figureTable } from "./moments.js";
import { average, decide, smallest } from "../verdicts.js";

/** Share of the leading principal components, each counted with its w², that must lie in the span of W's singular vectors. */
const SPANNED = 0.9;

/** Correlation of w² with −1/λ over all modes that counts as agreement. */
const CORRELATED = 0.95;

/** Principal components of the data of one run beside its weights. */
interface Comparison {
  readonly temperature: number;
  readonly modes: readonly {
    readonly mode: number;
    readonly variance: number;
    readonly predicted: number;
    readonly along: number;
    readonly captured: number;
  }[];
}

/** (e) Do the weights find the principal components? W Wᵀ ≈ (1 − C⁻¹)₊, or this and a multiple of the identity. */
export async function concludeLinearTheory(
  runs: readonly StudyRun[],
  folder: string,
): Promise<readonly Claim[]> {
  const compared = runs.map(readComparison).sort((a, b) => a.temperature - b.temperature);
  if (compared.length > 0) await draw(compared, folder);
  const hot = compared.at(-1);
  return [spanClaim(compared), weightClaim(hot)];
}

function readComparison(run: StudyRun): Comparison {
  return {
    temperature: Number(summaryNumber(run, "temperature").toPrecision(12)),
    modes: figureTable(run, "pca-rbm-modes").map((row) => ({
      mode: field(row, "mode"),
      variance: field(row, "eigenvalue"),
      predicted: field(row, "linear_theory"),
      along: field(row, "weight_along_mode"),
      captured: field(row, "captured"),
    })),
  };
}

/** Modes that the theory gives a weight. */
function leading({ modes }: Comparison): Comparison["modes"] {
  return modes.filter(({ predicted }) => predicted > 0);
}

function spanClaim(compared: readonly Comparison[]): Claim {
  const shares = compared.map((run) => {
    const modes = leading(run);
    const total = average(modes.map(({ predicted }) => predicted));
    return average(modes.map(({ predicted, captured }) => predicted * captured)) / total;
  });
  const least = smallest(shares);
  return {
    claim: `the leading singular vectors of an RBM's weights span the principal components with variance λ > 1, each counted with 1 − 1/λ (a share of ${SPANNED} or more, at every temperature)`,
    measured:
      compared.map(({ temperature }, k) => `T = ${short(temperature)}: ${short(shares[k])}`).join(", ") ||
      "not measured at this scale",
    verdict: decide(least >= SPANNED, least),
  };
}

/**
 * The theory is the leading order in small W, so the hottest run is the one to test it with. As v_i² = 1, a multiple of the
 * identity in W Wᵀ changes nothing, and with as many hidden units as visible ones nothing keeps it from growing until no mode
 * has to be cut off.
 */
/** How far from 1 the slope of w² against 1 − 1/λ may be. */
const SLOPE_TOLERANCE = 0.1;

function weightClaim(hot: Comparison | undefined): Claim {
  const x = hot?.modes.map(({ variance }) => 1 - 1 / variance) ?? [];
  const y = hot?.modes.map(({ along }) => along) ?? [];
  const [meanX, meanY] = [average(x), average(y)];
  const product = (a: readonly number[], meanA: number, b: readonly number[], meanB: number): number =>
    average(a.map((value, k) => (value - meanA) * (b[k] - meanB)));
  const [xx, xy, yy] = [
    product(x, meanX, x, meanX),
    product(x, meanX, y, meanY),
    product(y, meanY, y, meanY),
  ];
  const correlation = xy / Math.sqrt(xx * yy);
  const slope = xy / xx;
  return {
    claim: `at the highest temperature the weights along the principal components follow linear theory, w² = 1 − 1/λ, up to a constant that v_i² = 1 leaves free (correlation ≥ ${CORRELATED} and slope 1 within ${SLOPE_TOLERANCE}, over all modes)`,
    measured:
      hot === undefined
        ? "not measured at this scale"
        : `T = ${short(hot.temperature)}: correlation ${short(correlation)}, w² = ${short(meanY - slope * meanX)} + ${short(slope)} (1 − 1/λ) over ${x.length} modes`,
    verdict: decide(correlation >= CORRELATED && Math.abs(slope - 1) <= SLOPE_TOLERANCE, correlation, slope),
  };
}

async function draw(compared: readonly Comparison[], folder: string): Promise<void> {
  const figure = await smallMultiplesFigure({
    title: "Weights of RBMs along the principal components of their data",
    subtitle:
      "linear theory: w² = 1 − 1/λ for components of variance λ > 1; a constant in all w² would change nothing, as v² = 1",
    panels: compared.map(({ temperature, modes }) => ({
      title: `T = ${short(temperature)}`,
      xLabel: "rank of the mode",
      yLabel: "w²",
      logX: true,
      series: [
        { name: "linear theory", x: modes.map(({ mode }) => mode), y: modes.map((m) => m.predicted) },
        { name: "trained weights", x: modes.map(({ mode }) => mode), y: modes.map((m) => m.along) },
      ],
    })),
  });
  const rows = compared.flatMap(({ temperature, modes }) =>
    modes.map((m) => [temperature, m.mode, m.variance, m.predicted, m.along, m.captured]),
  );
  const columns = ["temperature", "mode", "eigenvalue", "linear_theory", "weight_along_mode", "captured"];
  writeFigure(folder, "weights-and-modes", figure, formatCsv(columns, rows));
}
