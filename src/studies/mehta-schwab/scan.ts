import { formatCsv } from "../../io/index.js";
import { exactReference } from "../../ising/exact/index.js";
import { parseLattice } from "../../ising/lattice.js";
import { isingModel } from "../../ising/model.js";
import { type Figure, smallMultiplesFigure } from "../../report/figures/index.js";
import { writeFigure } from "../../report/write-figure.js";
import { short } from "../number-text.js";
import { type Claim, type StudyRun, summaryNumber } from "../study.js";
import { writeTable } from "../write-table.js";

/** Columns of tables/l1-scan.csv after the penalty: columns of summary.csv of the first layer. */
const columns = [
  "localized_fraction_1",
  "beyond_null_fraction_1",
  "dead_units_1",
  "participation_ratio_1",
  "participation_ratio_lower_1",
  "participation_ratio_upper_1",
  "core_radius_1",
  "core_radius_lower_1",
  "core_radius_upper_1",
  "block_size_1",
  "block_overlap_1",
  "reconstruction_error_1",
  "model_kl_per_spin",
  "model_kl_per_spin_error",
  "model_energy",
  "model_energy_error",
  "model_energy_reference",
  "log_likelihood_per_spin",
  "log_likelihood_per_spin_error",
] as const;

/** Units beyond the null above which the fields of a layer are called local. */
const LOCAL_SHARE = 0.9;

/** Errors above which a difference is one. */
const Z_LIMIT = 4;

/** The L1 scan: from extended fields to blocks, and what that costs in likelihood. */
export async function concludeScan(runs: readonly StudyRun[], folder: string): Promise<readonly Claim[]> {
  if (runs.length === 0) return [];
  const entropy = entropyPerSpin(runs[0]);
  const points = runs.map((run) => scanPoint(run, entropy)).sort((a, b) => a.l1 - b.l1);
  const rows = points.map(({ l1, values }) => [l1, ...columns.map((name) => values[name])]);
  writeTable(folder, "l1-scan", ["l1", ...columns], rows);
  const figure = await scanFigure(points, runs[0].config.hidden[0]);
  writeFigure(folder, "l1-scan", figure, formatCsv(["l1", ...columns], rows));
  return judge(points);
}

type Column = (typeof columns)[number];

/** One penalty of the scan. */
export interface ScanPoint {
  readonly l1: number;
  /** NaN where the run has none. */
  readonly values: Readonly<Record<Column, number>>;
}

/** The log-likelihood per spin is −(S + KL)/n, S the entropy of the Ising model. */
function scanPoint(run: StudyRun, entropy: number): ScanPoint {
  const known = Object.fromEntries(columns.map((name) => [name, summaryNumber(run, name)]));
  return {
    l1: run.config.training.penalty.l1,
    values: {
      ...(known as Record<Column, number>),
      log_likelihood_per_spin: -entropy - known["model_kl_per_spin"],
      log_likelihood_per_spin_error: known["model_kl_per_spin_error"],
    },
  };
}

/** S/n = (ln Z + ⟨H⟩)/n of the model the run was trained on, exact, in nats; NaN where it is not known. */
function entropyPerSpin(run: StudyRun): number {
  const lattice = parseLattice(run.summary["lattice"]);
  const coupling = summaryNumber(run, "coupling");
  const { logPartition, energyPerSite } = exactReference(isingModel(lattice, coupling));
  return (logPartition ?? NaN) / lattice.sites + coupling * (energyPerSite ?? NaN);
}

/** The figure of the scan from its points, those of l1-scan.csv. */
function scanFigure(points: readonly ScanPoint[], units: number): Promise<Figure> {
  const x = points.map(({ l1 }) => l1);
  const valuesOf = (name: Column): readonly number[] => points.map(({ values }) => values[name]);
  const panel = (title: string, yLabel: string, names: Readonly<Record<string, Column>>, logY = false) => ({
    title,
    xLabel: "L1 penalty (per unit of weight, ±1 units)",
    yLabel,
    logY,
    series: Object.entries(names)
      .map(([name, column]) => {
        const error = columns.find((other) => other === `${column}_error`);
        return { name, x, y: valuesOf(column), ...(error === undefined ? {} : { error: valuesOf(error) }) };
      })
      .filter(({ y }) => y.some(Number.isFinite)),
  });
  const panels = [
    panel("Local fields", "share of units", {
      "smaller than chance": "beyond_null_fraction_1",
      "PR < 30, core < 4 sites": "localized_fraction_1",
    }),
    panel("Size", "participation ratio (sites)", { "median PR": "participation_ratio_1" }, true),
    panel("Reconstruction", "mean (v − ⟨v|h⟩)² per spin", {
      "reconstruction error": "reconstruction_error_1",
    }),
    panel("Divergence", "KL per spin (nats)", { KL: "model_kl_per_spin" }, true),
    panel("Energy", "E/N", {
      "samples of the model": "model_energy",
      "Ising, exact": "model_energy_reference",
    }),
    panel("Likelihood", "log-likelihood per spin (nats)", { "log-likelihood": "log_likelihood_per_spin" }),
  ].filter(({ series }) => series.length > 0);
  return smallMultiplesFigure({
    title: "From extended fields to blocks: the L1 scan",
    subtitle: `first layer, ${units} units`,
    panels,
  });
}

function judge(points: readonly ScanPoint[]): readonly Claim[] {
  const [none] = points;
  const listed = (name: Column, scale = 1): string =>
    points.map(({ l1, values }) => `L1 ${short(l1)}: ${short(scale * values[name])}`).join(", ");
  const share = ({ values }: ScanPoint): number => values.beyond_null_fraction_1;
  const turned = points.find((point) => point.l1 > 0 && share(point) >= LOCAL_SHARE);
  const lowest = least(points, "reconstruction_error_1");
  const nearest = least(points, "model_kl_per_spin");
  return [
    {
      claim: "an L1 penalty turns extended fields into local blocks",
      measured: `units smaller than chance allows, %: ${listed("beyond_null_fraction_1", 100)}; median PR in sites: ${listed("participation_ratio_1")}`,
      verdict: turned === undefined ? "no" : share(none) < LOCAL_SHARE ? "yes" : "undecided",
    },
    {
      claim: "the reconstruction error is lower with the penalty than without",
      measured: listed("reconstruction_error_1"),
      verdict: lowest === null ? "undecided" : lowest.l1 > 0 ? "yes" : "no",
    },
    {
      claim: "the model with the penalty is nearer to the data (KL per spin) than without",
      measured: `${listed("model_kl_per_spin")} nats; energy of the model: ${listed("model_energy")}, exact ${short(none.values.model_energy_reference)}`,
      verdict:
        nearest === null
          ? "undecided"
          : nearest.l1 === 0
            ? "no"
            : isNearer(nearest, none)
              ? "yes"
              : "undecided",
    },
  ];
}

/** Whether the KL of one point is less than that of another by more than their errors. */
function isNearer({ values: a }: ScanPoint, { values: b }: ScanPoint): boolean {
  const errors = [a.model_kl_per_spin_error, b.model_kl_per_spin_error].map((x) => (Number.isNaN(x) ? 0 : x));
  const error = Math.sqrt(errors[0] * errors[0] + errors[1] * errors[1]);
  return b.model_kl_per_spin - a.model_kl_per_spin > Z_LIMIT * error;
}

/** The point with the least value; null where not all of them have one. */
function least(points: readonly ScanPoint[], name: Column): ScanPoint | null {
  if (points.some(({ values }) => !Number.isFinite(values[name]))) return null;
  return points.reduce((best, point) => (point.values[name] < best.values[name] ? point : best));
}
