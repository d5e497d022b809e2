import { BondSum } from "../../ising/bond-sum.js";
import { torus } from "../../ising/lattice.js";
import { CRITICAL_COUPLING, isingModel } from "../../ising/model.js";
import { sampleIsing, type SampleSet } from "../../ising/sample.js";
import { log, sinh } from "../../kernels/elementary.js";
import { countUp, type Kernels } from "../../kernels/index.js";
import { deriveKey, type SeedKey } from "../../random/index.js";
import { blockJackknife } from "../../statistics/index.js";
import type { TorusShape } from "../monte-carlo-rg/index.js";
import { ReferenceCurve, type ReferencePoints } from "./reference-curve.js";
import { equalGroups } from "./sample-groups.js";

/** Above this coupling, T < 1, hardly a spin is flipped. */
const LARGEST_COUPLING = 1;
/** Distance of the couplings in units of arsinh((K − K_c)L): curves change over 1/L at K_c, and over K − K_c away from it. */
const STEP = 0.35;
/** So many fill the lanes of the samplers, and groups of two make 64 blocks. */
const CHAINS = 128;

/** ⟨|m|⟩ and the Binder cumulant of the Ising model on one torus against the coupling, for which no closed form is known. */
export interface MagnetizationReference {
  /** Sides of the torus. */
  readonly shape: TorusShape;
  /** ⟨|m|⟩ against K, m = Σv/N. */
  readonly absMagnetization: ReferenceCurve;
  /** 1 − ⟨m⁴⟩/3⟨m²⟩² */
  readonly binder: ReferenceCurve;
}

/**
 * Measure the reference curves with `samples` configurations (≥ 128) at each of some twenty couplings from 0 to 1, dense about K_c.
 * Derivatives come from the same samples: d⟨A⟩/dK = ⟨A S⟩ − ⟨A⟩⟨S⟩, S = Σ v v'. A function of (shape, samples, key) alone.
 *
 * @param shape sides of the torus
 * @param samples configurations at each coupling
 * @param key names the samples
 * @param kernels to sample with
 * @param pause awaited before every coupling, with how many of all are done
 */
export async function sampleReference(
  shape: TorusShape,
  samples: number,
  key: SeedKey,
  kernels: Kernels,
  pause: (done: number, total: number) => void | Promise<void> = () => undefined,
): Promise<MagnetizationReference> {
  const couplings = referenceCouplings(Math.min(...shape));
  const lattice = torus(...shape);
  const points: readonly PointMoments[][] = [[], []];
  for (const [index, coupling] of couplings.entries()) {
    await pause(index, couplings.length);
    const set = await sampleIsing(
      isingModel(lattice, coupling),
      { samples, chains: CHAINS },
      deriveKey(key, "analysis", index),
      kernels,
    );
    measurePoint(set).forEach((point, curve) => points[curve].push(point));
  }
  const [absMagnetization, binder] = points.map((curve) => new ReferenceCurve(joined(couplings, curve)));
  return { shape, absMagnetization, binder };
}

/** 0 … 1, K_c + sinh(t)/L at evenly spaced t. */
function referenceCouplings(side: number): Float64Array {
  const arsinh = (x: number): number => Math.sign(x) * log(Math.abs(x) + Math.sqrt(x * x + 1));
  const first = arsinh(-CRITICAL_COUPLING * side);
  const last = arsinh((LARGEST_COUPLING - CRITICAL_COUPLING) * side);
  const steps = Math.ceil((last - first) / STEP);
  return Float64Array.from({ length: steps + 1 }, (_, k) => {
    if (k === 0) return 0;
    return CRITICAL_COUPLING + sinh(first + (k * (last - first)) / steps) / side;
  });
}

interface PointMoments {
  readonly value: number;
  readonly slope: number;
  readonly error: number;
}

function joined(couplings: Float64Array, points: readonly PointMoments[]): ReferencePoints {
  return {
    couplings,
    values: Float64Array.from(points, ({ value }) => value),
    slopes: Float64Array.from(points, ({ slope }) => slope),
    errors: Float64Array.from(points, ({ error }) => error),
  };
}

/** ⟨|m|⟩ and the Binder cumulant of one set of samples. */
function measurePoint({ model, configurations, chains }: SampleSet): readonly PointMoments[] {
  const groups = equalGroups(configurations.rows, chains);
  const sums = Array.from({ length: groups.count }, () => new Float64Array(MOMENTS));
  const bonds = new BondSum(model.lattice);
  const { sites } = model.lattice;
  for (let row = 0; row < configurations.rows; row++) {
    const group = groups.of(row);
    if (group < 0) continue;
    const m = (2 * countUp(configurations, row) - sites) / sites;
    const s = bonds.of(configurations, row);
    const [absolute, square] = [Math.abs(m), m * m];
    [1, absolute, square, square * square, s, absolute * s, square * s, square * square * s].forEach(
      (value, index) => (sums[group][index] += value),
    );
  }
  const total = new Float64Array(MOMENTS);
  for (const sum of sums) sum.forEach((value, index) => (total[index] += value));
  const without = sums.map((sum) => total.map((value, index) => value - sum[index]));
  return [absMagnetizationOf, binderOf].map((quantity) => {
    const [value, slope] = quantity(total);
    const { error } = blockJackknife(
      value,
      without.map((rest) => quantity(rest)[0]),
    );
    return { value, slope, error };
  });
}

/** 1, |m|, m², m⁴, S, |m|S, m²S, m⁴S. */
const MOMENTS = 8;

/** The mean of moment `index` and its derivative with respect to K. */
function withSlope(sums: Float64Array, index: number): readonly [value: number, slope: number] {
  const count = sums[0];
  const value = sums[index] / count;
  return [value, sums[index + 4] / count - (value * sums[4]) / count];
}

function absMagnetizationOf(sums: Float64Array): readonly [value: number, slope: number] {
  return withSlope(sums, 1);
}

function binderOf(sums: Float64Array): readonly [value: number, slope: number] {
  const [m2, slope2] = withSlope(sums, 2);
  const [m4, slope4] = withSlope(sums, 3);
  const ratio = m4 / (3 * m2 * m2);
  return [1 - ratio, ratio * ((2 * slope2) / m2 - slope4 / m4)];
}
