import { DomainError } from "../../errors/index.js";
import { exp, log } from "../../kernels/elementary.js";
import { latticeName } from "../lattice.js";
import type { IsingModel } from "../model.js";
import { stateOrbits } from "./state-orbits.js";

/** Largest shorter side: 2^12 states per row. */
export const MAX_TRANSFER_WIDTH = 12;

/** What the transfer matrix says of a narrow torus, also in a field. */
export interface TransferMatrixResult {
  /** ln Z, nats, extensive. */
  readonly logPartition: number;
  /** −(1/N) Σ_bonds ⟨v v'⟩: the bond energy alone, also in a field. */
  readonly energyPerSite: number;
  /** K² Var(bond energy)/N = K² ∂²(ln Z/N)/∂K². */
  readonly specificHeatPerSite: number;
  /** ⟨m⟩, m = Σ v/N; exactly 0 at B = 0. */
  readonly magnetization: number;
  /** ⟨m²⟩. */
  readonly m2: number;
  /** ⟨m⁴⟩. */
  readonly m4: number;
}

/**
 * A vector over the states of a row carries, for each state, Taylor coefficients in two small sources: κ couples to the
 * number of broken bonds (order 2), β to Σv (order 4). Layout: vector[7·state + c], c = 0 the value, 1–2 the powers of κ,
 * 3–6 the powers of β. No mixed powers are needed.
 */
const COMPONENTS = 7;

/**
 * ⟨s|T^M|s⟩ is at most the weight of row s times ⟨ground|T^M|ground⟩ (Griffiths: in a ferromagnet no boundary has a larger
 * partition function than the one along the field). Rows below this weight add nothing, and could underflow.
 */
const NEGLIGIBLE_ROW = 1e-200;

/** Row-diagonal part of the transfer matrix: what each state of a row costs by itself. */
interface RowWeights {
  /** e^{−2K·broken + B·Σv − |B|·width} for the full row, and its square root. */
  readonly full: Float64Array;
  readonly half: Float64Array;
  /** Broken bonds within the row. */
  readonly broken: Float64Array;
  /** Σv of the row. */
  readonly total: Float64Array;
}

/**
 * Exact torus whose shorter side w is ≤ 12, any length M, any field: Z = Tr T^M with T = D^{½} V D^{½}, V the product of
 * a 2 × 2 factor per site along the long axis and D the weights of a row. The trace runs over one state of each symmetry
 * orbit, ⟨s|T^M|s⟩ = ‖T^{M/2}s‖², and the moments come as derivatives carried along exactly (see COMPONENTS).
 * Cost: O(M·4^w/(w or 2w)·20) operations: 8 × 8 milliseconds, 10 × 10 a tenth of a second, 12 × 12 about a second.
 * Throws DomainError when the lattice is not a torus or its shorter side exceeds 12.
 */
export function transferMatrix(model: IsingModel): TransferMatrixResult {
  const { width, length } = requireStrip(model);
  const { coupling, field } = model;
  const rows = rowWeights(width, coupling, field);
  const total = new Float64Array(COMPONENTS);
  let logScale = -Infinity;
  for (const { state, size } of stateOrbits(width, field === 0)) {
    if (rows.full[state] < NEGLIGIBLE_ROW) continue;
    const { product, logProduct } = diagonalElement(state, width, length, exp(-2 * coupling), rows);
    if (logProduct > logScale) {
      const shrink = exp(logScale - logProduct);
      for (let c = 0; c < COMPONENTS; c++) total[c] *= shrink;
      logScale = logProduct;
    }
    const weight = size * exp(logProduct - logScale);
    for (let c = 0; c < COMPONENTS; c++) total[c] += weight * product[c];
  }
  return momentsFromDerivatives(model, total, logScale);
}

function requireStrip(model: IsingModel): { width: number; length: number } {
  const { lattice } = model;
  const [first, second] = lattice.shape as readonly [number, number | undefined];
  if (second === undefined) {
    throw new DomainError(`lattice ${latticeName(lattice)}: the transfer matrix is for tori; use exactRing.`);
  }
  const width = Math.min(first, second);
  if (width > MAX_TRANSFER_WIDTH) {
    throw new DomainError(
      `lattice ${latticeName(lattice)}: the shorter side is ${width}; the transfer matrix handles at most ` +
        `${MAX_TRANSFER_WIDTH} (2^${width} states per row).`,
    );
  }
  return { width, length: Math.max(first, second) };
}

function rowWeights(width: number, coupling: number, field: number): RowWeights {
  const states = 2 ** width;
  const rows = {
    full: new Float64Array(states),
    half: new Float64Array(states),
    broken: new Float64Array(states),
    total: new Float64Array(states),
  };
  for (let state = 0; state < states; state++) {
    let broken = 0;
    let up = 0;
    for (let site = 0; site < width; site++) {
      const spin = (state >> site) & 1;
      up += spin;
      if (spin !== ((state >> ((site + 1) % width)) & 1)) broken++;
    }
    const against = field >= 0 ? width - up : up;
    const exponent = -2 * (coupling * broken + Math.abs(field) * against);
    rows.full[state] = exp(exponent);
    rows.half[state] = exp(exponent / 2);
    rows.broken[state] = broken;
    rows.total[state] = 2 * up - width;
  }
  return rows;
}

