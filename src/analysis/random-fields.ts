import { deriveKey, fillStandardNormal, type SeedKey } from "../random/index.js";
import { quantile } from "../statistics/index.js";
import { shuffledFields } from "./controls/pixel-shuffled.js";
import type { LatticeGeometry } from "./lattice-geometry.js";
import { measureReceptiveFields, type ReceptiveField } from "./receptive-field.js";
import { composeFields } from "./weight-product.js";

/** A central 95 % interval. */
export interface Interval {
  readonly lower: number;
  readonly upper: number;
}

/** What fields of a layer measure that have no structure in space. */
export interface FieldNull {
  /** Participation ratio of untrained fields, in sites. */
  readonly participationRatio: Interval;
  /** Radius of gyration of untrained fields, in sites. */
  readonly radiusOfGyration: Interval;
  /** Radius of gyration of the layer's own fields, the weights of each put on the sites in random order. */
  readonly shuffledRadius: Interval;
}

/** Random fields an interval rests on; its ends are then known to 0.13 standard deviations. */
const DRAWS = 400;

/**
 * The null intervals of every layer of a stack. `fields` are those of the trained layers, unit-major on the lattice.
 * Untrained fields have independent normal weights, and above the first layer are weight products of such layers, of as many
 * units as the trained ones.
 */
export function fieldNulls(
  fields: readonly Float64Array[],
  geometry: LatticeGeometry,
  key: SeedKey,
): readonly FieldNull[] {
  const { sites } = geometry;
  let below: Float64Array | null = null;
  return fields.map((own, layer) => {
    const draw = (units: number, index: number): Float64Array =>
      untrainedFields(below, units, sites, deriveKey(key, "initialWeights", layer, index));
    const untrained = measureReceptiveFields(draw(DRAWS, 0), geometry);
    const shuffled = shuffledCopies(own, geometry, deriveKey(key, "analysis", layer));
    if (layer + 1 < fields.length) below = draw(own.length / sites, 1);
    return {
      participationRatio: interval(untrained.map(({ participationRatio }) => participationRatio)),
      radiusOfGyration: interval(untrained.map(({ radiusOfGyration }) => radiusOfGyration)),
      shuffledRadius: interval(shuffled.map(({ radiusOfGyration }) => radiusOfGyration)),
    };
  });
}

/**
 * Whether a field is smaller than chance allows: fewer sites than 97.5 % of untrained fields, and a radius below that of
 * 97.5 % of them and of the layer's shuffled fields. The last counts where the penalty has left few weights: a handful on
 * random sites is few sites, too, but no block. False for a dead unit.
 */
export function isBeyondNull(field: ReceptiveField, none: FieldNull): boolean {
  return (
    field.participationRatio < none.participationRatio.lower &&
    field.radiusOfGyration < none.radiusOfGyration.lower &&
    field.radiusOfGyration < none.shuffledRadius.lower
  );
}

function untrainedFields(
  below: Float64Array | null,
  units: number,
  sites: number,
  key: SeedKey,
): Float64Array {
  const visible = below === null ? sites : below.length / sites;
  const weights = new Float64Array(visible * units);
  fillStandardNormal(key, weights);
  return below === null ? weights : composeFields(below, { visible, hidden: units, weights });
}

/** The layer's fields, all of them shuffled as often as it takes to have `DRAWS`. */
function shuffledCopies(
  fields: Float64Array,
  geometry: LatticeGeometry,
  key: SeedKey,
): readonly ReceptiveField[] {
  const units = fields.length / geometry.sites;
  return Array.from({ length: Math.ceil(DRAWS / units) }, (_, copy) =>
    measureReceptiveFields(
      shuffledFields(fields, geometry.sites, deriveKey(key, "analysis", copy)),
      geometry,
    ),
  ).flat();
}

/** NaN where no field has a measure (all units dead). */
function interval(values: readonly number[]): Interval {
  const finite = values.filter((value) => !Number.isNaN(value));
  if (finite.length === 0) return { lower: NaN, upper: NaN };
  return { lower: quantile(finite, 0.025), upper: quantile(finite, 0.975) };
}
