import { type WeightControlName, weightControls } from "../../analysis/controls/index.js";
import { latticeGeometry } from "../../analysis/lattice-geometry.js";
import { isBeyondNull } from "../../analysis/random-fields.js";
import { measureReceptiveFields, type ReceptiveField } from "../../analysis/receptive-field.js";
import { receptiveFields } from "../../analysis/weight-product.js";
import { type CsvValue, formatCsv } from "../../io/index.js";
import type { LayerArrays } from "../../kernels/index.js";
import { deriveKey, RandomStream, type SeedKey } from "../../random/index.js";
import { bootstrapInterval, median, quantile } from "../../statistics/index.js";
import type { LayerFields } from "../layer-fields.js";

/** Columns of fields-controls.csv: the fields of every layer as trained, and as the controls of the weights make them. */
const columns = [
  "weights",
  "layer",
  "units",
  "beyond_null_fraction",
  "median_participation_ratio",
  "median_participation_ratio_lower",
  "median_participation_ratio_upper",
  "median_core_radius",
  "median_core_radius_lower",
  "median_core_radius_upper",
  "median_radius_of_gyration",
  "growth",
  "growth_lower",
  "growth_upper",
] as const;

/** Resamples behind each interval. */
const RESAMPLES = 400;

/** What the controls are applied to. */
export interface ControlledStack {
  readonly layers: readonly LayerArrays[];
  readonly measured: readonly LayerFields[];
  readonly shape: readonly number[];
  readonly initialDeviation: number;
  readonly key: SeedKey;
}

/** fields-controls.csv of a stack: a row per layer of the trained weights, and per layer of each control of them. */
export function fieldControlsCsv(stack: ControlledStack): string {
  const { measured, key } = stack;
  const trained = measured.map(({ measures }) => measures);
  const names = Object.keys(weightControls) as WeightControlName[];
  const rows = [
    ...layerRows("trained", trained, stack, deriveKey(key, "bootstrap")),
    ...names.flatMap((name, index) =>
      layerRows(name, controlledFields(name, index, stack), stack, deriveKey(key, "bootstrap", index + 1)),
    ),
  ];
  return formatCsv(columns, rows);
}

function controlledFields(
  name: WeightControlName,
  index: number,
  { layers, shape, initialDeviation, key }: ControlledStack,
): readonly (readonly ReceptiveField[])[] {
  const controlKey = deriveKey(key, "control", index);
  const controlled = weightControls[name].transform(layers, shape, initialDeviation, controlKey);
  const geometry = latticeGeometry(shape);
  return receptiveFields(controlled).map((fields) => measureReceptiveFields(fields, geometry));
}

function layerRows(
  weights: string,
  fields: readonly (readonly ReceptiveField[])[],
  { measured }: ControlledStack,
  key: SeedKey,
): readonly (readonly CsvValue[])[] {
  const radii = fields.map((own) => finite(own.map(({ core }) => core.radius)));
  return fields.map((own, index) => {
    const ratios = finite(own.map(({ participationRatio }) => participationRatio));
    const beyond = own.filter((field) => isBeyondNull(field, measured[index].none)).length;
    return [
      weights,
      index + 1,
      own.length,
      beyond / own.length,
      ...medianWithInterval(ratios, deriveKey(key, "bootstrap", index, 0)),
      ...medianWithInterval(radii[index], deriveKey(key, "bootstrap", index, 1)),
      medianWithInterval(finite(own.map(({ radiusOfGyration }) => radiusOfGyration)), null)[0],
      ...(index === 0
        ? [null, null, null]
        : growth(radii[index - 1], radii[index], deriveKey(key, "bootstrap", index, 2))),
    ];
  });
}

function medianWithInterval(values: readonly number[], key: SeedKey | null): readonly CsvValue[] {
  if (values.length === 0) return [null, null, null];
  if (values.length < 2 || key === null) return [median(values), null, null];
  const { lower, upper } = bootstrapInterval(values, median, { key, resamples: RESAMPLES });
  return [median(values), lower, upper];
}

/**
 * The median of `upper` over that of `lower`, with the 95 % interval of resampling the units of both layers; three empty
 * fields where one has no units.
 */
export function growth(
  lower: readonly number[],
  upper: readonly number[],
  key: SeedKey,
): readonly (number | null)[] {
  if (lower.length === 0 || upper.length === 0) return [null, null, null];
  const ratios = Array.from({ length: RESAMPLES }, (_, resample) => {
    const stream = new RandomStream(deriveKey(key, "bootstrap", resample));
    const drawn = (values: readonly number[]): number =>
      median(values.map(() => values[stream.nextInteger(values.length)]));
    const below = drawn(lower);
    return drawn(upper) / below;
  });
  return [median(upper) / median(lower), quantile(ratios, 0.025), quantile(ratios, 0.975)];
}

function finite(values: readonly number[]): readonly number[] {
  return values.filter((value) => Number.isFinite(value));
}
