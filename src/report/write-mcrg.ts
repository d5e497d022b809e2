import type { MonteCarloRgResult, Parity, SharedFilter } from "../analysis/monte-carlo-rg/index.js";
import { formatCsv } from "../io/index.js";
import { type AnalysisFile, figureFiles } from "./analysis-folder.js";
import { type Figure, type Series, smallMultiplesFigure } from "./figures/index.js";

/** What was renormalised and what came out. */
export interface NamedMcrgResult {
  /** Where the configurations come from: a folder, a file, or lattice and coupling. */
  readonly data: string;
  readonly result: MonteCarloRgResult;
}

/** y_T and y_H of the Ising universality class in two dimensions. */
export const isingExponents: Readonly<Record<Parity, number>> = { even: 1, odd: 15 / 8 };

/** The same, and whether the exact exponents are its own. */
export interface McrgResult extends NamedMcrgResult {
  /** Known to be of the Ising model without field at K_c. */
  readonly critical: boolean;
}

/**
 * Tables and the figure of Monte-Carlo renormalization, as files: exponents.csv (every step, number of couplings and
 * eigenvalue), couplings.csv (means of all products at every level), matrices.csv (T = ∂K'/∂K), filter.csv (the weights of a
 * rule that has some, a square that --filter reads), and figures/exponents. Exact exponents stand beside critical data only.
 */
export async function mcrgFiles(
  results: readonly McrgResult[],
  filter: SharedFilter | null = null,
): Promise<readonly AnalysisFile[]> {
  const exponents = exponentsCsv(results);
  const figure = await exponentsFigure(results, exactLabel(results));
  return [
    ["exponents.csv", exponents],
    ["couplings.csv", couplingsCsv(results)],
    ["matrices.csv", matricesCsv(results)],
    ...(filter === null ? [] : [["filter.csv", filterCsv(filter)] as const]),
    ...figureFiles("exponents", figure, exponents),
  ];
}

/** How the exact exponents are named beside these results; null where they are none's. */
export function exactLabel(results: readonly McrgResult[]): string | null {
  if (!results.some(({ critical }) => critical)) return null;
  return results.every(({ critical }) => critical) ? "exact" : "exact at K_c";
}

function exponentsCsv(results: readonly McrgResult[]): string {
  const columns = ["data", "rule", "step", "from", "to", "parity", "couplings", "rank"];
  const values = ["eigenvalue", "eigenvalue_error", "exponent", "exponent_error", "exact"];
  return formatCsv(
    [...columns, ...values],
    results.flatMap(({ data, critical, result }) =>
      result.exponents.map((row) => [
        ...[data, result.rule, row.step, row.from.join("x"), row.to.join("x")],
        ...[row.parity, row.couplings, row.rank],
        ...[row.eigenvalue, row.eigenvalueError, row.exponent, row.exponentError],
        critical && row.rank === 1 ? isingExponents[row.parity] : null,
      ]),
    ),
  );
}

function couplingsCsv(results: readonly NamedMcrgResult[]): string {
  return formatCsv(
    ["data", "rule", "level", "lattice", "coupling", "parity", "products_per_site", "value", "error"],
    results.flatMap(({ data, result }) =>
      result.couplings.map(({ level, shape, coupling, parity, products, value, error }) => [
        ...[data, result.rule, level, shape.join("x"), coupling, parity, products, value, error],
      ]),
    ),
  );
}

function matricesCsv(results: readonly NamedMcrgResult[]): string {
  return formatCsv(
    ["data", "rule", "step", "parity", "row", "column", "value", "error"],
    results.flatMap(({ data, result }) =>
      result.matrices.map(({ step, parity, row, column, value, error }) => [
        ...[data, result.rule, step, parity, row, column, value, error],
      ]),
    ),
  );
}

/** The weights as they lie: a row for each x, a column for each y. */
function filterCsv({ weights }: SharedFilter): string {
  const side = Math.sqrt(weights.length);
  const axis = Array.from({ length: side }, (_, k) => k);
  return formatCsv(
    axis.map((y) => `y${y}`),
    axis.map((x) => axis.map((y) => weights[x * side + y])),
  );
}

/**
 * Leading exponents from all couplings against the step, with error bands, beside the exact ones under this label (null:
 * without them); several rules on several data have a column of panels for each of these.
 */
export function exponentsFigure(
  results: readonly NamedMcrgResult[],
  exact: string | null = "exact",
  subtitle?: string,
): Promise<Figure> {
  const [data, rules] = [results.map((each) => each.data), results.map(({ result }) => result.rule)].map(
    (names) => [...new Set(names)],
  );
  const columns = data.length > 1 && rules.length > 1 ? data : [null];
  const rows = [
    { parity: "even", title: "Temperature", yLabel: "y_T = ln λ/ln b" },
    { parity: "odd", title: "Magnetic field", yLabel: "y_H = ln λ/ln b" },
  ] as const;
  return smallMultiplesFigure({
    title: "Monte-Carlo renormalization: exponents of each step",
    ...(subtitle === undefined ? {} : { subtitle }),
    panels: rows.flatMap(({ parity, title, yLabel }) =>
      columns.map((only) => ({
        title: only === null ? title : `${title}, ${only}`,
        xLabel: "step",
        yLabel,
        series: results
          .filter((each) => only === null || each.data === only)
          .map((each) => exponentSeries(each, parity, only === null)),
        referenceLines:
          exact === null ? [] : [{ axis: "y" as const, value: isingExponents[parity], label: exact }],
      })),
    ),
    ...(columns.length > 1 ? { columns: columns.length } : {}),
  });
}

function exponentSeries({ data, result }: NamedMcrgResult, parity: Parity, withData: boolean): Series {
  const rows = leadingExponents(result, parity);
  return {
    name: withData ? `${data}, ${result.rule}` : result.rule,
    x: rows.map(({ step }) => step),
    y: rows.map(({ exponent }) => exponent),
    error: rows.map(({ exponentError }) => exponentError),
  };
}

/** The leading exponent of each step from the largest set of couplings. */
export function leadingExponents(
  { exponents }: MonteCarloRgResult,
  parity: Parity,
): MonteCarloRgResult["exponents"] {
  const rows = exponents.filter((row) => row.parity === parity && row.rank === 1);
  const most = Math.max(...rows.map(({ couplings }) => couplings));
  return rows.filter(({ couplings }) => couplings === most);
}
