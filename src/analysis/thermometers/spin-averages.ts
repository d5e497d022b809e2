import { DataError } from "../../errors/index.js";
import { type BitMatrix, countUp, unpackRow } from "../../kernels/index.js";
import type { TorusShape } from "../monte-carlo-rg/index.js";
import { type EqualGroups, equalGroups } from "./sample-groups.js";

/** A shorter side makes a spin its own second neighbour. */
const SHORTEST_SIDE = 3;

/** Values of v·n are −4 … 4 in steps of 2. */
const LEVELS = 5;
const CELLS = LEVELS * LEVELS * LEVELS;

/** What thermometers look at: averages of some configurations of a torus. */
export interface SpinAverages {
  /** Sides of the torus. */
  readonly shape: TorusShape;
  /**
   * How many spins v have v·n₁ = 2i − 4, v·n₂ = 2j − 4, v·n₄ = 2k − 4, at 25i + 5j + k: n₁ is the sum of the 4 nearest
   * neighbours, n₂ that of the 4 diagonal ones, n₄ the sum over the 4 plaquettes around v of their other three spins'
   * product. Sufficient for every estimate from the conditional probabilities that these couplings give.
   */
  readonly neighborhoods: Float64Array;
  /** ⟨|m|⟩, m = Σv/N. */
  readonly absMagnetization: number;
  /** ⟨m²⟩ */
  readonly squareMagnetization: number;
  /** ⟨m⁴⟩ */
  readonly fourthMagnetization: number;
}

/** Averages over all samples and over all but each group, for a jackknife. */
export interface GroupedAverages {
  /** Over all samples, but those left over when groups of one size are made. */
  readonly whole: SpinAverages;
  /** Over the same but one group, for each group. */
  readonly without: readonly SpinAverages[];
}

/** v·n₁, v·n₂ and v·n₄ of a cell of `neighborhoods`. */
export function cellValues(cell: number): readonly [nearest: number, diagonal: number, plaquette: number] {
  const value = (level: number): number => 2 * level - 4;
  return [
    value(Math.floor(cell / (LEVELS * LEVELS))),
    value(Math.floor(cell / LEVELS) % LEVELS),
    value(cell % LEVELS),
  ];
}

/** ⟨v v'⟩ of nearest neighbours. */
export function nearestCorrelation({ neighborhoods }: SpinAverages): number {
  let [sum, count] = [0, 0];
  neighborhoods.forEach((spins, cell) => {
    sum += spins * cellValues(cell)[0];
    count += spins;
  });
  return sum / (4 * count);
}

/**
 * Averages of configurations (a row each) of the torus `shape`, sides ≥ 3; row = round · chains + chain, `chains` null
 * where that is not known. Cost about 20 operations a spin. DataError for another number of columns, a shorter side, or fewer
 * than 32 rows.
 *
 * @param rows the configurations, site = x·Ly + y
 * @param shape sides [Lx, Ly] of the torus
 * @param chains number of chains; groups are whole chains if there are 16 or more, else successive rows
 */
export function measureSpins(
  rows: BitMatrix,
  shape: TorusShape,
  chains: number | null = null,
): GroupedAverages {
  if (shape[0] * shape[1] !== rows.columns || Math.min(...shape) < SHORTEST_SIDE) {
    throw new DataError(
      `thermometers on ${shape.join("×")} spins of ${rows.columns}: expected a torus with sides of at least ${SHORTEST_SIDE}.`,
    );
  }
  const groups = equalGroups(rows.rows, chains);
  const sums = groupSums(rows, shape, groups);
  const total = new Float64Array(sums[0].length);
  for (const group of sums) group.forEach((value, index) => (total[index] += value));
  return {
    whole: averagesOf(total, shape),
    without: sums.map((group) =>
      averagesOf(
        total.map((value, index) => value - group[index]),
        shape,
      ),
    ),
  };
}

/** Of each group the cells, then Σ|m|, Σm², Σm⁴ and the number of rows. */
function groupSums(rows: BitMatrix, shape: TorusShape, groups: EqualGroups): readonly Float64Array[] {
  const sums = Array.from({ length: groups.count }, () => new Float64Array(CELLS + 4));
  const neighborhoods = new Neighborhoods(shape);
  for (let row = 0; row < rows.rows; row++) {
    const group = groups.of(row);
    if (group < 0) continue;
    const sum = sums[group];
    neighborhoods.count(rows, row, sum);
    const m = (2 * countUp(rows, row) - rows.columns) / rows.columns;
    sum[CELLS] += Math.abs(m);
    sum[CELLS + 1] += m * m;
    sum[CELLS + 2] += m * m * m * m;
    sum[CELLS + 3]++;
  }
  return sums;
}

function averagesOf(sums: Float64Array, shape: TorusShape): SpinAverages {
  const samples = sums[CELLS + 3];
  return {
    shape,
    neighborhoods: sums.subarray(0, CELLS),
    absMagnetization: sums[CELLS] / samples,
    squareMagnetization: sums[CELLS + 1] / samples,
    fourthMagnetization: sums[CELLS + 2] / samples,
  };
}

/** Counts the neighbourhoods of one configuration at a time. */
class Neighborhoods {
  readonly #spins: Int8Array;
  /** v v' v'' v''' of the plaquette whose first corner is the site. */
  readonly #plaquettes: Int8Array;

  constructor(private readonly shape: TorusShape) {
    this.#spins = new Int8Array(shape[0] * shape[1]);
    this.#plaquettes = new Int8Array(shape[0] * shape[1]);
  }

  count(rows: BitMatrix, row: number, counts: Float64Array): void {
    const [width, height] = this.shape;
    const [s, p] = [this.#spins, this.#plaquettes];
    unpackRow(rows, row, s);
    for (let x = 0; x < width; x++) {
      const here = x * height;
      const right = ((x + 1) % width) * height;
      for (let y = 0; y < height; y++) {
        const up = y + 1 === height ? 0 : y + 1;
        p[here + y] = s[here + y] * s[here + up] * s[right + y] * s[right + up];
      }
    }
    for (let x = 0; x < width; x++) {
      const here = x * height;
      const right = ((x + 1) % width) * height;
      const left = ((x + width - 1) % width) * height;
      for (let y = 0; y < height; y++) {
        const up = y + 1 === height ? 0 : y + 1;
        const down = y === 0 ? height - 1 : y - 1;
        const v = s[here + y];
        const nearest = v * (s[here + up] + s[here + down] + s[right + y] + s[left + y]);
        const diagonal = v * (s[right + up] + s[right + down] + s[left + up] + s[left + down]);
        const plaquette = p[here + y] + p[here + down] + p[left + y] + p[left + down];
        counts[(25 * (nearest + 4) + 5 * (diagonal + 4) + plaquette + 4) / 2]++;
      }
    }
  }
}
