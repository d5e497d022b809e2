import {
  BLOCK,
  blockCount,
  blockFactors,
  blockStates,
  FACTORS,
  ownTables,
  PRODUCT,
  RATIOS,
  ratioTable,
  TABLE,
  Traced,
  workspaceOf,
} from "./traced";
import { share } from "./workspace";

/** Weights q(v) over the states of one layer, and where their moments go. A record (see kernels/wasm/enumeration.ts). */
@unmanaged
class Moments {
  traced: Traced;
  /** Addresses of the tables of weights. */
  weights: usize;
  count: i32;
  /** States of a table. */
  states: i32;
  /**
   * 1 if only the first half of the states is enumerated, the means of the other half being those of the complements
   * negated: q(v) + q(−v) then weighs what is even under v → −v, q(v) − q(−v) what is odd.
   */
  mirrored: i32;
  /**
   * For every traced unit and one more whose mean is 1, and for all q: two partial sums of f(v) = q(v) t(v) over the
   * states with v_i up, i from 1 on (in place of i = 0: over those with v_0 down, and up), then of q odd times t.
   */
  sums: usize;
}

/** Vectors of one column of sums. */
@inline
function columnVectors(traced: Traced): i32 {
  return max(8, traced.free) + 1;
}

/** The sums of a request; threads share its columns. */
export function moments(request: Moments, thread: i32, threads: i32): void {
  const traced = request.traced;
  const columns = traced.units + 1;
  const first = share(columns, thread, threads);
  const end = share(columns, thread + 1, threads);
  const bytes = <usize>(columnVectors(traced) * request.count) << 4;
  memory.fill(request.sums + <usize>first * bytes, 0, <usize>(end - first) * bytes);
  const workspace = workspaceOf(traced, thread);
  const weights = workspace + ownTables(traced);
  for (let block = 0; block < blockCount(traced); block++) {
    gatherWeights(request, block, weights);
    blockFactors(traced, block, workspace);
    for (let column = first; column < end; column++) {
      unitMeans(traced, column, block, workspace);
      addColumn(request, column, block, workspace, weights, request.sums + <usize>column * bytes);
    }
  }
}

/** The weights of a block as two tables for each q, even and odd; states that are not there weigh nothing. */
function gatherWeights(request: Moments, block: i32, weights: usize): void {
  const bytes = <usize>blockStates(request.traced) << 3;
  const first = <usize>block * TABLE;
  for (let q = 0; q < request.count; q++) {
    const source = load<usize>(request.weights + (<usize>q << 2)) + first;
    const even = weights + <usize>q * 2 * TABLE;
    if (bytes < TABLE) memory.fill(even, 0, 2 * TABLE);
    if (request.mirrored == 0) {
      memory.copy(even, source, bytes);
      continue;
    }
    const mirror = source - 2 * first + (<usize>request.states << 3) - 16;
    for (let k: usize = 0; k < bytes; k += 16) {
      const here = v128.load(source + k);
      const reversed = v128.load(mirror - k);
      const there = v128.shuffle<u64>(reversed, reversed, 1, 0);
      v128.store(even + k, f64x2.add(here, there));
      v128.store(even + TABLE + k, f64x2.sub(here, there));
    }
  }
}

/** The workspace's first table becomes the means of a unit in all states of a block; 1 after the last unit. */
function unitMeans(traced: Traced, unit: i32, block: i32, workspace: usize): void {
  const one = f64x2.splat(1);
  if (unit == traced.units) {
    for (let k: usize = 0; k < TABLE; k += 16) v128.store(workspace + k, one);
    return;
  }
  const table = ratioTable(traced, unit, block, workspace + RATIOS, 0);
  const factor = v128.load64_splat(workspace + FACTORS + (<usize>unit << 3));
  const lower = f64x2.splat(traced.signed != 0 ? 1 : 0);
  for (let k: usize = 0; k < TABLE; k += 16) {
    const ratio = f64x2.mul(v128.load(table + k), factor);
    v128.store(workspace + k, f64x2.div(f64x2.sub(ratio, lower), f64x2.add(ratio, one)));
  }
}

