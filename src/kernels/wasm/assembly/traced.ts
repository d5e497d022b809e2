import { expPair, logPair } from "./double";

/**
 * One layer summed out for every state of the other. A traced unit with input x enters through its ratio
 * R = P(upper)/P(lower) = e^{slope·x}, slope 2 for units ±1 and 1 for units 0/1, and a ratio is a product over the
 * enumerated units. States come in blocks of 256 that differ in the low eight units only: within a block R is an entry of
 * a table times a factor, one multiplication a state. Units whose |slope·x| can exceed LIMIT are summed and exponentiated.
 */

/** States of a block. */
@inline
export const BLOCK: i32 = 256;

/** Bytes of 256 doubles. */
@inline
export const TABLE: usize = 2048;

/** Beyond this e^z is 0 or ∞ beside 1, and the product of two ratios still is a number. */
@inline
const LIMIT: f64 = 340;

/** What is known of the traced layer. A record in memory (see kernels/wasm/traced-layer.ts). */
@unmanaged
export class Traced {
  /** Enumerated units that take both values. */
  free: i32;
  /** Traced units; the tables have room for an even number. */
  units: i32;
  /** 1 for units ±1. */
  signed: i32;
  /** Of every traced unit, R by the low eight bits of the state, relative to all of them 0; slope·x of a wide unit. */
  tables: usize;
  /** R of every traced unit in state 0, then for each bit from the ninth on the factor of setting it; 1 for wide units. */
  factors: usize;
  /** The same for slope·x, a sum; of wide units only. The last column is the linear part of −H, as is the last table. */
  sums: usize;
  /** 1 for wide units, a byte each. */
  wide: usize;
  /** 1 where the logarithm of the product must be taken after this pair of units, a byte each. */
  folds: usize;
  /** Memory of all threads, and how much of it each has. */
  workspaces: usize;
  workspaceBytes: i32;
}

/** The private memory of a thread: H of the states of a block, the product of all 1 + R, ratios, then two more tables. */
@inline
export const PRODUCT: usize = TABLE;

@inline
export const RATIOS: usize = 2 * TABLE;

/** Tables that every operation has; the factors of the units and the operation's own tables follow. */
@inline
export const FACTORS: usize = 4 * TABLE;

/** Where the operation's own tables begin: on the next cache line. */
@inline
export function ownTables(traced: Traced): usize {
  return FACTORS + (((<usize>padded(traced) << 3) + 63) & ~63);
}

@inline
export function workspaceOf(traced: Traced, thread: i32): usize {
  return traced.workspaces + <usize>thread * traced.workspaceBytes;
}

/** Units of the tables: an even number. */
@inline
function padded(traced: Traced): i32 {
  return (traced.units + 1) & ~1;
}

/** Blocks that the enumerated states fill, the last one perhaps in part. */
@inline
export function blockCount(traced: Traced): i32 {
  return traced.free > 8 ? 1 << (traced.free - 8) : 1;
}

/** States of a block that are really there. */
@inline
export function blockStates(traced: Traced): i32 {
  return min(BLOCK, 1 << traced.free);
}

/** The factors of all units in a block. */
export function blockFactors(traced: Traced, block: i32, workspace: usize): void {
  const bytes = <usize>padded(traced) << 3;
  const out = workspace + FACTORS;
  memory.copy(out, traced.factors, bytes);
  let row = traced.factors + bytes;
  for (let rest = block; rest != 0; rest >>= 1, row += bytes) {
    if ((rest & 1) == 0) continue;
    for (let k: usize = 0; k < bytes; k += 16) {
      v128.store(out + k, f64x2.mul(v128.load(out + k), v128.load(row + k)));
    }
  }
}

