import type { BlockOverlap } from "../analysis/block-majority.js";
import { type CsvValue, formatCsv } from "../io/index.js";
import { deriveKey, seedKey } from "../random/index.js";
import { bootstrapInterval, median } from "../statistics/index.js";
import type { LayerFields, UnitFields } from "./layer-fields.js";

/** One row by column names, in order. */
export type TableRow = readonly (readonly [column: string, value: CsvValue])[];

/** The intervals of one table are the same whenever it is written. */
const BOOTSTRAP_KEY = seedKey("layer medians");

/** Measures whose median over the units that are not dead is given with its 95 % bootstrap interval. */
const medians: readonly (readonly [name: string, value: (unit: UnitFields) => number])[] = [
  ["participation_ratio", ({ participationRatio }) => participationRatio],
  ["radius_of_gyration", ({ radiusOfGyration }) => radiusOfGyration],
  ["core_radius", ({ core }) => core.radius],
  ["correlation_length", ({ core }) => core.correlationLength],
  ["exponential_length", ({ decay }) => decay.fits.exponential.length],
  ["gaussian_length", ({ decay }) => decay.fits.gaussian.length],
  ["disc_radius", ({ decay }) => decay.fits.disc.length],
  ["response_participation_ratio", ({ response }) => response.participationRatio],
  ["response_core_radius", ({ response }) => response.core.radius],
];

/** What a layer as a whole looks like: one row per layer. */
export function layerRow(layer: LayerFields): TableRow {
  const { measures, blocks, none, tiling, units } = layer;
  const alive = measures.filter(({ dead }) => !dead);
  const blockMedian = (value: (block: BlockOverlap) => number): number | null => {
    const values = blocks.filter((_, unit) => !measures[unit].dead).map(value);
    const known = values.filter((each) => !Number.isNaN(each));
    return known.length === 0 ? null : median(known);
  };
  const share = (keep: (unit: UnitFields) => boolean): number => measures.filter(keep).length / units;
  const decays = (["exponential", "gaussian", "disc"] as const).map(
    (name) => [`best_${name}_fraction`, share(({ decay }) => decay.best === name)] as const,
  );
  return [
    ["layer", layer.layer],
    ["units", units],
    ["dead_units", units - alive.length],
    ["localized_fraction", share(({ localized }) => localized)],
    ["beyond_null_fraction", share(({ beyondNull }) => beyondNull)],
    ["null_participation_ratio_lower", none.participationRatio.lower],
    ["null_participation_ratio_upper", none.participationRatio.upper],
    ["null_radius_lower", none.radiusOfGyration.lower],
    ["null_radius_upper", none.radiusOfGyration.upper],
    ["shuffled_radius_lower", none.shuffledRadius.lower],
    ["shuffled_radius_upper", none.shuffledRadius.upper],
    ...medians.flatMap(([name, value], index) => medianColumns(name, alive.map(value), layer.layer, index)),
    ...decays,
    ["coverage", tiling.coverage.value],
    ["coverage_random", tiling.coverage.random],
    ["coverage_perfect", tiling.coverage.perfect],
    ["nearest_center", tiling.nearestCenter.value],
    ["nearest_center_random", tiling.nearestCenter.random],
    ["nearest_center_random_error", tiling.nearestCenterError],
    ["nearest_center_perfect", tiling.nearestCenter.perfect],
    ["median_block_size", blockMedian(({ size }) => size)],
    ["median_block_overlap", blockMedian(({ overlap }) => overlap)],
    ["median_site_overlap", blockMedian(({ siteOverlap }) => siteOverlap)],
  ];
}

function medianColumns(name: string, all: readonly number[], layer: number, index: number): TableRow {
  const values = all.filter((value) => !Number.isNaN(value));
  const key = deriveKey(BOOTSTRAP_KEY, "bootstrap", layer, index);
  const interval = values.length < 2 ? null : bootstrapInterval(values, median, { key, resamples: 400 });
  return [
    [`median_${name}`, values.length === 0 ? null : median(values)],
    [`median_${name}_lower`, interval?.lower],
    [`median_${name}_upper`, interval?.upper],
  ];
}

/** A row per layer. */
export function layersCsv(layers: readonly LayerFields[]): string {
  const rows = layers.map(layerRow);
  return formatCsv(
    rows[0].map(([name]) => name),
    rows.map((row) => row.map(([, value]) => value)),
  );
}

const correlationColumns = [
  "layer",
  "distance",
  "pairs",
  "correlation",
  "standard_error",
  "spin_correlation",
] as const;

/** Correlation between the hidden units against the distance of their centres, in sites: a row per layer and bin with pairs. */
export function correlationsCsv(layers: readonly LayerFields[]): string {
  return formatCsv(correlationColumns, layers.flatMap(correlationRows));
}

/** The same rows as objects. */
export function correlationRecords(
  layers: readonly LayerFields[],
): readonly Readonly<Record<string, CsvValue>>[] {
  return layers
    .flatMap(correlationRows)
    .map((row) => Object.fromEntries(row.map((value, index) => [correlationColumns[index], value])));
}

function correlationRows({ layer, correlations }: LayerFields): readonly (readonly CsvValue[])[] {
  return correlations
    .filter(({ pairs }) => pairs > 0)
    .map(({ distance, pairs, correlation, error, spins }) => [
      layer,
      distance,
      pairs,
      correlation,
      error,
      spins,
    ]);
}