/** Add what one block tells about one column. */
function addColumn(
  request: Moments,
  column: i32,
  block: i32,
  workspace: usize,
  weights: usize,
  sums: usize,
): void {
  const traced = request.traced;
  const mirrored = request.mirrored != 0;
  const bytes = <usize>columnVectors(traced) << 4;
  for (let q = 0; q < request.count; q++) {
    const even = weights + <usize>q * 2 * TABLE;
    const odd = even + TABLE;
    foldBlock(mirrored && column == traced.units ? odd : even, workspace, workspace + PRODUCT, sums, block);
    if (mirrored) addTo(sums + bytes - 16, dotProduct(odd, workspace));
    sums += bytes;
  }
}

@inline
function addTo(at: usize, value: v128): void {
  v128.store(at, f64x2.add(v128.load(at), value));
}

@inline
function product(a: usize, b: usize, offset: usize): v128 {
  return f64x2.mul(v128.load(a + offset), v128.load(b + offset));
}

/**
 * Add the moments of f = w t of one block to a column of sums. The units are summed out from the top, which folds f in
 * half each time: the top three of eight at once, into `folded`.
 */
function foldBlock(w: usize, t: usize, folded: usize, sums: usize, block: i32): void {
  let up5 = f64x2.splat(0);
  let up6 = f64x2.splat(0);
  let up7 = f64x2.splat(0);
  for (let k: usize = 0; k < 256; k += 16) {
    const f1 = product(w + k, t + k, 256);
    const f3 = product(w + k, t + k, 768);
    const f01 = f64x2.add(product(w + k, t + k, 0), f1);
    const f23 = f64x2.add(product(w + k, t + k, 512), f3);
    const f5 = product(w + k, t + k, 1280);
    const f7 = product(w + k, t + k, 1792);
    const f45 = f64x2.add(product(w + k, t + k, 1024), f5);
    const f67 = f64x2.add(product(w + k, t + k, 1536), f7);
    const upper = f64x2.add(f45, f67);
    up5 = f64x2.add(up5, f64x2.add(f64x2.add(f1, f3), f64x2.add(f5, f7)));
    up6 = f64x2.add(up6, f64x2.add(f23, f67));
    up7 = f64x2.add(up7, upper);
    v128.store(folded + k, f64x2.add(f64x2.add(f01, f23), upper));
  }
  addTo(sums + 5 * 16, up5);
  addTo(sums + 6 * 16, up6);
  addTo(sums + 7 * 16, up7);
  for (let unit = 4; unit > 0; unit--) {
    const half = <usize>8 << unit;
    let up = f64x2.splat(0);
    for (let k: usize = 0; k < half; k += 16) {
      const upper = v128.load(folded + half + k);
      up = f64x2.add(up, upper);
      addTo(folded + k, upper);
    }
    addTo(sums + (<usize>unit << 4), up);
  }
  const total = v128.load(folded);
  addTo(sums, total);
  for (let rest = block, at = sums + 8 * 16; rest != 0; rest >>= 1, at += 16) {
    if ((rest & 1) != 0) addTo(at, total);
  }
}

/** Two partial sums of Σ a b over a block. */
function dotProduct(a: usize, b: usize): v128 {
  let s0 = f64x2.splat(0);
  let s1 = f64x2.splat(0);
  let s2 = f64x2.splat(0);
  let s3 = f64x2.splat(0);
  for (let k: usize = 0; k < TABLE; k += 64) {
    s0 = f64x2.add(s0, product(a + k, b + k, 0));
    s1 = f64x2.add(s1, product(a + k, b + k, 16));
    s2 = f64x2.add(s2, product(a + k, b + k, 32));
    s3 = f64x2.add(s3, product(a + k, b + k, 48));
  }
  return f64x2.add(f64x2.add(s0, s1), f64x2.add(s2, s3));
}
