import { exp, softplus } from "../elementary.js";
import type { LayerParameters } from "../interface.js";
import type { SharedMemory } from "./memory.js";
import type { Staging } from "./staging.js";

/** States of a block, bytes of a table of so many doubles, and tables in every workspace (assembly/traced.ts). */
export const BLOCK = 256;
export const TABLE_BYTES = 8 * BLOCK;
const WORKSPACE_TABLES = 4;

/** Enumerated units within a block: a table is indexed by their states. */
const LOW_UNITS = 8;

/** Units whose |slope·x| can exceed this are wide (LIMIT of assembly/traced.ts). */
const LIMIT = 340;

/** The product of all 1 + R is kept below e^700; two of them are at most e^681. */
const MAX_LOG_PRODUCT = 700;

/** Words of the record `Traced`. */
const RECORD_WORDS = 10;

/** The traced layer as the WebAssembly kernels take it. */
export interface TracedLayer {
  /** Address of the record `Traced` (assembly/traced.ts). */
  readonly record: number;
  /** Enumerated units that take both values: all, or all but the last. */
  readonly free: number;
  readonly mirrored: boolean;
}

/** a + Σ_i s_i b_i over the enumerated units, s_i = 1 where unit i is in its upper state and else 0. */
interface LinearFunction {
  readonly atZero: number;
  readonly steps: Float64Array;
}

/**
 * Write what assembly/traced.ts needs to know of a layer whose visible units are enumerated and whose hidden units are
 * traced, into memory that lives as long as `staging`. `ownBytes` are added to the private memory of each of the threads.
 */
export function traceLayer(
  layer: LayerParameters,
  memory: SharedMemory,
  staging: Staging,
  threads: number,
  ownBytes: number,
): TracedLayer {
  const mirrored = isMirrored(layer);
  const free = layer.visible - (mirrored ? 1 : 0);
  const units = layer.hidden;
  const padded = units + (units & 1);
  const rows = 1 + Math.max(0, free - LOW_UNITS);
  const workspaceBytes = cacheLines(WORKSPACE_TABLES * TABLE_BYTES + cacheLines(8 * padded) + ownBytes);
  const tables = staging.scratch(TABLE_BYTES * (padded + 1));
  const factors = staging.scratch(8 * padded * rows);
  const sums = staging.scratch(8 * (padded + 1) * rows);
  const wide = staging.scratch(padded);
  const folds = staging.scratch(padded / 2);
  const workspaces = staging.scratch(threads * workspaceBytes);
  const record = staging.scratch(4 * RECORD_WORDS);

  const tableOf = (unit: number): Float64Array => memory.float64(tables + TABLE_BYTES * unit, BLOCK);
  const factorOf = memory.float64(factors, padded * rows).fill(1);
  const sumOf = memory.float64(sums, (padded + 1) * rows).fill(0);
  const isWide = memory.bytes(wide, padded).fill(0);
  const largest = new Float64Array(padded);
  tableOf(padded - 1).fill(0); // of a unit that is not there, R = 0; overwritten if it is
  for (let unit = 0; unit < units; unit++) {
    const exponent = ratioExponent(layer, free, unit);
    const [low, high] = extremes(exponent);
    if (low >= -LIMIT && high <= LIMIT) {
      fillProducts(exponent, tableOf(unit));
      factorOf[unit] = exp(exponent.atZero);
      for (let row = 1; row < rows; row++) {
        factorOf[row * padded + unit] = exp(exponent.steps[LOW_UNITS + row - 1]);
      }
      largest[unit] = softplus(high);
    } else {
      isWide[unit] = 1;
      fillSums(exponent, tableOf(unit));
      setColumn(exponent, sumOf, unit, padded + 1, rows);
      largest[unit] = softplus(LIMIT);
    }
  }
  const linear = linearPart(layer, free);
  fillSums(linear, tableOf(padded));
  setColumn(linear, sumOf, padded, padded + 1, rows);
  memory.bytes(folds, padded / 2).set(foldsAfter(largest));
  memory
    .int32(record, RECORD_WORDS)
    .set([
      free,
      units,
      layer.units === "spin" ? 1 : 0,
      tables,
      factors,
      sums,
      wide,
      folds,
      workspaces,
      workspaceBytes,
    ]);
  return { record, free, mirrored };
}

