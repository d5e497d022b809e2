import { cos, sin } from "../../kernels/elementary.js";

/**
 * Half-edges of a site, in the order of the 4 × 4 blocks: right, left, up, down. "Right" is +x (the first axis), "up" +y.
 */
export const RIGHT = 0;
export const LEFT = 1;
export const UP = 2;
export const DOWN = 3;

/** t = tanh K with the combinations of it that would lose digits near t = 1 or K_c. */
export interface BondWeight {
  readonly t: number;
  /** 1 − t². */
  readonly complement: number;
  /** δ = 1 − 2t − t², zero at K_c, negative below T_c. */
  readonly gap: number;
}

/**
 * Inverse S = A⁻¹ of the antisymmetric matrix whose Pfaffian sums the even subgraphs of the torus with weight t per bond
 * (Hurst & Green 1960; McCoy & Wu, ch. IV–V), for one spin structure. A couples the half-edges of a site by
 * RL = UD = LU = 1, RU = RD = LD = −1 (the rest by antisymmetry) and the two half-edges of a bond, (s, R) with (s + x, L)
 * and (s, U) with (s + y, D), by t. With p = 1 + t e^{ikx}, r = 1 + t e^{iky} and
 * det A(k) = Δ = δ² + 4t(1−t²)(sin²(kx/2) + sin²(ky/2)), Δ·A(k)⁻¹ has the entries
 *   RR = −LL = r − r̄,  DD = −UU = p − p̄,  RL = r + r̄ − p|r|²,  UD = p + p̄ − r|p|²,
 *   RU = 2 − p r̄,  RD = 2 − p r,  LU = p̄ r̄ − 2,  LD = 2 − p̄ r,   and A(k)⁻¹ is anti-Hermitian.
 *
 * When both axes are periodic k = 0 is left out but for its regular part: A(0)⁻¹ = −W/δ + (rank 2, regular), see zeroModeMatrix.
 */
export interface FermionPropagator {
  readonly columns: number;
  readonly rows: number;
  /** values[((i·4 + j)·columns + dx)·rows + dy] = S_ij(dx, dy) for half-edge i at a site and j at the site (dx, dy) before it. */
  readonly values: Float64Array;
}

/** S for 0 ≤ dx ≤ width/2, 0 ≤ dy ≤ height/2. Cost O(width·height·(width + height)). */
export function fermionPropagator(
  width: number,
  height: number,
  weight: BondWeight,
  periodicX: boolean,
  periodicY: boolean,
): FermionPropagator {
  const columns = Math.floor(width / 2) + 1;
  const rows = Math.floor(height / 2) + 1;
  const values = new Float64Array(16 * columns * rows);
  const x = momentumAxis(width, periodicX);
  const y = momentumAxis(height, periodicY);
  const block = new Float64Array(32);
  const real = new Float64Array(16 * columns);
  const imaginary = new Float64Array(16 * columns);
  for (let ky = 0; ky < height; ky++) {
    real.fill(0);
    imaginary.fill(0);
    for (let kx = 0; kx < width; kx++) {
      if (periodicX && periodicY && kx === 0 && ky === 0) continue;
      inverseBlock(weight, x, kx, y, ky, block);
      addTransformed(block, x, kx, columns, real, imaginary);
    }
    for (let entry = 0; entry < 16 * columns; entry++) {
      for (let dy = 0; dy < rows; dy++) {
        const [c, s] = y.phase(ky, dy);
        values[entry * rows + dy] += c * real[entry] - s * imaginary[entry];
      }
    }
  }
  for (let i = 0; i < values.length; i++) values[i] /= width * height;
  if (periodicX && periodicY) addRegularZeroMode(values, columns * rows, weight.t, width * height);
  return { columns, rows, values };
}

/**
 * The singular part of A(0)⁻¹ is −W/δ with this antisymmetric W of rank 2. The remainder, −1/(1+t) in UD, is regular: W
 * pivots on RL, and its Schur complement in UD carries the factor Pf A(0) = −δ.
 */
