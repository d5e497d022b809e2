import { type BitMatrix, unpackRow } from "../kernels/index.js";
import { cos, sin } from "../kernels/elementary.js";
import type { Series } from "../statistics/index.js";
import { bondSum } from "./hamiltonian.js";
import type { IsingModel } from "./model.js";

/** What is measured on each configuration, per site where extensive. */
export interface Measurements {
  /** −(1/N) Σ_<ij> v_i v_j, one series per chain; likewise below. */
  readonly energy: Series;
  /** m = (1/N) Σ v_i */
  readonly magnetization: Series;
  /** (1/N²) |Σ_r v_r e^{ik·r}|² at the smallest wave vector along each axis. */
  readonly structureFactors: readonly Series[];
}

/**
 * Measure every configuration. Row t·chains + c belongs to chain c; a last, partial round of rows is left out so that
 * all chains have the same length.
 */
export function measure(model: IsingModel, configurations: BitMatrix, chains: number): Measurements {
  const { lattice } = model;
  const rounds = Math.floor(configurations.rows / chains);
  const series = (): Float64Array[] => Array.from({ length: chains }, () => new Float64Array(rounds));
  const energy = series();
  const magnetization = series();
  const waves = lattice.shape.map((_, axis) => smallestWave(lattice.shape, axis));
  const structureFactors = waves.map(series);
  const spins = new Int8Array(lattice.sites);
  for (let round = 0; round < rounds; round++) {
    for (let chain = 0; chain < chains; chain++) {
      unpackRow(configurations, round * chains + chain, spins);
      energy[chain][round] = -bondSum(model, spins) / lattice.sites;
      magnetization[chain][round] = spins.reduce((sum, spin) => sum + spin, 0) / lattice.sites;
      waves.forEach((wave, axis) => {
        structureFactors[axis][chain][round] = squaredAmplitude(spins, wave);
      });
    }
  }
  return { energy, magnetization, structureFactors };
}

/** cos(k·r) and sin(k·r) at every site, k = 2π/L along one axis. */
interface Wave {
  readonly cosine: Float64Array;
  readonly sine: Float64Array;
}

function smallestWave(shape: readonly number[], axis: number): Wave {
  const sites = shape.reduce((product, side) => product * side, 1);
  const stride = shape.slice(axis + 1).reduce((product, side) => product * side, 1);
  const angle = (site: number): number =>
    (2 * Math.PI * (Math.floor(site / stride) % shape[axis])) / shape[axis];
  return {
    cosine: Float64Array.from({ length: sites }, (_, site) => cos(angle(site))),
    sine: Float64Array.from({ length: sites }, (_, site) => sin(angle(site))),
  };
}

function squaredAmplitude(spins: Int8Array, { cosine, sine }: Wave): number {
  let real = 0;
  let imaginary = 0;
  for (let site = 0; site < spins.length; site++) {
    real += spins[site] * cosine[site];
    imaginary += spins[site] * sine[site];
  }
  return (real * real + imaginary * imaginary) / (spins.length * spins.length);
}
