import { fieldStrength, type FieldStrength } from "../analysis/field-strength.js";
import { hiddenMeans } from "../analysis/hidden-means.js";
import { receptiveFields } from "../analysis/weight-product.js";
import { type CsvValue, formatCsv } from "../io/index.js";
import { type BitMatrix, type Kernels, type LayerArrays, rowRange } from "../kernels/index.js";
import { AVERAGED_ROWS, isDead, meanDeviations } from "./layer-fields.js";

/** One hidden unit of data without a lattice. */
export interface UnplacedUnit extends FieldStrength {
  /** ⟨h⟩ hardly varies over the configurations, or all weights are zero. */
  readonly dead: boolean;
}

/** What can be said of the receptive fields of a layer where the visible units have no place. */
export interface UnplacedFields {
  readonly layer: number;
  readonly measures: readonly UnplacedUnit[];
}

/** Measure the fields of every layer of a stack, by weight product; `rows` are configurations of the visible units. */
export function measureUnplacedFields(
  layers: readonly LayerArrays[],
  rows: BitMatrix,
  kernels: Kernels,
): readonly UnplacedFields[] {
  const visible = rowRange(rows, 0, Math.min(rows.rows, AVERAGED_ROWS));
  const means = hiddenMeans(layers, visible, kernels);
  return receptiveFields(layers).map((fields, index) => {
    const { hidden } = layers[index];
    const deviations = meanDeviations(means[index], hidden);
    const sites = fields.length / hidden;
    const measures = Array.from({ length: hidden }, (_, unit) => {
      const strength = fieldStrength(fields.subarray(unit * sites, (unit + 1) * sites));
      return { ...strength, dead: isDead(strength.norm, deviations[unit]) };
    });
    return { layer: index + 1, measures };
  });
}

const columns: readonly (readonly [name: string, value: (unit: UnplacedUnit) => CsvValue])[] = [
  ["participation_ratio", ({ participationRatio }) => participationRatio],
  ["sign_coherence", ({ signCoherence }) => signCoherence],
  ["peak", ({ peak }) => peak],
  ["norm", ({ norm }) => norm],
  ["dead", ({ dead }) => dead],
];

/** receptive_fields.csv of data without a lattice: one row per layer and hidden unit; ratios empty for fields of zeros. */
export function unplacedFieldsCsv(layers: readonly UnplacedFields[]): string {
  return formatCsv(
    ["layer", "unit", ...columns.map(([name]) => name)],
    layers.flatMap(({ layer, measures }) =>
      measures.map((unit, index) => [layer, index, ...columns.map(([, value]) => value(unit))]),
    ),
  );
}
