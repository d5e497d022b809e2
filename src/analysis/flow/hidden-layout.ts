import { atan2, cos, sin } from "../../kernels/elementary.js";
import { type BitMatrix, setBit, bitMatrix } from "../../kernels/index.js";
import { permuteSites } from "../controls/index.js";
import { shortestOffset } from "../lattice-geometry.js";
import type { TorusShape } from "../monte-carlo-rg/index.js";
import type { ReceptiveField } from "../receptive-field.js";
import { cheapestAssignment } from "./assignment.js";

/** Sides below this are too short for thermometers. */
const SHORTEST_SIDE = 3;
/** A grid may be this much more oblong than the lattice. */
const MOST_STRETCH = 1.5;
/** More units take too long to match. */
const MOST_UNITS = 2048;

/** Hidden units on a grid that spans the lattice of the visible ones. */
export interface HiddenLayout {
  /** Sides of the grid, which the units fill. */
  readonly shape: TorusShape;
  /** The unit at each site of the grid, site = x·Ly + y. */
  readonly units: Uint32Array;
  /** The sign of the field of the unit at each site: −1 where it follows its spins with the opposite sign. */
  readonly signs: Int8Array;
  /** Root mean square distance of a unit's field from its site, in grid spacings: 0 for a perfect tiling. */
  readonly displacement: number;
}

/** Sides of the grid that `units` fill, shaped like the lattice; null where there is none with sides of 3 or more. */
export function gridShape(units: number, [width, height]: TorusShape): TorusShape | null {
  let best: TorusShape | null = null;
  let least = MOST_STRETCH;
  for (let rows = SHORTEST_SIDE; SHORTEST_SIDE * rows <= units && units <= MOST_UNITS; rows++) {
    if (units % rows !== 0) continue;
    const ratio = (rows * rows * height) / (units * width);
    const stretch = Math.max(ratio, 1 / ratio);
    if (stretch < least || (best === null && stretch === least))
      [best, least] = [[rows, units / rows], stretch];
  }
  return best;
}

/**
 * Match hidden units to the sites of a grid, the centres of their receptive fields to the nearest sites: the assignment with
 * the least sum of squared distances on the torus, the grid shifted to fit the centres first. Units without a field take what
 * is left. Null where the units fill no grid.
 */
export function layOut(fields: readonly ReceptiveField[], lattice: TorusShape): HiddenLayout | null {
  const shape = gridShape(fields.length, lattice);
  if (shape === null) return null;
  const spacing = shape.map((side, axis) => lattice[axis] / side);
  const centers = fields.map(({ center }) => center.map((x, axis) => x / spacing[axis]));
  const shift = shape.map((_, axis) => commonPhase(centers.map((center) => center[axis])));
  const cost = new Float64Array(fields.length * fields.length);
  centers.forEach((center, unit) => {
    for (let site = 0; site < fields.length; site++) {
      const place = [Math.floor(site / shape[1]), site % shape[1]];
      let squared = 0;
      center.forEach((x, axis) => {
        const offset = shortestOffset(x - shift[axis] - place[axis], shape[axis]);
        squared += offset * offset;
      });
      cost[unit * fields.length + site] = Number.isNaN(squared) ? 0 : squared;
    }
  });
  const sites = cheapestAssignment(cost);
  const [units, signs] = [new Uint32Array(fields.length), new Int8Array(fields.length)];
  let total = 0;
  sites.forEach((site, unit) => {
    units[site] = unit;
    signs[site] = fields[unit].core.sign;
    total += cost[unit * fields.length + site];
  });
  return { shape, units, signs, displacement: Math.sqrt(total / fields.length) };
}

/** The states of hidden units (a row each) as spins on the grid. */
export function onGrid(states: BitMatrix, { units, signs }: HiddenLayout): BitMatrix {
  const grid = permuteSites(states, units);
  const flips = bitMatrix(1, grid.columns);
  signs.forEach((sign, site) => {
    if (sign < 0) setBit(flips, 0, site, 1);
  });
  for (let word = 0; word < grid.words.length; word++)
    grid.words[word] ^= flips.words[word % grid.wordsPerRow];
  return grid;
}

/** The shift in [−½, ½] by which positions lie off whole numbers, on average on the circle of remainders. */
function commonPhase(positions: readonly number[]): number {
  let [real, imaginary] = [0, 0];
  for (const x of positions) {
    if (Number.isNaN(x)) continue;
    real += cos(2 * Math.PI * x);
    imaginary += sin(2 * Math.PI * x);
  }
  return atan2(imaginary, real) / (2 * Math.PI);
}
