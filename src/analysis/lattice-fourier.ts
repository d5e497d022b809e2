import { DomainError } from "../errors/index.js";
import { cos, sin } from "../kernels/elementary.js";
import { siteCount } from "./lattice-geometry.js";

/**
 * Replaces z = real + i·imaginary (row-major over the lattice, both of one entry a site) by
 * ẑ(k) = Σ_r z(r) e^{−2πi Σ_a k_a r_a/L_a}, k in the places of r, no factor in front.
 */
export type LatticeFourier = (real: Float64Array, imaginary: Float64Array) => void;

/**
 * The discrete Fourier transform of a lattice of shape [N] or [Lx, Ly] of any sides, along one axis after the other, by mixed
 * radix (Cooley & Tukey 1965): N Σ_p p operations over the prime factors p of the sides. DomainError if the arrays given to it
 * are not one entry a site.
 */
export function latticeFourier(shape: readonly number[]): LatticeFourier {
  const sites = siteCount(shape);
  const axes = shape.map((side, axis) => ({
    side,
    stride: siteCount(shape.slice(axis + 1)),
    transform: circleFourier(side),
  }));
  return (real, imaginary) => {
    if (real.length !== sites || imaginary.length !== sites) {
      throw new DomainError(
        `Fourier transform on ${shape.join("×")}: ${real.length} real and ${imaginary.length} imaginary parts, expected ${sites} each.`,
      );
    }
    for (const { side, stride, transform } of axes) {
      for (let block = 0; block < sites; block += side * stride) {
        for (let start = block; start < block + stride; start++) transform(real, imaginary, start, stride);
      }
    }
  };
}

type CircleFourier = (real: Float64Array, imaginary: Float64Array, start: number, stride: number) => void;

/** The transform of `length` numbers at start, start + stride, …, in place. */
function circleFourier(length: number): CircleFourier {
  const cosines = Float64Array.from({ length }, (_, j) => cos((2 * Math.PI * j) / length));
  const sines = Float64Array.from({ length }, (_, j) => -sin((2 * Math.PI * j) / length));
  const factors = primeFactors(length);
  const largest = Math.max(1, ...factors);
  const [outReal, outImaginary] = [new Float64Array(length), new Float64Array(length)];
  const [termReal, termImaginary] = [new Float64Array(largest), new Float64Array(largest)];

  /** out[at …] = transform of the n numbers at start, start + stride, …; `level` counts the factors split off. */
  function transform(
    real: Float64Array,
    imaginary: Float64Array,
    start: number,
    stride: number,
    n: number,
    level: number,
    at: number,
  ): void {
    if (n === 1) {
      outReal[at] = real[start];
      outImaginary[at] = imaginary[start];
      return;
    }
    const p = factors[level];
    const m = n / p;
    for (let r = 0; r < p; r++)
      transform(real, imaginary, start + r * stride, stride * p, m, level + 1, at + r * m);
    for (let k = 0; k < m; k++) combine(p, m, at + k, k, length / n);
  }

  /** X(k + qm) = Σ_r e^{−2πi r(k + qm)/n} Y_r(k), the p terms Y_r(k) lying m apart; `step` = length/n turns n-th into length-th roots. */
  function combine(p: number, m: number, at: number, k: number, step: number): void {
    for (let r = 0; r < p; r++) {
      termReal[r] = outReal[at + r * m];
      termImaginary[r] = outImaginary[at + r * m];
    }
    for (let q = 0; q < p; q++) {
      let [sumReal, sumImaginary] = [termReal[0], termImaginary[0]];
      const turn = ((k + q * m) * step) % length;
      for (let r = 1, root = turn; r < p; r++) {
        sumReal += termReal[r] * cosines[root] - termImaginary[r] * sines[root];
        sumImaginary += termReal[r] * sines[root] + termImaginary[r] * cosines[root];
        root += turn;
        if (root >= length) root -= length;
      }
      outReal[at + q * m] = sumReal;
      outImaginary[at + q * m] = sumImaginary;
    }
  }

  return (real, imaginary, start, stride) => {
    transform(real, imaginary, start, stride, length, 0, 0);
    for (let k = 0; k < length; k++) {
      real[start + k * stride] = outReal[k];
      imaginary[start + k * stride] = outImaginary[k];
    }
  };
}

/** In ascending order; none of 1. */
function primeFactors(n: number): readonly number[] {
  const factors: number[] = [];
  for (let p = 2; n > 1; p++) {
    while (n % p === 0) {
      factors.push(p);
      n /= p;
    }
  }
  return factors;
}