export function zeroModeMatrix(t: number): Float64Array {
  const rl = -(1 + t);
  const ud = -2 / (1 + t);
  return Float64Array.of(0, rl, -1, -1, -rl, 0, 1, -1, 1, -1, 0, ud, 1, 1, -ud, 0);
}

function addRegularZeroMode(values: Float64Array, size: number, t: number, sites: number): void {
  const share = 1 / ((1 + t) * sites);
  for (let d = 0; d < size; d++) {
    values[(4 * UP + DOWN) * size + d] -= share;
    values[(4 * DOWN + UP) * size + d] += share;
  }
}

/** Momenta k_j = 2π(j + ½ or 0)/length of one axis, with e^{i k_j d} looked up in a table of the angles π m/length. */
function momentumAxis(length: number, periodic: boolean) {
  const cosines = Float64Array.from({ length: 2 * length }, (_, m) => cos((Math.PI * m) / length));
  const sines = Float64Array.from({ length: 2 * length }, (_, m) => sin((Math.PI * m) / length));
  const shift = periodic ? 0 : 1;
  return {
    phase(j: number, distance: number): readonly [cosine: number, sine: number] {
      const m = ((2 * j + shift) * distance) % (2 * length);
      return [cosines[m], sines[m]];
    },
    /** sin²(k_j/2). */
    squareHalfSine(j: number): number {
      const half = sin((Math.PI * (2 * j + shift)) / (2 * length));
      return half * half;
    },
  };
}

type MomentumAxis = ReturnType<typeof momentumAxis>;

/** A(k)⁻¹ into `block`: real parts in 0–15, imaginary parts in 16–31, entry 4i + j. */
function inverseBlock(
  weight: BondWeight,
  x: MomentumAxis,
  kx: number,
  y: MomentumAxis,
  ky: number,
  block: Float64Array,
): void {
  const { t, complement, gap } = weight;
  const delta = gap * gap + 4 * t * complement * (x.squareHalfSine(kx) + y.squareHalfSine(ky));
  const [cosX, sinX] = x.phase(kx, 1);
  const [cosY, sinY] = y.phase(ky, 1);
  const pr = 1 + t * cosX;
  const pi = t * sinX;
  const rr = 1 + t * cosY;
  const ri = t * sinY;
  const p2 = pr * pr + pi * pi;
  const r2 = rr * rr + ri * ri;
  const set = (i: number, j: number, real: number, imaginary: number): void => {
    block[4 * i + j] = real / delta;
    block[16 + 4 * i + j] = imaginary / delta;
    block[4 * j + i] = i === j ? 0 : -real / delta;
    block[16 + 4 * j + i] = imaginary / delta;
  };
  set(RIGHT, RIGHT, 0, 2 * ri);
  set(LEFT, LEFT, 0, -2 * ri);
  set(UP, UP, 0, -2 * pi);
  set(DOWN, DOWN, 0, 2 * pi);
  set(RIGHT, LEFT, 2 * rr - pr * r2, -pi * r2);
  set(UP, DOWN, 2 * pr - rr * p2, -ri * p2);
  set(RIGHT, UP, 2 - pr * rr - pi * ri, pr * ri - pi * rr);
  set(RIGHT, DOWN, 2 - pr * rr + pi * ri, -pr * ri - pi * rr);
  set(LEFT, UP, pr * rr - pi * ri - 2, -pr * ri - pi * rr);
  set(LEFT, DOWN, 2 - pr * rr - pi * ri, pi * rr - pr * ri);
}

/** Add block·e^{i kx dx} to the sums over kx for every dx. */
function addTransformed(
  block: Float64Array,
  x: MomentumAxis,
  kx: number,
  columns: number,
  real: Float64Array,
  imaginary: Float64Array,
): void {
  for (let dx = 0; dx < columns; dx++) {
    const [c, s] = x.phase(kx, dx);
    for (let entry = 0; entry < 16; entry++) {
      const re = block[entry];
      const im = block[16 + entry];
      real[entry * columns + dx] += c * re - s * im;
      imaginary[entry * columns + dx] += c * im + s * re;
    }
  }
}