/**
 * Spin units without biases have H_λ(−v) = H_λ(v) and t(−v) = −t(v): half of the states, those with the last spin down,
 * tell the other half, whose numbers are the complements 2^n − 1 − state.
 */
function isMirrored({ units, visible, visibleBias, hiddenBias }: LayerParameters): boolean {
  const isZero = (value: number): boolean => value === 0;
  return units === "spin" && visible > 1 && visibleBias.every(isZero) && hiddenBias.every(isZero);
}

/** slope·x_j, the logarithm of R_j = P(upper)/P(lower): slope 2 for units ±1, 1 for units 0/1. */
function ratioExponent(
  { units, visible, hidden, weights, hiddenBias }: LayerParameters,
  free: number,
  j: number,
): LinearFunction {
  const slope = units === "spin" ? 2 : 1;
  let atZero = hiddenBias[j];
  if (units === "spin") for (let i = 0; i < visible; i++) atZero -= weights[i * hidden + j];
  const steps = Float64Array.from({ length: free }, (_, i) => slope * slope * weights[i * hidden + j]);
  return { atZero: slope * atZero, steps };
}

/** −H_λ − Σ_j ln(1 + R_j): c·v for units 0/1, c·v − Σ_j x_j for units ±1, whose ln 2cosh x is ln(1 + R) − x. */
function linearPart(
  { units, visible, hidden, weights, visibleBias, hiddenBias }: LayerParameters,
  free: number,
): LinearFunction {
  const spin = units === "spin";
  const coefficients = Float64Array.from({ length: visible }, (_, i) => {
    let sum = visibleBias[i];
    if (spin) for (let j = 0; j < hidden; j++) sum -= weights[i * hidden + j];
    return sum;
  });
  if (!spin) return { atZero: 0, steps: coefficients };
  let atZero = 0;
  for (const bias of hiddenBias) atZero -= bias;
  for (const coefficient of coefficients) atZero -= coefficient;
  return { atZero, steps: coefficients.subarray(0, free).map((coefficient) => 2 * coefficient) };
}

/** The smallest and the largest value over all states. */
function extremes({ atZero, steps }: LinearFunction): readonly [number, number] {
  let [low, high] = [atZero, atZero];
  for (const step of steps) {
    low += Math.min(step, 0);
    high += Math.max(step, 0);
  }
  return [low, high];
}

/** out[s] = Π e^{steps}, of the low units alone; units that are not there change nothing. */
function fillProducts({ steps }: LinearFunction, out: Float64Array): void {
  out[0] = 1;
  for (let i = 0; i < LOW_UNITS; i++) {
    const half = 1 << i;
    const factor = i < steps.length ? exp(steps[i]) : 1;
    for (let state = 0; state < half; state++) out[half + state] = out[state] * factor;
  }
}

/** out[s] = Σ steps, of the low units alone. */
function fillSums({ steps }: LinearFunction, out: Float64Array): void {
  out[0] = 0;
  for (let i = 0; i < LOW_UNITS; i++) {
    const half = 1 << i;
    const step = i < steps.length ? steps[i] : 0;
    for (let state = 0; state < half; state++) out[half + state] = out[state] + step;
  }
}

/** The value in state 0 and the steps of the units above the low ones, down a column of a matrix. */
function setColumn(
  { atZero, steps }: LinearFunction,
  out: Float64Array,
  column: number,
  stride: number,
  rows: number,
): void {
  out[column] = atZero;
  for (let row = 1; row < rows; row++) out[row * stride + column] = steps[LOW_UNITS + row - 1];
}

/** 1 after every pair of units where the next pair could carry the product too far, and after the last one. */
function foldsAfter(largest: Float64Array): Uint8Array {
  const folds = new Uint8Array(largest.length / 2);
  let total = 0;
  for (let pair = 0; pair < folds.length; pair++) {
    const next = largest[2 * pair] + largest[2 * pair + 1];
    total += next;
    if (pair > 0 && total > MAX_LOG_PRODUCT) {
      folds[pair - 1] = 1;
      total = next;
    }
  }
  folds[folds.length - 1] = 1;
  return folds;
}

/** Bytes rounded up to whole cache lines. */
function cacheLines(bytes: number): number {
  return 64 * Math.ceil(bytes / 64);
}
