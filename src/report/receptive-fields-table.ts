import { csvParts, type CsvValue, formatCsv } from "../io/index.js";
import type { LayerFields } from "./layer-fields.js";

/** The columns of receptive_fields.csv in order: name and value of unit `unit` of a layer. New ones go to the end. */
const columns: readonly (readonly [name: string, value: (layer: LayerFields, unit: number) => CsvValue])[] = [
  ["layer", ({ layer }) => layer],
  ["unit", (_, unit) => unit],
  ["center_x", ({ measures }, unit) => measures[unit].center[0]],
  ["center_y", ({ measures }, unit) => measures[unit].center[1]],
  ["radius_of_gyration", ({ measures }, unit) => measures[unit].radiusOfGyration],
  ["participation_ratio", ({ measures }, unit) => measures[unit].participationRatio],
  ["sign_coherence", ({ measures }, unit) => measures[unit].signCoherence],
  ["peak", ({ measures }, unit) => measures[unit].peak],
  ["norm", ({ measures }, unit) => measures[unit].norm],
  ["block_size", ({ blocks }, unit) => blocks[unit].size],
  ["block_overlap", ({ blocks }, unit) => blocks[unit].overlap],
  ["localized", ({ measures }, unit) => measures[unit].localized],
  ["beyond_null", ({ measures }, unit) => measures[unit].beyondNull],
  ["dead", ({ measures }, unit) => measures[unit].dead],
  ["site_overlap", ({ blocks }, unit) => blocks[unit].siteOverlap],
  ["core_window", ({ measures }, unit) => measures[unit].core.window],
  ["core_weight", ({ measures }, unit) => measures[unit].core.weight],
  ["core_radius", ({ measures }, unit) => measures[unit].core.radius],
  ["core_sign_coherence", ({ measures }, unit) => measures[unit].core.signCoherence],
  ["correlation_length", ({ measures }, unit) => measures[unit].core.correlationLength],
  ["decay", ({ measures }, unit) => measures[unit].decay.best],
  ["exponential_length", ({ measures }, unit) => measures[unit].decay.fits.exponential.length],
  ["exponential_length_error", ({ measures }, unit) => measures[unit].decay.fits.exponential.error],
  ["exponential_aic_difference", ({ measures }, unit) => measures[unit].decay.fits.exponential.aicDifference],
  ["gaussian_length", ({ measures }, unit) => measures[unit].decay.fits.gaussian.length],
  ["gaussian_length_error", ({ measures }, unit) => measures[unit].decay.fits.gaussian.error],
  ["gaussian_aic_difference", ({ measures }, unit) => measures[unit].decay.fits.gaussian.aicDifference],
  ["disc_radius", ({ measures }, unit) => measures[unit].decay.fits.disc.length],
  ["disc_radius_error", ({ measures }, unit) => measures[unit].decay.fits.disc.error],
  ["disc_aic_difference", ({ measures }, unit) => measures[unit].decay.fits.disc.aicDifference],
  ["response_participation_ratio", ({ measures }, unit) => measures[unit].response.participationRatio],
  ["response_radius_of_gyration", ({ measures }, unit) => measures[unit].response.radiusOfGyration],
  ["response_core_radius", ({ measures }, unit) => measures[unit].response.core.radius],
];

/** receptive_fields.csv: one row per layer and hidden unit; lengths in lattice sites, ratios empty for dead units. */
export function receptiveFieldsCsv(layers: readonly LayerFields[]): string {
  return formatCsv(
    columns.map(([name]) => name),
    layers.flatMap(unitRows),
  );
}

/** The same rows as objects. */
export function unitRecords(layers: readonly LayerFields[]): readonly Readonly<Record<string, CsvValue>>[] {
  return layers
    .flatMap(unitRows)
    .map((row) => Object.fromEntries(row.map((value, index) => [columns[index][0], value])));
}

function unitRows(layer: LayerFields): readonly (readonly CsvValue[])[] {
  return layer.measures.map((_, unit) => columns.map(([, value]) => value(layer, unit)));
}

/** Significant digits of a field in a mosaic and in the table behind it; the weights' own files have all. */
const FIELD_DIGITS = 6;

/** The fields of a layer as its mosaic shows them: to the digits that the table behind it has. Unit-major. */
export function drawnFields({ fields }: Pick<LayerFields, "fields">): Float64Array {
  return fields.map((value) => Number(value.toPrecision(FIELD_DIGITS)));
}

/** Drawn fields, a row per site: site, x, y, h0, h1, … — the data behind a layer's mosaic, in parts. */
export function fieldsCsvParts(
  drawn: Float64Array,
  units: number,
  shape: readonly number[],
): Iterable<string> {
  const names = Array.from({ length: units }, (_, unit) => `h${unit}`);
  return csvParts(["site", "x", "y", ...names], fieldsRows(drawn, units, shape));
}

function* fieldsRows(
  fields: Float64Array,
  units: number,
  shape: readonly number[],
): Generator<readonly CsvValue[]> {
  const sites = fields.length / units;
  for (let site = 0; site < sites; site++) {
    yield [
      site,
      shape.length === 1 ? site : Math.floor(site / shape[1]),
      shape.length === 1 ? null : site % shape[1],
      ...Array.from({ length: units }, (_, unit) => fields[unit * sites + site]),
    ];
  }
}
