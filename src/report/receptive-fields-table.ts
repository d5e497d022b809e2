import { csvParts, type CsvValue, formatCsv } from "../io/index.js";
import type { LayerFields } from "./layer-fields.js";

const columns = [
  "layer",
  "unit",
  "center_x",
  "center_y",
  "radius_of_gyration",
  "participation_ratio",
  "sign_coherence",
  "peak",
  "norm",
  "block_size",
  "block_overlap",
  "localized",
] as const;

/** receptive_fields.csv: one row per layer and hidden unit; lengths in lattice sites, ratios empty for dead units. */
export function receptiveFieldsCsv(layers: readonly LayerFields[]): string {
  const rows = layers.flatMap(({ layer, measures, blocks }) =>
    measures.map((field, unit) => [
      layer,
      unit,
      field.center[0],
      field.center[1],
      field.radiusOfGyration,
      field.participationRatio,
      field.signCoherence,
      field.peak,
      field.norm,
      blocks[unit].size,
      blocks[unit].overlap,
      field.localized,
    ]),
  );
  return formatCsv(columns, rows);
}

/** The fields themselves, a row per site: site, x, y, h0, h1, … — the data behind a layer's mosaic, in parts. */
export function fieldsCsvParts(layer: LayerFields, shape: readonly number[]): Iterable<string> {
  const units = Array.from({ length: layer.units }, (_, unit) => `h${unit}`);
  return csvParts(["site", "x", "y", ...units], fieldsRows(layer, shape));
}

function* fieldsRows(
  { fields, units }: LayerFields,
  shape: readonly number[],
): Generator<readonly CsvValue[]> {
  const sites = fields.length / units;
  for (let site = 0; site < sites; site++) {
    yield [
      site,
      shape.length === 1 ? site : Math.floor(site / shape[1]),
      shape.length === 1 ? null : site % shape[1],
      ...Array.from({ length: units }, (_, unit) => Number(fields[unit * sites + site].toPrecision(6))),
    ];
  }
}
