import { type BlockOverlap, blockMajorityOverlaps } from "../analysis/block-majority.js";
import { type CorrelationBin, hiddenCorrelations } from "../analysis/hidden-correlations.js";
import { hiddenMeans } from "../analysis/hidden-means.js";
import { latticeGeometry, type LatticeGeometry } from "../analysis/lattice-geometry.js";
import { fitRadialDecay, noDecay, type RadialDecay } from "../analysis/radial-decay.js";
import { type FieldNull, fieldNulls, isBeyondNull } from "../analysis/random-fields.js";
import { measureReceptiveFields, type ReceptiveField } from "../analysis/receptive-field.js";
import { stackResponses } from "../analysis/stack-response.js";
import { measureTiling, type Tiling } from "../analysis/tiling.js";
import { twoPointFunction } from "../analysis/two-point-function.js";
import { receptiveFields } from "../analysis/weight-product.js";
import { type BitMatrix, type Kernels, type LayerArrays, rowRange } from "../kernels/index.js";
import { seedKey } from "../random/index.js";

/** Averages over configurations take this many: an error of 1/√500 ≈ 0.04 at most. */
export const AVERAGED_ROWS = 500;

/** The response is an average of smooth functions of a configuration and varies far less. */
const RESPONSE_ROWS = 100;

/** Bounds of "localised"; a field below both is a block of at most a few lattice spacings, whatever the lattice. */
const LOCALIZED_PARTICIPATION = 30;
const LOCALIZED_RADIUS = 4;

/** A unit whose ⟨h⟩ varies less than this over the configurations (one standard deviation) says nothing about them. */
const DEAD_DEVIATION = 0.01;

/** The null fields are the same in every report. */
const NULL_KEY = seedKey("random fields");

/** One hidden unit: its field by weight product and what it does. */
export interface UnitFields extends ReceptiveField {
  /** ⟨h⟩ hardly varies over the configurations, or all weights are zero. */
  readonly dead: boolean;
  /** Smaller than chance allows (see isBeyondNull). */
  readonly beyondNull: boolean;
  /**
   * Beyond the null, PR < 30 sites, radius of the core < 4 sites, and not dead. The radius over the whole lattice would not do:
   * the floor of noise on far sites, the higher the weaker the correlations, takes it above any bound.
   */
  readonly localized: boolean;
  /** Fitted to units beyond the null only: chance has no profile, and the search for one is slow. */
  readonly decay: RadialDecay;
  /** The same measures of the response ∂⟨h⟩/∂v. */
  readonly response: ReceptiveField;
}

/** The receptive fields of one layer on the lattice and their measures. */
export interface LayerFields {
  readonly layer: number;
  readonly units: number;
  /** By weight product; unit-major, units × sites. */
  readonly fields: Float64Array;
  /** ⟨∂⟨h⟩/∂v⟩, laid out alike. */
  readonly responses: Float64Array;
  readonly measures: readonly UnitFields[];
  readonly blocks: readonly BlockOverlap[];
  readonly none: FieldNull;
  readonly tiling: Tiling;
  readonly correlations: readonly CorrelationBin[];
}

/** Measure every layer of a stack on the lattice of shape [N] or [Lx, Ly]; `rows` are configurations of its sites. */
export function measureLayers(
  layers: readonly LayerArrays[],
  rows: BitMatrix,
  shape: readonly number[],
  kernels: Kernels,
): readonly LayerFields[] {
  const geometry = latticeGeometry(shape);
  const visible = rowRange(rows, 0, Math.min(rows.rows, AVERAGED_ROWS));
  const means = hiddenMeans(layers, visible, kernels);
  const responses = stackResponses(
    layers,
    means.map((all, index) => all.subarray(0, RESPONSE_ROWS * layers[index].hidden)),
  );
  const fields = receptiveFields(layers);
  const nulls = fieldNulls(fields, geometry, NULL_KEY);
  const spins = twoPointFunction(visible, shape);
  return fields.map((own, index) => {
    const measures = measureUnits(own, responses[index], means[index], nulls[index], geometry);
    const centers = measures.map(({ center }) => center);
    const alive = measures.map(({ center, dead }) => (dead ? center.map(() => NaN) : center));
    const signs = measures.map(({ core }) => core.sign);
    return {
      layer: index + 1,
      units: layers[index].hidden,
      fields: own,
      responses: responses[index],
      measures,
      blocks: blockMajorityOverlaps(visible, means[index], centers, shape),
      none: nulls[index],
      tiling: measureTiling(own, alive, shape),
      correlations: hiddenCorrelations({ means: means[index], centers: alive, signs }, spins, shape),
    };
  });
}

function measureUnits(
  fields: Float64Array,
  responses: Float64Array,
  means: Float32Array,
  none: FieldNull,
  geometry: LatticeGeometry,
): readonly UnitFields[] {
  const { sites } = geometry;
  const responseMeasures = measureReceptiveFields(responses, geometry);
  const deviations = meanDeviations(means, fields.length / sites);
  return measureReceptiveFields(fields, geometry).map((field, unit) => {
    const dead = isDead(field.norm, deviations[unit]);
    const beyondNull = isBeyondNull(field, none);
    return {
      ...field,
      dead,
      beyondNull,
      localized:
        !dead &&
        beyondNull &&
        field.participationRatio < LOCALIZED_PARTICIPATION &&
        field.core.radius < LOCALIZED_RADIUS,
      decay: beyondNull
        ? fitRadialDecay(fields.subarray(unit * sites, (unit + 1) * sites), field, geometry)
        : noDecay(),
      response: responseMeasures[unit],
    };
  });
}

/** Whether a unit with a field of this norm, whose ⟨h⟩ varies so much, says nothing about the configurations. */
export function isDead(norm: number, deviation: number): boolean {
  return !(norm > 0 && deviation >= DEAD_DEVIATION);
}

/** √Var ⟨h⟩ of every unit over the rows; `means` is rows × units. */
export function meanDeviations(means: Float32Array, units: number): Float64Array {
  const rows = means.length / units;
  const [sums, squares] = [new Float64Array(units), new Float64Array(units)];
  means.forEach((value, index) => {
    sums[index % units] += value;
    squares[index % units] += value * value;
  });
  return squares.map((square, unit) => Math.sqrt(Math.max(0, square / rows - (sums[unit] / rows) ** 2)));
}
