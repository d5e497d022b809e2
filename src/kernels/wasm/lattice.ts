import type { SeedKey } from "../../random/index.js";
import type { IsingCouplings, LatticeKernels, LatticeState } from "../interface.js";
import { bondThreshold, swendsenWangSweep, wolffCluster } from "../reference/clusters.js";
import { GROUP_WORDS, laneKey } from "../reference/lane-bernoulli.js";
import {
  heatBathRule,
  heatBathSweep,
  type LocalRule,
  metropolisRule,
  metropolisSweep,
} from "../reference/local-sweeps.js";
import type { SharedMemory } from "./memory.js";
import type { ThreadPool } from "./pool.js";
import { Staging } from "./staging.js";

/** Words of the longest job record (assembly/lanes.ts, assembly/clusters.ts). */
const JOB_WORDS = 16;

/** Most neighbours that the cluster kernels can take. */
const MAX_DEGREE = 8;

/** Costs in elementary additions: a vector of 128 spins in a sweep, a Wolff site, a Swendsen–Wang site. */
const COST = { sweep: 350, wolff: 150, swendsenWang: 200 };

/** From this part of the lattice on, Wolff clusters are worth copying the spins to memory of the thread's own. */
const ISOLATED_FRACTION = 1 / 32;

/** The four updates on WebAssembly SIMD, bit for bit those of the reference; lattices it cannot take go there. */
export class WasmLatticeKernels implements LatticeKernels {
  readonly #job: number;
  readonly #rules: RuleTable;
  readonly #neighbors: NeighborTable;
  readonly #order: Block;
  readonly #sizes: Block;
  readonly #scratch: Block;
  /** Mean part of the lattice in the Wolff clusters of the last call: an estimate for the next one. */
  #clusterFraction = 1;

  constructor(
    private readonly memory: SharedMemory,
    private readonly pool: ThreadPool,
  ) {
    this.#job = memory.allocate(4 * JOB_WORDS);
    this.#rules = new RuleTable(memory);
    this.#neighbors = new NeighborTable(memory);
    this.#order = new Block(memory);
    this.#sizes = new Block(memory);
    this.#scratch = new Block(memory);
  }

  heatBathSweep(state: LatticeState, couplings: IsingCouplings, key: SeedKey): void {
    if (isSweepable(state)) this.#sweep("heatBath", state, couplings, key, 0);
    else heatBathSweep(state, couplings, key);
  }

  metropolisSweep(state: LatticeState, couplings: IsingCouplings, key: SeedKey): void {
    if (!isSweepable(state)) {
      metropolisSweep(state, couplings, key);
      return;
    }
    const { sites } = state;
    const order = this.#order.ofSize(4 * (sites + 16));
    this.pool.exports.randomIntegers(key.word0, key.word1, sites, sites, order);
    this.#sweep("metropolis", state, couplings, key, order);
  }

  wolffCluster(state: LatticeState, couplings: IsingCouplings, key: SeedKey, sizes: Float64Array): void {
    const { sites, degree, chains } = state;
    if (degree > MAX_DEGREE) {
      wolffCluster(state, couplings, key, sizes);
      return;
    }
    const address = this.#sizes.ofSize(4 * chains);
    const work = COST.wolff * this.#clusterFraction * sites * chains;
    this.#updateClusters("wolff", work, state, couplings, key, address);
    const found = this.memory.words(address, chains);
    let total = 0;
    for (let chain = 0; chain < chains; chain++) {
      sizes[chain] += found[chain];
      total += found[chain];
    }
    this.#clusterFraction = total / (sites * chains);
  }

  swendsenWangSweep(state: LatticeState, couplings: IsingCouplings, key: SeedKey): void {
    const work = COST.swendsenWang * state.sites * state.chains;
    if (state.degree > MAX_DEGREE) swendsenWangSweep(state, couplings, key);
    else this.#updateClusters("swendsenWang", work, state, couplings, key, 0);
  }

