import { type PcaAnalysis, preferredExponent } from "../../analysis/pca/analysis.js";
import { reducedFixedPoint } from "../../analysis/pca/coupling-flow.js";
import type { FourierSpectrum } from "../../analysis/pca/fourier-spectrum.js";
import type { ModeComparison } from "../../analysis/pca/linear-theory.js";
import type { SpectralExponent } from "../../analysis/pca/spectral-exponent.js";
import { csvParts, type CsvValue, formatCsv } from "../../io/index.js";
import type { Summary } from "../summary-table.js";

/** Principal components written out in full. */
export const MODES_WRITTEN = 16;

/** spectrum.csv: one row per principal component, with its share of the variance and the noise band. */
export function spectrumCsv({ eigen, noise }: PcaAnalysis): string {
  const total = eigen.values.reduce((sum, value) => sum + value, 0);
  return formatCsv(
    ["mode", "eigenvalue", "variance_share", "noise_lower", "noise_upper"],
    Array.from(eigen.values, (value, k) => [k + 1, value, value / total, noise.lower, noise.upper]),
  );
}

/** modes.csv: a row per unit, a column per leading principal component. */
export function modesCsv({ eigen, units }: PcaAnalysis): string {
  const shown = Math.min(MODES_WRITTEN, eigen.size);
  const names = Array.from({ length: shown }, (_, k) => `mode_${k + 1}`);
  return formatCsv(
    ["column", "mean", ...names],
    Array.from(units.columns, (column, i) => [
      column,
      units.means[i],
      ...names.map((_, k) => eigen.vectors[k * eigen.size + i]),
    ]),
  );
}

/** fourier.csv: S(k) of every momentum of the lattice. */
export function fourierCsv({ shape, waves, magnitudes, structure }: FourierSpectrum): Iterable<string> {
  const names = shape.length === 1 ? ["n"] : ["n_x", "n_y"];
  const rows = function* (): Generator<readonly CsvValue[]> {
    for (let mode = 0; mode < structure.length; mode++) {
      yield [...waves.map((n) => n[mode]), magnitudes[mode], structure[mode]];
    }
  };
  return csvParts([...names, "k_hat", "structure"], rows());
}

/** fourth-moments.csv: the normalised fourth moments against the modes kept. */
export function fourthMomentsCsv({ momentFlow }: PcaAnalysis): string {
  return formatCsv(
    [
      "kept",
      "modes",
      "fraction",
      "median",
      "lower_quartile",
      "upper_quartile",
      "standard_error",
      "interval_lower",
      "interval_upper",
      "independent",
      "gaussian",
    ],
    momentFlow.map((rung) => [
      rung.end,
      rung.modes,
      rung.fraction,
      rung.median,
      rung.lowerQuartile,
      rung.upperQuartile,
      rung.standardError,
      ...rung.interval,
      rung.independent,
      3,
    ]),
  );
}

/** coupling-flow.csv: g and g̃ measured, and by the recursion. */
export function couplingFlowCsv({ couplingFlow }: PcaAnalysis): string {
  return formatCsv(
    [
      "modes",
      "fraction",
      "quartic_coupling",
      "quartic_coupling_error",
      "recursion",
      "reduced_coupling",
      "reduced_recursion",
      "loop_size",
    ],
    couplingFlow.map((rung) => [
      rung.modes,
      rung.fraction,
      rung.coupling,
      rung.standardError,
      rung.recursion,
      rung.reduced,
      rung.recursionReduced,
      rung.loopSize,
    ]),
  );
}

/** rbm-modes.csv: principal components beside the singular vectors of the weights. */
export function comparisonCsv(modes: readonly ModeComparison[]): string {
  return formatCsv(
    [
      "mode",
      "eigenvalue",
      "linear_theory",
      "weight_along_mode",
      "singular_value_squared",
      "overlap",
      "captured",
    ],
    modes.map((row) => [
      row.mode + 1,
      row.variance,
      row.predicted,
      row.along,
      row.singular,
      row.overlap,
      row.captured,
    ]),
  );
}

/** pca.csv: the figures of one analysis in one row. */
export function pcaSummary(analysis: PcaAnalysis): Summary {
  const { units, eigen, noise, rankExponent, fourierExponent, couplingFlow, moments } = analysis;
  const kept = analysis.momentFlow.filter(({ end }) => end === "largest");
  const [last, all] = [kept[0], kept[kept.length - 1]];
  const { alpha } = preferredExponent(analysis);
  const total = eigen.values.reduce((sum, value) => sum + value, 0);
  return [
    ["observations", units.samples],
    ["unit_count", units.count],
    ["constant_columns", units.constant.join(";")],
    ["moment_rows", moments.groupRows.reduce((sum, rows) => sum + rows, 0)],
    ["noise_upper", noise.upper],
    ["modes_above_noise", eigen.values.filter((value) => value > noise.upper).length],
    ["leading_share", eigen.values[0] / total],
    ...exponentColumns("rank", rankExponent),
    ...(fourierExponent === null ? [] : exponentColumns("momentum", fourierExponent)),
    ["alpha", alpha],
    ["fixed_point", reducedFixedPoint(alpha)],
    ["fourth_moment_all_modes", all.median],
    ["fourth_moment_one_mode", last.median],
    ["fourth_moment_one_mode_error", last.standardError],
    ["quartic_coupling", couplingFlow[couplingFlow.length - 1].coupling],
    ["reduced_coupling_one_mode", couplingFlow[0].reduced],
    ["loop_size_one_mode", couplingFlow[0].loopSize],
    ["verdict", analysis.verdict.kind],
    ["reason", analysis.verdict.reason],
  ];
}

function exponentColumns(name: string, exponent: SpectralExponent): Summary {
  return [
    [`inverse_alpha_${name}`, exponent.inverseAlpha],
    [`inverse_alpha_${name}_error`, exponent.standardError],
    [`inverse_alpha_${name}_lower`, exponent.interval[0]],
    [`inverse_alpha_${name}_upper`, exponent.interval[1]],
    [`${name}_fitted_from`, exponent.points === 0 ? null : exponent.range[0]],
    [`${name}_fitted_to`, exponent.points === 0 ? null : exponent.range[1]],
    [`${name}_straight`, exponent.straight],
  ];
}
