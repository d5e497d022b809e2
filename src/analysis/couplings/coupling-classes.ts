import { DomainError } from "../../errors/index.js";
import { latticeGeometry, pointDistance, shortestOffset, siteCount } from "../lattice-geometry.js";
import { fieldSets, setCount, type SpinSets } from "./spin-sets.js";

/** Products of spins that are alike by symmetry or distance; a coupling of a lattice is a mean over its class. */
export interface CouplingClass extends SpinSets {
  /** `field`, `pair 1,0`, `corner`, `line of 3`, `plaquette`. */
  readonly name: string;
  /** Of pairs: distance of the two spins, in sites (its mean, where a class holds a range); NaN otherwise. */
  readonly distance: number;
  /** ±1 for every set: what its coupling is multiplied with before the mean; null: +1 for all. */
  readonly signs: Int8Array | null;
}

/** Displacements of the spins of a set from its first one. */
type Shape = readonly (readonly number[])[];

/**
 * Classes of products on the periodic lattice of shape [N] or [Lx, Ly], every product once: fields, pairs up to the distance
 * `reach` by their displacement (without its signs and the order of its axes), and products of three and four near spins. Products in
 * which a small lattice brings two spins together are left out. DomainError for a reach below 1.
 *
 * @param shape sides of the lattice, in sites
 * @param reach largest distance of a pair, in sites
 */
export function latticeClasses(shape: readonly number[], reach: number): readonly CouplingClass[] {
  if (!(reach >= 1)) throw new DomainError(`pairs up to a distance of ${reach} sites: expected at least 1.`);
  const geometry = latticeGeometry(shape);
  const place = (name: string, distance: number, shapes: readonly Shape[]): CouplingClass => ({
    name,
    distance,
    order: shapes[0].length,
    members: placed(shapes, geometry.coordinates, shape),
    signs: null,
  });
  const classes = [place("field", NaN, [[shape.map(() => 0)]])];
  for (const displacements of pairDisplacements(shape, reach)) {
    const [first] = displacements;
    const offsets = first.map((x, axis) => Math.abs(shortestOffset(x, shape[axis]))).sort((a, b) => b - a);
    const distance = Math.sqrt(offsets.reduce((sum, x) => sum + x * x, 0));
    const shapes = displacements.map((displacement) => [shape.map(() => 0), displacement]);
    classes.push(place(`pair ${offsets.join(",")}`, distance, shapes));
  }
  for (const [name, shapes] of Object.entries(shape.length === 1 ? chainShapes : torusShapes)) {
    classes.push(place(name, NaN, shapes));
  }
  return classes.filter(({ members }) => members.length > 0);
}

const chainShapes: Readonly<Record<string, readonly Shape[]>> = {
  "line of 3": [[[0], [1], [2]]],
  "line of 4": [[[0], [1], [2], [3]]],
};

const torusShapes: Readonly<Record<string, readonly Shape[]>> = {
  corner: [1, -1].flatMap((x) => [1, -1].map((y): Shape => [[0, 0], [x, 0], [0, y]])), // prettier-ignore
  "line of 3": [[[0, 0], [1, 0], [2, 0]], [[0, 0], [0, 1], [0, 2]]], // prettier-ignore
  plaquette: [[[0, 0], [1, 0], [0, 1], [1, 1]]], // prettier-ignore
};

/** Displacements r ≠ 0 up to `reach`, those together that differ by signs or the order of axes, nearest first. */
function pairDisplacements(
  shape: readonly number[],
  reach: number,
): readonly (readonly (readonly number[])[])[] {
  const { coordinates, sites } = latticeGeometry(shape);
  const groups = new Map<string, { square: number; displacements: (readonly number[])[] }>();
  for (let site = 1; site < sites; site++) {
    const displacement = coordinates.map((axis) => axis[site]);
    const offsets = displacement.map((x, axis) => Math.abs(shortestOffset(x, shape[axis])));
    const square = offsets.reduce((sum, x) => sum + x * x, 0);
    if (square > reach * reach) continue;
    const name = offsets.sort((a, b) => b - a).join(",");
    const group = groups.get(name) ?? { square, displacements: [] };
    group.displacements.push(displacement);
    groups.set(name, group);
  }
  return [...groups.values()].sort((a, b) => a.square - b.square).map(({ displacements }) => displacements);
}