  #sweep(
    operation: "heatBath" | "metropolis",
    state: LatticeState,
    couplings: IsingCouplings,
    key: SeedKey,
    order: number,
  ): void {
    const { sites, degree, wordsPerSite } = state;
    const groups = wordsPerSite / GROUP_WORDS;
    const { word0, word1 } = laneKey(key);
    const { address, symmetric } = this.#rules.of(operation, couplings, degree);
    const scratch = this.#perThread(this.pool.exports.sweepScratchBytes(sites, groups));
    this.#run(operation, COST.sweep * sites * groups, state, (spins, neighbors) => [
      ...[spins, wordsPerSite, sites, degree, neighbors],
      ...[order, address, symmetric ? 1 : 0, word0, word1, ...scratch],
    ]);
  }

  #updateClusters(
    operation: "wolff" | "swendsenWang",
    work: number,
    state: LatticeState,
    couplings: IsingCouplings,
    key: SeedKey,
    sizes: number,
  ): void {
    const { sites, degree, wordsPerSite, chains } = state;
    const threshold = bondThreshold(couplings);
    const certain = threshold === 4294967296 ? -1 : 0;
    const isolated = this.#clusterFraction >= ISOLATED_FRACTION ? 1 : 0;
    const scratch = this.#perThread(this.pool.exports.clusterScratchBytes(sites));
    this.#run(operation, work, state, (spins, neighbors) => [
      ...[spins, wordsPerSite, sites, degree, neighbors, chains],
      ...[isolated, threshold, certain, key.word0, key.word1, sizes, ...scratch],
    ]);
  }

  /** Run a job whose record is made from the addresses of spins and neighbours. */
  #run(
    operation: "heatBath" | "metropolis" | "wolff" | "swendsenWang",
    work: number,
    state: LatticeState,
    record: (spins: number, neighbors: number) => readonly number[],
  ): void {
    const staging = new Staging(this.memory);
    try {
      const words = record(staging.update(state.spins), this.#neighbors.of(state.neighbors));
      this.memory.int32(this.#job, JOB_WORDS).set(words);
      this.pool.run(operation, work, this.#job);
    } finally {
      staging.finish();
    }
  }

  /** Address and bytes of private memory for every thread, so much for each. */
  #perThread(bytes: number): readonly [number, number] {
    const rounded = 64 * Math.ceil(bytes / 64);
    return [this.#scratch.ofSize(this.pool.threads * rounded), rounded];
  }
}

/** Whether the sweeps have code for the lattice. */
function isSweepable({ degree, wordsPerSite }: LatticeState): boolean {
  return (degree === 2 || degree === 4) && wordsPerSite % GROUP_WORDS === 0;
}

/** A piece of memory that grows with what is asked of it; its contents last until the next question. */
class Block {
  #address = 0;
  #bytes = 0;

  constructor(private readonly memory: SharedMemory) {}

  ofSize(bytes: number): number {
    if (bytes > this.#bytes) {
      if (this.#bytes > 0) this.memory.free(this.#address);
      this.#bytes = 0;
      this.#address = this.memory.allocate(bytes);
      this.#bytes = bytes;
    }
    return this.#address;
  }
}

/** The neighbour table used last, in the shared memory. */
class NeighborTable {
  readonly #block: Block;
  #source: Int32Array | null = null;

  constructor(private readonly memory: SharedMemory) {
    this.#block = new Block(memory);
  }

  of(neighbors: Int32Array): number {
    const address = this.#block.ofSize(neighbors.byteLength);
    if (this.#source !== neighbors) {
      this.memory.int32(address, neighbors.length).set(neighbors);
      this.#source = neighbors;
    }
    return address;
  }
}

/** Words of one function of the number of up neighbours (`valueAt` of assembly/lanes.ts). */
const RULE_WORDS = 5;

/** The functions of a sweep: 32 digits of the probability to resist, whether up is favoured, whether to turn always. */
const RULES = 34;

interface Rules {
  readonly operation: "heatBath" | "metropolis";
  readonly coupling: number;
  readonly field: number;
  readonly degree: number;
  /** Whether all but the favoured state are the same for n and degree − n up neighbours. */
  readonly symmetric: boolean;
}

/** The rules used last, in the shared memory. */
class RuleTable {
  readonly #address: number;
  #last: Rules | null = null;

  constructor(private readonly memory: SharedMemory) {
    this.#address = memory.allocate(4 * RULES * RULE_WORDS);
  }

  of(
    operation: Rules["operation"],
    couplings: IsingCouplings,
    degree: number,
  ): { readonly address: number; readonly symmetric: boolean } {
    const { coupling, field } = couplings;
    const last = this.#last;
    const known =
      last?.operation === operation &&
      last.coupling === coupling &&
      last.field === field &&
      last.degree === degree;
    if (!known) {
      const rule = (operation === "heatBath" ? heatBathRule : metropolisRule)(couplings, degree);
      const symmetric = rule.resists.every((threshold, n) => threshold === rule.resists[degree - n]);
      this.#write(rule, degree);
      this.#last = { operation, coupling, field, degree, symmetric };
      return { address: this.#address, symmetric };
    }
    return { address: this.#address, symmetric: last.symmetric };
  }

  #write({ favored, resists }: LocalRule, degree: number): void {
    const table = this.memory.int32(this.#address, RULES * RULE_WORDS);
    const put = (rule: number, value: (n: number) => boolean): void => {
      table.set(coefficients(degree, value), RULE_WORDS * rule);
    };
    for (let depth = 0; depth < 32; depth++) put(depth, (n) => ((resists[n] >>> (31 - depth)) & 1) === 1);
    put(32, (n) => favored[n]);
    put(33, (n) => resists[n] === 4294967296);
  }
}

/**
 * A function of n ≤ degree as a sum modulo 2 of 1, ones, ends, twos and fours (`valueAt` of assembly/lanes.ts); words of
 * all ones or zero. With degree 2 it goes on symmetrically, f(4) = f(0) and f(3) = f(1), so that the last two vanish.
 */
function coefficients(degree: number, value: (n: number) => boolean): readonly number[] {
  const f = Array.from({ length: RULE_WORDS }, (_, n) =>
    value(n <= degree ? n : RULE_WORDS - 1 - n) ? -1 : 0,
  );
  const twos = f[1] ^ f[3];
  const one = f[2] ^ twos;
  return [one, f[1] ^ one, f[0] ^ one, twos, f[0] ^ f[4]];
}
