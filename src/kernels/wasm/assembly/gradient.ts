import { fetch } from "./fetch";
import { addLookups, blockRows, buildTables, TILE } from "./tables";
import { MAX_ROWS, share, SUMS, workspaceOf } from "./workspace";

/** One term scale · Σ_s v_s p_sᵀ; `digits` are the column digits of its visible configurations. */
@unmanaged
class Term {
  /** p, rows × hidden. */
  means: usize;
  rows: i32;
  scale: f32;
  digits: usize;
  digitStride: i32;
  /** Bits of a digit. */
  group: i32;
}

@inline
const TERM_BYTES: usize = 24;

/** A sum of terms and what to do with it. A record in memory (see kernels/wasm/rbm.ts). */
@unmanaged
class Gradient {
  visible: i32;
  hidden: i32;
  /** 1 for spin units. */
  signed: i32;
  terms: usize;
  termCount: i32;
  /** Pairs of addresses: v, `visible` numbers, and h, `hidden` numbers with room for whole tiles. The sum starts with v hᵀ. */
  outerProducts: usize;
  outerCount: i32;
  /** Where the sum is added, or 0 to take a descent step with it. */
  out: usize;
  weights: usize;
  velocity: usize;
  momentum: f32;
  /** rate · l2 and rate · l1. */
  shrinkage: f32;
  subgradient: f32;
  threshold: f32;
  workspaces: usize;
}

/** Tiles whose part of a large matrix is brought into the cache at a time. */
@inline
const PANEL_TILES: i32 = 4;

/** Numbers of a matrix from which on it counts as large: with the velocity 16 MiB, which no cache keeps until the next step. */
@inline
const LARGE: i32 = 1 << 21;

/**
 * Work on a gradient. Tiles of 16 columns are shared out evenly; those left over are shared by visible units. No result
 * depends on the number of threads: every number is made by one thread, in one order.
 */
export function gradient(request: Gradient, thread: i32, threads: i32): void {
  const workspace = workspaceOf(request.workspaces, thread);
  const tiles = (request.hidden + TILE - 1) / TILE;
  const own = tiles / threads;
  runTiles(request, own * thread, own * (thread + 1), 0, request.visible, workspace);
  const first = share(request.visible, thread, threads);
  const end = share(request.visible, thread + 1, threads);
  runTiles(request, own * threads, tiles, first, end, workspace);
}

/** Rows `first` … `end` − 1 of some tiles, as many rows at a time as the workspace has room for. */
function runTiles(request: Gradient, firstTile: i32, endTile: i32, first: i32, end: i32, workspace: usize): void {
  const large = <i64>request.visible * request.hidden >= LARGE;
  const chunks = (end - first + MAX_ROWS - 1) / MAX_ROWS;
  for (let chunk = 0; chunk < chunks; chunk++) {
    const start = first + share(end - first, chunk, chunks);
    const rows = first + share(end - first, chunk + 1, chunks) - start;
    for (let tile = firstTile; tile < endTile; tile++) {
      if (large && (tile - firstTile) % PANEL_TILES == 0) {
        fetchPanel(request, tile * TILE, min(PANEL_TILES, endTile - tile), start, rows, workspace);
      }
      runRows(request, tile * TILE, start, rows, workspace);
    }
  }
}

/** Bring what the step changes into the cache. */
function fetchPanel(request: Gradient, column: i32, tiles: i32, first: i32, rows: i32, workspace: usize): void {
  const stride = <usize>request.hidden << 2;
  const offset = (<usize>first * request.hidden + column) << 2;
  if (request.out != 0) {
    fetch(request.out + offset, stride, rows, tiles, workspace + SUMS);
  } else {
    fetch(request.weights + offset, stride, rows, tiles, workspace + SUMS);
    fetch(request.velocity + offset, stride, rows, tiles, workspace + SUMS);
  }
}