/** ⟨s|T^M|s⟩ with its derivatives; the true value is `product`·e^{`logProduct`}. */
function diagonalElement(state: number, width: number, length: number, bond: number, rows: RowWeights) {
  const vector = new Float64Array(COMPONENTS * 2 ** width);
  vector[COMPONENTS * state] = 1;
  const half = Math.floor(length / 2);
  let logProduct = 2 * applyPower(vector, half, width, bond, rows);
  const partner = vector.slice();
  if (length % 2 === 1) logProduct += applyPower(partner, 1, width, bond, rows);
  const product = innerProduct(vector, partner);
  logProduct += log(product[0]);
  const scale = 1 / product[0];
  for (let c = 0; c < COMPONENTS; c++) product[c] *= scale;
  return { product, logProduct };
}

/** vector ← T^power vector, rescaled; returns the logarithm of what was divided out. */
function applyPower(
  vector: Float64Array,
  power: number,
  width: number,
  bond: number,
  rows: RowWeights,
): number {
  let logScale = 0;
  applyDiagonal(vector, rows.half, 0.5, rows);
  for (let step = 1; step <= power; step++) {
    for (let site = 0; site < width; site++) applyBond(vector, 1 << site, bond);
    const last = step === power;
    applyDiagonal(vector, last ? rows.half : rows.full, last ? 0.5 : 1, rows);
    logScale += rescale(vector);
  }
  return logScale;
}

/** One bond along the long axis, at one site: the 2 × 2 factor with 1 for an equal pair, e^{−2K + κ} for a broken one. */
function applyBond(vector: Float64Array, bit: number, bond: number): void {
  const stride = COMPONENTS * bit;
  for (let block = 0; block < vector.length; block += 2 * stride) {
    for (let low = block; low < block + stride; low += COMPONENTS) {
      const high = low + stride;
      const a0 = vector[low];
      const b0 = vector[high];
      const a1 = vector[low + 1];
      const b1 = vector[high + 1];
      const a2 = vector[low + 2];
      const b2 = vector[high + 2];
      vector[low] = a0 + bond * b0;
      vector[high] = b0 + bond * a0;
      vector[low + 1] = a1 + bond * (b1 + b0);
      vector[high + 1] = b1 + bond * (a1 + a0);
      vector[low + 2] = a2 + bond * (b2 + b1 + 0.5 * b0);
      vector[high + 2] = b2 + bond * (a2 + a1 + 0.5 * a0);
      for (let c = 3; c < COMPONENTS; c++) {
        const a = vector[low + c];
        const b = vector[high + c];
        vector[low + c] = a + bond * b;
        vector[high + c] = b + bond * a;
      }
    }
  }
}

/** Multiply by the row weights and by e^{share(κ·broken + β·Σv)}, truncated. */
function applyDiagonal(vector: Float64Array, weights: Float64Array, share: number, rows: RowWeights): void {
  for (let state = 0, at = 0; at < vector.length; state++, at += COMPONENTS) {
    const weight = weights[state];
    const n = share * rows.broken[state];
    const m = share * rows.total[state];
    const v0 = vector[at];
    const k1 = vector[at + 1];
    const b1 = vector[at + 3];
    const b2 = vector[at + 4];
    const b3 = vector[at + 5];
    vector[at] = weight * v0;
    vector[at + 1] = weight * (k1 + n * v0);
    vector[at + 2] = weight * (vector[at + 2] + n * (k1 + (n / 2) * v0));
    vector[at + 3] = weight * (b1 + m * v0);
    vector[at + 4] = weight * (b2 + m * (b1 + (m / 2) * v0));
    vector[at + 5] = weight * (b3 + m * (b2 + (m / 2) * (b1 + (m / 3) * v0)));
    vector[at + 6] = weight * (vector[at + 6] + m * (b3 + (m / 2) * (b2 + (m / 3) * (b1 + (m / 4) * v0))));
  }
}

function rescale(vector: Float64Array): number {
  let largest = 0;
  for (let at = 0; at < vector.length; at += COMPONENTS) largest = Math.max(largest, vector[at]);
  const scale = 1 / largest;
  for (let i = 0; i < vector.length; i++) vector[i] *= scale;
  return log(largest);
}

function innerProduct(f: Float64Array, g: Float64Array): Float64Array {
  const product = new Float64Array(COMPONENTS);
  const power = (at: number, j: number): number => (j === 0 ? at : at + 2 + j);
  for (let at = 0; at < f.length; at += COMPONENTS) {
    for (let i = 0; i <= 2; i++) {
      for (let j = 0; i + j <= 2; j++) product[i + j] += f[at + i] * g[at + j];
    }
    for (let i = 0; i <= 4; i++) {
      for (let j = i === 0 ? 1 : 0; i + j <= 4; j++) {
        product[2 + i + j] += f[power(at, i)] * g[power(at, j)];
      }
    }
  }
  return product;
}

function momentsFromDerivatives(
  model: IsingModel,
  total: Float64Array,
  logScale: number,
): TransferMatrixResult {
  const { lattice, coupling, field } = model;
  const { sites } = lattice;
  const [value, k1, k2, b1, b2, , b4] = total;
  const broken = k1 / value;
  const squared = 4 * coupling * coupling;
  return {
    logPartition: 2 * sites * coupling + sites * Math.abs(field) + logScale + log(value),
    energyPerSite: -2 + (2 * broken) / sites,
    specificHeatPerSite: (squared * ((2 * k2) / value - broken * broken)) / sites,
    magnetization: field === 0 ? 0 : b1 / value / sites,
    m2: (2 * b2) / value / sites / sites,
    m4: (24 * b4) / value / sites / sites / sites / sites,
  };
}
