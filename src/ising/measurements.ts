import { type BitMatrix, countUp, unpackRow } from "../kernels/index.js";
import { cos, sin } from "../kernels/elementary.js";
import type { Series } from "../statistics/index.js";
import { BondSum } from "./bond-sum.js";
import type { IsingModel } from "./model.js";

/** What is measured on each configuration, per site where extensive. */
export interface Measurements {
  /** −(1/N) Σ_<ij> v_i v_j, one series per chain; likewise below. */
  readonly energy: Series;
  /** m = (1/N) Σ v_i, from −1 to 1. */
  readonly magnetization: Series;
  /** (1/N²) |Σ_r v_r e^{ik·r}|² at the smallest wave vector along each axis. */
  readonly structureFactors: readonly Series[];
}

/**
 * Measure every configuration. Row t·chains + c belongs to chain c; a last, partial round of rows is left out so that
 * all chains have the same length.
 *
 * @param model the lattice; its K and B are not used
 * @param configurations a row each, a column for every site
 * @param chains how many chains the rows come from, at least 1
 */
export function measure(model: IsingModel, configurations: BitMatrix, chains: number): Measurements {
  const { lattice } = model;
  const rounds = Math.floor(configurations.rows / chains);
  const series = (): Float64Array[] => Array.from({ length: chains }, () => new Float64Array(rounds));
  const energy = series();
  const magnetization = series();
  const bonds = new BondSum(lattice);
  const lines = new LineSums(lattice.shape);
  const waves = lattice.shape.map(smallestWave);
  const structureFactors = waves.map(series);
  for (let round = 0; round < rounds; round++) {
    for (let chain = 0; chain < chains; chain++) {
      const row = round * chains + chain;
      energy[chain][round] = -bonds.of(configurations, row) / lattice.sites;
      magnetization[chain][round] = (2 * countUp(configurations, row) - lattice.sites) / lattice.sites;
      lines.read(configurations, row);
      waves.forEach((wave, axis) => {
        structureFactors[axis][chain][round] = squaredAmplitude(lines.sums[axis], wave, lattice.sites);
      });
    }
  }
  return { energy, magnetization, structureFactors };
}

/** Sums of the spins of one configuration over all sites with the same coordinate along an axis. */
class LineSums {
  /** sums[axis][coordinate] */
  readonly sums: readonly Float64Array[];
  readonly #spins: Int8Array;

  constructor(shape: readonly number[]) {
    this.sums = shape.map((side) => new Float64Array(side));
    this.#spins = new Int8Array(shape.reduce((product, side) => product * side, 1));
  }

  read(configurations: BitMatrix, row: number): void {
    const { sums } = this;
    const spins = this.#spins;
    unpackRow(configurations, row, spins);
    const last = sums[sums.length - 1];
    const side = last.length;
    for (const axis of sums) axis.fill(0);
    for (let first = 0; first < spins.length; first += side) {
      let line = 0;
      for (let y = 0; y < side; y++) {
        line += spins[first + y];
        last[y] += spins[first + y];
      }
      if (sums.length > 1) sums[0][first / side] = line;
    }
  }
}

/** cos(kx) and sin(kx) at every coordinate of a side, k = 2π/L. */
interface Wave {
  readonly cosine: Float64Array;
  readonly sine: Float64Array;
}

function smallestWave(side: number): Wave {
  const angle = (x: number): number => (2 * Math.PI * x) / side;
  return {
    cosine: Float64Array.from({ length: side }, (_, x) => cos(angle(x))),
    sine: Float64Array.from({ length: side }, (_, x) => sin(angle(x))),
  };
}

function squaredAmplitude(lines: Float64Array, { cosine, sine }: Wave, sites: number): number {
  let real = 0;
  let imaginary = 0;
  for (let x = 0; x < lines.length; x++) {
    real += lines[x] * cosine[x];
    imaginary += lines[x] * sine[x];
  }
  return (real * real + imaginary * imaginary) / (sites * sites);
}