/** What the bits from the ninth on and the state 0 add to a column of `sums`. */
function blockSum(traced: Traced, column: i32, block: i32): f64 {
  const stride = <usize>(padded(traced) + 1) << 3;
  let row = traced.sums + (<usize>column << 3);
  let sum = load<f64>(row);
  for (let rest = block; rest != 0; rest >>= 1) {
    row += stride;
    if ((rest & 1) != 0) sum += load<f64>(row);
  }
  return sum;
}

/**
 * The table of a unit's R in a block, up to its factor. Those of a wide unit are made here, at `scratch`, and what
 * ln(1 + R) exceeds that of a limited R by is taken from H, if there is an H.
 */
export function ratioTable(traced: Traced, unit: i32, block: i32, scratch: usize, hamiltonians: usize): usize {
  const table = traced.tables + <usize>unit * TABLE;
  if (load<u8>(traced.wide + unit) == 0) return table;
  const sum = f64x2.splat(blockSum(traced, unit, block));
  for (let k: usize = 0; k < TABLE; k += 16) {
    const z = f64x2.add(v128.load(table + k), sum);
    const limited = f64x2.min(f64x2.max(z, f64x2.splat(-LIMIT)), f64x2.splat(LIMIT));
    v128.store(scratch + k, expPair(limited));
    if (hamiltonians == 0) continue;
    const excess = f64x2.max(f64x2.sub(z, f64x2.splat(LIMIT)), f64x2.splat(0));
    v128.store(hamiltonians + k, f64x2.sub(v128.load(hamiltonians + k), excess));
  }
  return scratch;
}

/** The workspace's first table becomes H of every state of a block: −(linear part) − Σ_units ln(1 + R). */
export function blockHamiltonians(traced: Traced, block: i32, workspace: usize): void {
  const units = padded(traced);
  const linear = f64x2.splat(blockSum(traced, units, block));
  const table = traced.tables + <usize>units * TABLE;
  for (let k: usize = 0; k < TABLE; k += 16) {
    v128.store(workspace + k, f64x2.neg(f64x2.add(v128.load(table + k), linear)));
    v128.store(workspace + PRODUCT + k, f64x2.splat(1));
  }
  blockFactors(traced, block, workspace);
  for (let unit = 0; unit < units; unit += 2) {
    const first = ratioTable(traced, unit, block, workspace + RATIOS, workspace);
    const second = ratioTable(traced, unit + 1, block, workspace + RATIOS + TABLE, workspace);
    multiplyPair(first, second, workspace + FACTORS + (<usize>unit << 3), workspace + PRODUCT);
    if (load<u8>(traced.folds + (unit >> 1)) != 0) takeLogarithms(workspace);
  }
}

/** product ← product (1 + R₁)(1 + R₂) */
function multiplyPair(first: usize, second: usize, factors: usize, product: usize): void {
  const f1 = v128.load64_splat(factors, 0);
  const f2 = v128.load64_splat(factors, 8);
  const one = f64x2.splat(1);
  for (let k: usize = 0; k < TABLE; k += 32) {
    const a = f64x2.add(f64x2.mul(v128.load(first + k, 0), f1), one);
    const b = f64x2.add(f64x2.mul(v128.load(second + k, 0), f2), one);
    const c = f64x2.add(f64x2.mul(v128.load(first + k, 16), f1), one);
    const d = f64x2.add(f64x2.mul(v128.load(second + k, 16), f2), one);
    v128.store(product + k, f64x2.mul(v128.load(product + k, 0), f64x2.mul(a, b)), 0);
    v128.store(product + k, f64x2.mul(v128.load(product + k, 16), f64x2.mul(c, d)), 16);
  }
}

/** H ← H − ln(product), product ← 1 */
function takeLogarithms(workspace: usize): void {
  for (let k: usize = 0; k < TABLE; k += 16) {
    const logarithm = logPair(v128.load(workspace + PRODUCT + k));
    v128.store(workspace + k, f64x2.sub(v128.load(workspace + k), logarithm));
    v128.store(workspace + PRODUCT + k, f64x2.splat(1));
  }
}