/** The shapes put on every site, each set of different sites once, its sites in ascending order. */
function placed(
  shapes: readonly Shape[],
  coordinates: readonly Int32Array[],
  shape: readonly number[],
): Int32Array {
  const found = new Map<string, readonly number[]>();
  for (let site = 0; site < siteCount(shape); site++) {
    for (const offsets of shapes) {
      const set = offsets.map((offset) => siteAt(site, offset, coordinates, shape)).sort((a, b) => a - b);
      if (new Set(set).size === set.length) found.set(set.join(","), set);
    }
  }
  return Int32Array.from([...found.values()].flat());
}

function siteAt(
  site: number,
  offset: readonly number[],
  coordinates: readonly Int32Array[],
  shape: readonly number[],
): number {
  return shape.reduce((index, side, axis) => {
    const position = coordinates[axis][site] + offset[axis];
    return index * side + (((position % side) + side) % side);
  }, 0);
}

/** Where the spins of a layer are that has no lattice of its own: centres of receptive fields, NaN for those without. */
export interface SpinPlaces {
  readonly centers: readonly (readonly number[])[];
  /** Sign of each field; that of a hidden spin is a convention, which products of signs undo. */
  readonly signs: readonly number[];
  /** The periodic lattice of the centres. */
  readonly shape: readonly number[];
}

/**
 * Fields, and pairs by the distance d of their centres, in bins k − ½ ≤ d < k + ½ up to `reach`; signs are those of the fields.
 */
export function placedClasses(
  { centers, signs, shape }: SpinPlaces,
  reach: number,
): readonly CouplingClass[] {
  const bins = new Map<number, { total: number; members: number[]; signs: number[] }>();
  const alive = Array.from(centers.keys()).filter((unit) => !centers[unit].some(Number.isNaN));
  for (const [index, j] of alive.entries()) {
    for (const k of alive.slice(index + 1)) {
      const distance = pointDistance(centers[j], centers[k], shape);
      const key = Math.round(distance);
      if (key > reach) continue;
      const bin = bins.get(key) ?? { total: 0, members: [], signs: [] };
      bin.members.push(j, k);
      bin.signs.push(signs[j] * signs[k]);
      bin.total += distance;
      bins.set(key, bin);
    }
  }
  const pairs = [...bins.entries()].sort(([a], [b]) => a - b);
  return [
    {
      name: "field",
      order: 1,
      distance: NaN,
      members: Int32Array.from(alive),
      signs: Int8Array.from(alive, (unit) => signs[unit]),
    },
    ...pairs.map(([key, bin]) => ({
      name: `pair ${key}`,
      order: 2,
      distance: bin.total / bin.signs.length,
      members: Int32Array.from(bin.members),
      signs: Int8Array.from(bin.signs),
    })),
  ];
}

/** Fields, all in one class, and the given pairs, all in another or each in its own. */
export function unplacedClasses(spins: number, pairs: SpinSets, each: boolean): readonly CouplingClass[] {
  const fields = { ...fieldSets(spins), name: "field", distance: NaN, signs: null };
  if (!each) return [fields, { ...pairs, name: "pair", distance: NaN, signs: null }];
  const separate = Array.from({ length: setCount(pairs) }, (_, pair): CouplingClass => {
    const members = pairs.members.subarray(2 * pair, 2 * pair + 2);
    return { order: 2, members, name: `pair ${members.join(",")}`, distance: NaN, signs: null };
  });
  return [fields, ...separate];
}