function runRows(request: Gradient, column: i32, first: i32, rows: i32, workspace: usize): void {
  const sums = workspace + SUMS;
  memory.fill(sums, 0, <usize>rows << 6);
  for (let k = 0; k < request.outerCount; k++) {
    const outer = request.outerProducts + (<usize>k << 3);
    const visible = load<usize>(outer) + (<usize>first << 2);
    addOuterProduct(visible, load<usize>(outer, 4) + (<usize>column << 2), rows, sums);
  }
  const stride = <usize>request.hidden << 2;
  const valid = min(TILE, request.hidden - column);
  const offset = (<usize>first * request.hidden + column) << 2;
  const fused = request.out == 0 && valid == TILE;
  for (let t = 0; t < request.termCount; t++) {
    const term = changetype<Term>(request.terms + <usize>t * TERM_BYTES);
    const group = term.group;
    const block = blockRows(group);
    for (let s = 0; s < term.rows; s += block) {
      const count = min(block, term.rows - s);
      const source = term.means + <usize>s * stride + (<usize>column << 2);
      buildTables(workspace, group, source, stride, count, term.scale, request.signed != 0);
      const digits = term.digits + <usize>first * term.digitStride + s / group;
      const groups = (count + group - 1) / group;
      if (fused && t + 1 == request.termCount && s + block >= term.rows) {
        descendLookups(request, workspace, term, groups, digits, rows, sums, offset, stride);
        return;
      }
      addLookups(workspace, group, groups, digits, term.digitStride, rows, sums);
    }
  }
  if (request.out != 0) addTile(sums, rows, valid, request.out + offset, stride);
  else descendTile(request, sums, rows, valid, request.weights + offset, request.velocity + offset, stride);
}

/** sums[r] += v_r h for the 16 numbers h of a tile. */
function addOuterProduct(visible: usize, hidden: usize, rows: i32, sums: usize): void {
  const h0 = v128.load(hidden, 0);
  const h1 = v128.load(hidden, 16);
  const h2 = v128.load(hidden, 32);
  const h3 = v128.load(hidden, 48);
  for (let r = 0; r < rows; r++) {
    const v = v128.load_splat<f32>(visible + (<usize>r << 2));
    v128.store(sums, f32x4.add(v128.load(sums, 0), f32x4.mul(v, h0)), 0);
    v128.store(sums, f32x4.add(v128.load(sums, 16), f32x4.mul(v, h1)), 16);
    v128.store(sums, f32x4.add(v128.load(sums, 32), f32x4.mul(v, h2)), 32);
    v128.store(sums, f32x4.add(v128.load(sums, 48), f32x4.mul(v, h3)), 48);
    sums += 64;
  }
}

/** The last lookups of a whole tile (as `addLookups`), and the step with the sums that they complete. */
function descendLookups(
  request: Gradient,
  tables: usize,
  term: Term,
  groups: i32,
  digits: usize,
  rows: i32,
  sums: usize,
  offset: usize,
  stride: usize,
): void {
  const momentum = f32x4.splat(request.momentum);
  const shrinkage = f32x4.splat(request.shrinkage);
  const subgradient = f32x4.splat(request.subgradient);
  const threshold = f32x4.splat(request.threshold);
  const bytes = <usize>64 << term.group;
  const digitStride = <usize>term.digitStride;
  let w = request.weights + offset;
  let u = request.velocity + offset;
  for (let r = 0; r < rows; r++) {
    let a0 = v128.load(sums, 0);
    let a1 = v128.load(sums, 16);
    let a2 = v128.load(sums, 32);
    let a3 = v128.load(sums, 48);
    const end = digits + groups;
    let table = tables;
    let at = digits;
    for (; at + 2 <= end; at += 2) {
      const e = table + (<usize>load<u8>(at) << 6);
      const f = table + bytes + (<usize>load<u8>(at, 1) << 6);
      a0 = f32x4.add(a0, f32x4.add(v128.load(e, 0), v128.load(f, 0)));
      a1 = f32x4.add(a1, f32x4.add(v128.load(e, 16), v128.load(f, 16)));
      a2 = f32x4.add(a2, f32x4.add(v128.load(e, 32), v128.load(f, 32)));
      a3 = f32x4.add(a3, f32x4.add(v128.load(e, 48), v128.load(f, 48)));
      table += 2 * bytes;
    }
    if (at < end) {
      const e = table + (<usize>load<u8>(at) << 6);
      a0 = f32x4.add(a0, v128.load(e, 0));
      a1 = f32x4.add(a1, v128.load(e, 16));
      a2 = f32x4.add(a2, v128.load(e, 32));
      a3 = f32x4.add(a3, v128.load(e, 48));
    }
    descendVector(w, u, a0, momentum, shrinkage, subgradient, threshold);
    descendVector(w + 16, u + 16, a1, momentum, shrinkage, subgradient, threshold);
    descendVector(w + 32, u + 32, a2, momentum, shrinkage, subgradient, threshold);
    descendVector(w + 48, u + 48, a3, momentum, shrinkage, subgradient, threshold);
    sums += 64;
    digits += digitStride;
    w += stride;
    u += stride;
  }
}

