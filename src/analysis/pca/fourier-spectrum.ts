import { DomainError } from "../../errors/index.js";
import { sin } from "../../kernels/elementary.js";
import { latticeFourier } from "../lattice-fourier.js";
import { latticeGeometry, siteCount } from "../lattice-geometry.js";
import type { Observations } from "./observations.js";

/** S(k) = ⟨|Σ_r φ_r e^{−ik·r}|²⟩/N, the eigenvalues of a translation-invariant covariance, at k = 2π(n_a/L_a). */
export interface FourierSpectrum {
  /** Sides [N] or [Lx, Ly] of the lattice, in sites. */
  readonly shape: readonly number[];
  /** waves[axis][mode] = n_a, −L_a/2 < n_a ≤ L_a/2. Modes are numbered like sites: k and −k are two modes with one S. */
  readonly waves: readonly Int32Array[];
  /** k̂ = √(Σ_a 4 sin²(k_a/2)), the lattice's own |k|. */
  readonly magnitudes: Float64Array;
  /** S of every mode, over all rows. */
  readonly structure: Float64Array;
  /** groups[group][mode]: the same over each group of successive rows. */
  readonly groups: readonly Float64Array[];
}

/**
 * The translation-averaged spectrum of configurations on a chain [N] or torus [Lx, Ly] (site = x·Ly + y), in one pass over
 * the rows: every mode is a plane wave, so that sampling does not mix it with others as it mixes principal components.
 * `means` is subtracted first. DomainError if the lattice does not have as many sites as the data have columns.
 */
export function fourierSpectrum(
  observations: Observations,
  means: Float64Array,
  shape: readonly number[],
  groupCount: number,
): FourierSpectrum {
  const { rows, columns } = observations;
  const sites = siteCount(shape);
  if (sites !== columns) {
    throw new DomainError(
      `a lattice of ${shape.join("×")} = ${sites} sites for data of ${columns} columns: they must agree.`,
    );
  }
  const used = Math.min(groupCount, rows);
  const groups = Array.from({ length: used }, () => new Float64Array(sites));
  const groupRows = new Uint32Array(used);
  forEachPower(observations, means, shape, (powers, row) => {
    const group = Math.floor((row * used) / rows);
    groupRows[group]++;
    for (let mode = 0; mode < sites; mode++) groups[group][mode] += powers[mode];
  });
  const structure = new Float64Array(sites);
  groups.forEach((sums, group) => {
    for (let mode = 0; mode < sites; mode++) {
      structure[mode] += sums[mode] / (rows * sites);
      sums[mode] /= groupRows[group] * sites;
    }
  });
  return { shape, ...latticeMomenta(shape), structure, groups };
}

/** |Σ_r φ_r e^{−ik·r}|² of every row; the array is reused. Two rows are transformed at once, as real and imaginary part. */
function forEachPower(
  observations: Observations,
  means: Float64Array,
  shape: readonly number[],
  visit: (powers: Float64Array, row: number) => void,
): void {
  const sites = means.length;
  const transform = latticeFourier(shape);
  const opposite = oppositeModes(shape);
  const [real, imaginary] = [new Float64Array(sites), new Float64Array(sites)];
  const powers = [new Float64Array(sites), new Float64Array(sites)] as const;
  observations.forEachBlock((values, rows, first) => {
    for (let row = 0; row < rows; row += 2) {
      const second = row + 1 < rows;
      for (let i = 0; i < sites; i++) {
        real[i] = values[row * sites + i] - means[i];
        imaginary[i] = second ? values[(row + 1) * sites + i] - means[i] : 0;
      }
      transform(real, imaginary);
      separatePowers(real, imaginary, opposite, powers);
      visit(powers[0], first + row);
      if (second) visit(powers[1], first + row + 1);
    }
  });
}

/** With z = a + ib, a and b real: â(k) = (ẑ(k) + ẑ*(−k))/2 and b̂(k) = (ẑ(k) − ẑ*(−k))/2i. */
function separatePowers(
  real: Float64Array,
  imaginary: Float64Array,
  opposite: Int32Array,
  [a, b]: readonly [Float64Array, Float64Array],
): void {
  for (let mode = 0; mode < real.length; mode++) {
    const other = opposite[mode];
    const [sumReal, sumImaginary] = [real[mode] + real[other], imaginary[mode] - imaginary[other]];
    const [lessReal, lessImaginary] = [real[mode] - real[other], imaginary[mode] + imaginary[other]];
    a[mode] = (sumReal * sumReal + sumImaginary * sumImaginary) / 4;
    b[mode] = (lessReal * lessReal + lessImaginary * lessImaginary) / 4;
  }
}

/** The number of −k for every mode k. */
function oppositeModes(shape: readonly number[]): Int32Array {
  const { coordinates, sites } = latticeGeometry(shape);
  return Int32Array.from({ length: sites }, (_, mode) =>
    shape.reduce((site, side, axis) => site * side + ((side - coordinates[axis][mode]) % side), 0),
  );
}

/** The momenta of a lattice, numbered like its sites. */
export function latticeMomenta(shape: readonly number[]): Pick<FourierSpectrum, "waves" | "magnitudes"> {
  const { coordinates, sites } = latticeGeometry(shape);
  const waves = shape.map((side, axis) => coordinates[axis].map((n) => (2 * n > side ? n - side : n)));
  const magnitudes = Float64Array.from({ length: sites }, (_, mode) =>
    Math.sqrt(
      shape.reduce((sum, side, axis) => {
        const half = sin((Math.PI * waves[axis][mode]) / side);
        return sum + 4 * half * half;
      }, 0),
    ),
  );
  return { waves, magnitudes };
}
