import {
  allPairs,
  type CouplingClass,
  latticeClasses,
  placedClasses,
  type SpinPlaces,
  strongestPairs,
  unplacedClasses,
} from "../../analysis/couplings/index.js";
import { siteCount } from "../../analysis/lattice-geometry.js";
import { measureReceptiveField } from "../../analysis/receptive-field.js";
import type { Rbm } from "../../rbm/parameters.js";

/** Where the spins of one side of a layer are. */
export type SpinGeometry =
  | { readonly kind: "lattice"; readonly shape: readonly number[] }
  | { readonly kind: "placed"; readonly places: SpinPlaces }
  | { readonly kind: "unplaced" };

/** Most pairs that are expanded where distance says nothing. */
const MOST_PAIRS = 100_000;

/** Most spins of which every pair is expanded, however far apart. */
const MOST_SPINS = 512;

/** Most spins whose pairs get a coupling of their own in a fit. */
const MOST_FITTED_SPINS = 16;

/** Hidden spins at the centres of their fields, unit-major on a lattice of `shape`; those without weights are nowhere. */
export function placesOfFields(fields: Float64Array, shape: readonly number[]): SpinGeometry {
  const sites = siteCount(shape);
  const measured = Array.from({ length: fields.length / sites }, (_, unit) =>
    measureReceptiveField(fields.subarray(unit * sites, (unit + 1) * sites), shape),
  );
  const centers = measured.map(({ center }) => center);
  return { kind: "placed", places: { centers, signs: measured.map(({ core }) => core.sign), shape } };
}

/** Mean distance of neighbouring spins, in sites: 1 on a lattice. */
function spacing(geometry: SpinGeometry, spins: number): number {
  if (geometry.kind !== "placed") return 1;
  const { shape } = geometry.places;
  const room = siteCount(shape) / spins;
  return Math.max(1, shape.length === 1 ? room : Math.sqrt(room));
}

/** The products whose couplings are expanded: all pairs of few placed spins, pairs within the reach of others. */
export function expandedClasses(geometry: SpinGeometry, rbm: Rbm, reach: number): readonly CouplingClass[] {
  if (geometry.kind === "lattice") return latticeClasses(geometry.shape, reach);
  if (geometry.kind === "unplaced") {
    return unplacedClasses(rbm.visible, strongestPairs(rbm, MOST_PAIRS), false);
  }
  const all = rbm.visible <= MOST_SPINS;
  return placedClasses(geometry.places, all ? Infinity : reach * spacing(geometry, rbm.visible));
}

/** The products that are fitted to configurations; null where there are too many. */
export function fittedClasses(
  geometry: SpinGeometry,
  spins: number,
  reach: number,
): readonly CouplingClass[] | null {
  if (geometry.kind === "lattice") return latticeClasses(geometry.shape, reach);
  if (geometry.kind === "placed") return placedClasses(geometry.places, reach * spacing(geometry, spins));
  return spins <= MOST_FITTED_SPINS ? unplacedClasses(spins, allPairs(spins), true) : null;
}
