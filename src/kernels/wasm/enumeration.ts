import { LogSumExp } from "../../statistics/index.js";
import { requireStates, stateCount } from "../enumerated-states.js";
import type { EnumerationKernels, LayerParameters, SufficientStatistics } from "../interface.js";
import type { SharedMemory } from "./memory.js";
import type { ThreadPool } from "./pool.js";
import { Staging } from "./staging.js";
import { BLOCK, TABLE_BYTES, traceLayer, type TracedLayer } from "./traced-layer.js";

/** Words of the record `Moments` (assembly/moments.ts). */
const MOMENTS_WORDS = 6;

/** Costs in elementary additions: of H of a state and of each traced unit in it; of e^x; of a mean, and each q times it. */
const COST = { state: 30, trace: 3, exp: 20, mean: 8, moments: 3 };

/**
 * The sums over all states on WebAssembly SIMD (assembly/traced.ts, enumeration.ts, moments.ts). States come in blocks of
 * 256 and every block's numbers are made by one thread, so that the results do not depend on the number of threads.
 */
export class WasmEnumerationKernels implements EnumerationKernels {
  constructor(
    private readonly memory: SharedMemory,
    private readonly pool: ThreadPool,
  ) {}

  hamiltonians(layer: LayerParameters, out: Float64Array): void {
    requireStates(layer.visible, out);
    this.#withStaging((staging) => {
      const traced = this.#trace(staging, layer, 0);
      const target = outputOf(out, this.memory, staging);
      this.pool.run(
        "hamiltonians",
        traceWork(layer, traced),
        traced.record,
        target.address,
        traced.mirrored ? 1 : 0,
      );
      target.finish();
    });
  }

  logPartition(layer: LayerParameters): number {
    stateCount(layer.visible);
    return this.#withStaging((staging) => {
      const traced = this.#trace(staging, layer, 0);
      const blocks = blockCount(2 ** traced.free);
      const sums = staging.scratch(8 * blocks);
      this.pool.run("logPartitions", traceWork(layer, traced), traced.record, sums);
      const total = logSum(this.memory.float64(sums, blocks));
      return traced.mirrored ? total + Math.LN2 : total;
    });
  }

  distribution(hamiltonians: Float64Array, out: Float64Array): number {
    const states = hamiltonians.length;
    return this.#withStaging((staging) => {
      const blocks = blockCount(states);
      const source = staging.read(hamiltonians);
      const target = outputOf(out, this.memory, staging);
      const sums = staging.scratch(8 * blocks);
      this.pool.run("logSums", COST.exp * states, source, states, sums);
      const logPartition = logSum(this.memory.float64(sums, blocks));
      this.memory.float64(sums, 1)[0] = logPartition;
      this.pool.run("probabilities", COST.exp * states, source, states, sums, target.address);
      target.finish();
      return logPartition;
    });
  }

  statistics(layer: LayerParameters, qs: readonly Float64Array[]): readonly SufficientStatistics[] {
    for (const q of qs) requireStates(layer.visible, q);
    return this.#withStaging((staging) => {
      const traced = this.#trace(staging, layer, 2 * TABLE_BYTES * qs.length);
      const { record, free, mirrored } = traced;
      const sums = new SumsLayout(layer.hidden + 1, qs.length, free);
      const address = staging.scratch(sums.bytes);
      const tables = staging.scratch(4 * qs.length);
      const request = staging.scratch(4 * MOMENTS_WORDS);
      const sources = qs.map((q) => staging.read(q));
      this.memory.int32(tables, qs.length).set(sources);
      const states = 2 ** layer.visible;
      this.memory
        .int32(request, MOMENTS_WORDS)
        .set([record, tables, qs.length, states, mirrored ? 1 : 0, address]);
      const work = 2 ** free * (layer.hidden + 1) * (COST.mean + COST.moments * qs.length);
      this.pool.run("moments", work, request);
      const values = this.memory.float64(address, sums.bytes / 8);
      return qs.map((_, index) => statisticsOf(layer, traced, sums, values, index));
    });
  }

  #trace(staging: Staging, layer: LayerParameters, ownBytes: number): TracedLayer {
    return traceLayer(layer, this.memory, staging, this.pool.threads, ownBytes);
  }

  #withStaging<T>(call: (staging: Staging) => T): T {
    const staging = new Staging(this.memory);
    try {
      return call(staging);
    } finally {
      staging.finish();
    }
  }
}

/** Where the sums of `Moments` lie: vectors of two doubles, by column (a traced unit, or 1 in place of t), q and entry. */
class SumsLayout {
  readonly #vectors: number;

  constructor(
    private readonly columns: number,
    private readonly count: number,
    free: number,
  ) {
    this.#vectors = Math.max(8, free) + 1;
  }

  get bytes(): number {
    return 16 * this.columns * this.count * this.#vectors;
  }

  /** Index of the first of the two doubles of entry i ≤ 24, or of the last entry. */
  indexOf(column: number, q: number, entry: number | "last"): number {
    const within = entry === "last" ? this.#vectors - 1 : entry;
    return 2 * ((column * this.count + q) * this.#vectors + within);
  }
}

/** The averages of one q, from the partial sums of assembly/moments.ts. */
function statisticsOf(
  { units, visible, hidden }: LayerParameters,
  { free, mirrored }: TracedLayer,
  layout: SumsLayout,
  sums: Float64Array,
  q: number,
): SufficientStatistics {
  const spin = units === "spin";
  const pair = (column: number, entry: number | "last"): number => {
    const at = layout.indexOf(column, q, entry);
    return sums[at] + sums[at + 1];
  };
  /** Σ f(v) v_i for every unit i. */
  const moments = (column: number, out: Float64Array, offset: number, stride: number): void => {
    const at = layout.indexOf(column, q, 0);
    const total = sums[at] + sums[at + 1];
    out[offset] = spin ? sums[at + 1] - sums[at] : sums[at + 1];
    for (let i = 1; i < free; i++) {
      const up = pair(column, i);
      out[offset + i * stride] = spin ? 2 * up - total : up;
    }
    if (mirrored) out[offset + free * stride] = -total; // the last unit is down in all enumerated states
  };
  const weights = new Float64Array(visible * hidden);
  const visibleBias = new Float64Array(visible);
  for (let j = 0; j < hidden; j++) moments(j, weights, j, hidden);
  moments(hidden, visibleBias, 0, 1);
  const hiddenBias = Float64Array.from({ length: hidden }, (_, j) => pair(j, mirrored ? "last" : 0));
  return { weights, visibleBias, hiddenBias };
}

/** Where the module writes a table, and what brings it to `out` if that lies elsewhere. */
function outputOf(
  out: Float64Array,
  memory: SharedMemory,
  staging: Staging,
): { readonly address: number; finish(): void } {
  if (memory.owns(out)) return { address: out.byteOffset, finish: () => undefined };
  const address = staging.scratch(out.byteLength);
  return {
    address,
    finish: () => {
      out.set(memory.float64(address, out.length));
    },
  };
}

function blockCount(states: number): number {
  return Math.ceil(states / BLOCK);
}

function traceWork({ hidden }: LayerParameters, { free }: TracedLayer): number {
  return 2 ** free * (COST.state + COST.trace * hidden);
}

/** ln Σ e^{x}, in order. */
function logSum(terms: Float64Array): number {
  const total = new LogSumExp();
  for (const term of terms) total.add(term);
  return total.value;
}