/** u ← μu + (g − shrinkage·w − subgradient·sign w), w ← shrink(w + u, threshold); g already has the rate in it. */
@inline
function descendVector(
  weights: usize,
  velocity: usize,
  g: v128,
  momentum: v128,
  shrinkage: v128,
  subgradient: v128,
  threshold: v128,
): void {
  const w = v128.load(weights);
  const u = moved(w, v128.load(velocity), g, momentum, shrinkage, subgradient);
  v128.store(velocity, u);
  v128.store(weights, shrunk(f32x4.add(w, u), threshold));
}

function addTile(sums: usize, rows: i32, valid: i32, out: usize, stride: usize): void {
  for (let r = 0; r < rows; r++) {
    if (valid == TILE) {
      for (let k: usize = 0; k < 64; k += 16) {
        v128.store(out + k, f32x4.add(v128.load(out + k), v128.load(sums + k)));
      }
    } else {
      for (let k: usize = 0; k < <usize>valid << 2; k += 4) {
        store<f32>(out + k, load<f32>(out + k) + load<f32>(sums + k));
      }
    }
    sums += 64;
    out += stride;
  }
}

/** The step of an incomplete tile. */
function descendTile(
  request: Gradient,
  sums: usize,
  rows: i32,
  valid: i32,
  weights: usize,
  velocity: usize,
  stride: usize,
): void {
  const momentum = f32x4.splat(request.momentum);
  const shrinkage = f32x4.splat(request.shrinkage);
  const subgradient = f32x4.splat(request.subgradient);
  const threshold = f32x4.splat(request.threshold);
  for (let r = 0; r < rows; r++) {
    for (let k: usize = 0; k < <usize>valid << 2; k += 4) {
      const w = v128.load32_zero(weights + k);
      const g = v128.load32_zero(sums + k);
      const u = moved(w, v128.load32_zero(velocity + k), g, momentum, shrinkage, subgradient);
      v128.store_lane<f32>(velocity + k, u, 0);
      v128.store_lane<f32>(weights + k, shrunk(f32x4.add(w, u), threshold), 0);
    }
    sums += 64;
    weights += stride;
    velocity += stride;
  }
}

@inline
function moved(w: v128, u: v128, g: v128, momentum: v128, shrinkage: v128, subgradient: v128): v128 {
  const sign = v128.and(
    v128.or(v128.and(w, i32x4.splat(0x80000000)), subgradient),
    f32x4.ne(w, f32x4.splat(0)),
  );
  const force = f32x4.sub(f32x4.sub(g, f32x4.mul(w, shrinkage)), sign);
  return f32x4.add(f32x4.mul(u, momentum), force);
}

/** sign(w) max(|w| − threshold, 0) = w less what of it lies within ±threshold. */
@inline
function shrunk(w: v128, threshold: v128): v128 {
  return f32x4.sub(w, f32x4.pmax(f32x4.pmin(threshold, w), f32x4.neg(threshold)));
}
