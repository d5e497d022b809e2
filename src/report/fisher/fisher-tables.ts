import type { FisherSpectrum } from "../../analysis/fisher/analysis.js";
import type { FisherKind } from "../../analysis/fisher/states.js";
import type { StiffDirection } from "../../analysis/fisher/stiff-directions.js";
import { type CsvValue, formatCsv } from "../../io/index.js";
import type { Summary } from "../summary-table.js";

/** One layer of a run and its Fisher matrices. */
export interface LayerFisher {
  readonly run: string;
  readonly layer: number;
  readonly visible: number;
  readonly hidden: number;
  readonly epochs: number;
  /** T of the data, Infinity at K = 0; null if unknown. */
  readonly temperature: number | null;
  /** The lattice that the visible units are sites of, or null. */
  readonly shape: readonly number[] | null;
  readonly spectra: Readonly<Record<FisherKind, FisherSpectrum>>;
}

const kinds: readonly FisherKind[] = ["marginal", "joint"];

/** Both spectra of a layer, the marginal first. */
export function spectraOf({ spectra }: LayerFisher): readonly FisherSpectrum[] {
  return kinds.map((kind) => spectra[kind]);
}

/** fisher.csv: one row per run and distribution. */
export function fisherSummary(layer: LayerFisher, spectrum: FisherSpectrum): Summary {
  const { dimension, halvedDimension, verdict, eigenvalues } = spectrum;
  const { temperature } = layer;
  return [
    ["run", layer.run],
    ["layer", layer.layer],
    ["visible", layer.visible],
    ["hidden", layer.hidden],
    ["epochs", layer.epochs],
    ["temperature", temperature === Infinity ? "inf" : temperature],
    ["distribution", spectrum.kind],
    ["method", spectrum.exact ? "enumeration" : "samples"],
    ["states", spectrum.samples],
    ["parameters", spectrum.parameters],
    ["trace", dimension.trace],
    ["largest_eigenvalue", eigenvalues[0]],
    ["effective_dimension", dimension.plugIn],
    ["effective_dimension_unbiased", dimension.unbiased],
    ["effective_dimension_half", halvedDimension?.plugIn],
    ["effective_dimension_unbiased_half", halvedDimension?.unbiased],
    ["resolved", verdict.resolved],
    ["decades", verdict.decades],
    ["distance_from_uniform", verdict.distance],
    ["verdict", verdict.kind],
    ["reason", verdict.reason],
  ];
}

export function fisherSummaryCsv(layers: readonly LayerFisher[]): string {
  const rows = layers.flatMap((layer) => spectraOf(layer).map((spectrum) => fisherSummary(layer, spectrum)));
  return formatCsv(
    rows[0].map(([column]) => column),
    rows.map((row) => row.map(([, value]) => value)),
  );
}

/** spectra.csv: one row per eigenvalue, with that of half of the samples. */
export function spectraCsv(layers: readonly LayerFisher[]): string {
  const rows = layers.flatMap((layer) =>
    spectraOf(layer).flatMap(({ kind, eigenvalues, halved }) =>
      Array.from(eigenvalues, (value, k): readonly CsvValue[] => [
        layer.run,
        kind,
        k + 1,
        value,
        halved?.[k] ?? null,
      ]),
    ),
  );
  return formatCsv(["run", "distribution", "rank", "eigenvalue", "eigenvalue_half"], rows);
}

/** directions: a row per visible unit: the visible pattern and the part in the visible bias of each stiff direction. */
export function directionsCsv(directions: readonly StiffDirection[], visible: number): string {
  const names = directions.flatMap((_, k) => [`pattern_${k + 1}`, `bias_${k + 1}`]);
  return formatCsv(
    ["site", ...names],
    Array.from({ length: visible }, (_, i) => [
      i,
      ...directions.flatMap(({ visiblePattern, visibleBias }) => [visiblePattern[i], visibleBias[i]]),
    ]),
  );
}
