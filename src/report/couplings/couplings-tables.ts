import type { ExpandedClass } from "../../analysis/couplings/index.js";
import { type CsvValue, formatCsv } from "../../io/index.js";
import type { CouplingRow, Side, SideCouplings } from "./measure-couplings.js";
import type { VennRow } from "./venn-rows.js";

/** Both sides of a layer, the visible one first. */
export type LayerCouplings = Readonly<Record<Side, SideCouplings>>;

/** Pairs written one by one. */
const PAIRS_WRITTEN = 1000;

export function couplingRows({ visible, hidden }: LayerCouplings): readonly CouplingRow[] {
  return [...visible.rows, ...hidden.rows];
}

/** NaN as an empty field. */
function known(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}

/** What is said of a coupling that a fit does not know. */
export const UNDETERMINED = "not determined";

/** effective-hamiltonian.csv: a row per side, method and class of products. */
export function hamiltonianCsv(rows: readonly CouplingRow[]): string {
  return formatCsv(
    [
      ...["side", "method", "term", "order", "distance", "products", "coupling", "error", "deviation"],
      ...["largest", "remark"],
    ],
    rows.map((row) => [
      ...[row.side, row.method, row.name, row.order, known(row.distance), row.sets],
      ...[row.coupling, known(row.error), row.deviation, row.largest, row.determined ? null : UNDETERMINED],
    ]),
  );
}

/** strongest-pairs.csv: the pairs of largest |J| of either side, by the expansion. */
export function strongestPairsCsv({ visible, hidden }: LayerCouplings): string {
  return formatCsv(
    ["side", "first", "second", "distance", "coupling", "error"],
    [visible, hidden].flatMap(({ side, expanded }) =>
      strongest(expanded).map((pair): readonly CsvValue[] => [side, ...pair]),
    ),
  );
}

function strongest(expanded: readonly ExpandedClass[]): readonly (readonly CsvValue[])[] {
  const pairs = expanded
    .filter(({ of }) => of.order === 2)
    .flatMap(({ of, values, errors }) =>
      Array.from(values, (value, set) => ({
        size: Math.abs(value),
        row: [of.members[2 * set], of.members[2 * set + 1], known(of.distance), value, errors[set]],
      })),
    );
  return pairs
    .sort((a, b) => b.size - a.size)
    .slice(0, PAIRS_WRITTEN)
    .map(({ row }) => row);
}

/** venn-diagram.csv: a row per transformation. */
export function vennCsv(rows: readonly VennRow[]): string {
  return formatCsv(
    [
      ...[
        "transformation",
        "lattice",
        "hidden",
        "rbm_fit",
        "variational_rg",
        "exact_rg",
        "good",
        "independent",
      ],
      ...["divergence", "free_energy_gap", "mean_d", "mean_d_error", "variance_d", "minimum_d", "maximum_d"],
      ...["log_mean_exp_d", "information", "near_share", "divergence_error", "overfitting", "localized"],
    ],
    rows.map((row) => [
      ...[row.transformation, row.lattice, row.hidden],
      ...[row.rbmFit, row.variationalRg, row.exactRg, row.good, row.independent].map(answer),
      ...[row.divergence, row.gap],
      ...traceFields(row),
      ...[row.information, row.nearShare, row.divergenceError, row.overfitting, row.localized],
    ]),
  );
}

function traceFields({ trace }: VennRow): readonly CsvValue[] {
  if (trace === null) return Array.from({ length: 6 }, () => null);
  const { mean, meanError, variance, minimum, maximum, logMeanExponential } = trace;
  return [mean, known(meanError), variance, minimum, maximum, logMeanExponential];
}

/** A membership in words; empty where it is not known. */
export function answer(value: boolean | null): string | null {
  if (value === null) return null;
  return value ? "yes" : "no";
}
