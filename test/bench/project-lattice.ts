import type { Kernels, LatticeState } from "../../src/kernels/index.js";
import type { Contender } from "./contest.js";
import type { Program } from "./program.js";

/** Chains on a square torus, in equilibrium or on the way to it. */
interface Chains {
  readonly kernels: Kernels;
  readonly state: LatticeState;
  readonly close: () => Promise<void>;
}

function openChains(program: Program, side: number, chains: number, threads: number): Chains {
  const kernels = program.openKernels("auto", threads);
  const arena = kernels.arena();
  const key = program.seedKey("bench start");
  const state = program.startChains(program.torus(side, side), chains, "cold", key, (length) =>
    arena.words(length),
  );
  return {
    kernels,
    state,
    close: () => {
      arena.release();
      kernels.close();
      return Promise.resolve();
    },
  };
}

/** One setting of the Ising model. */
export interface IsingCase {
  readonly side: number;
  readonly coupling: number;
  readonly chains: number;
}

/** Sweeps of all chains on one thread; flips tried a nanosecond. */
export function sweepContender(
  program: Program,
  rule: "heatBathSweep" | "metropolisSweep",
  { side, coupling, chains }: IsingCase,
  sweeps: number,
): Contender {
  const { kernels, state, close } = openChains(program, side, chains, 1);
  const key = program.seedKey("bench sweeps");
  let step = 0;
  return {
    subject: `project (${chains} chains)`,
    role: "project",
    round: () => {
      const start = performance.now();
      for (let sweep = 0; sweep < sweeps; sweep++) {
        const sweepKey = program.deriveKey(key, "isingChains", step++);
        kernels.lattice[rule](state, { coupling, field: 0 }, sweepKey);
      }
      const nanoseconds = (performance.now() - start) * 1e6;
      return Promise.resolve((sweeps * chains * state.sites) / nanoseconds);
    },
    close,
  };
}

/** Clusters of all chains on one thread, from equilibrium; nanoseconds a flipped site. */
export function wolffContender(
  program: Program,
  { side, coupling, chains }: IsingCase,
  clusters: number,
): Contender {
  const { kernels, state, close } = openChains(program, side, chains, 1);
  const key = program.seedKey("bench clusters");
  const sizes = new Float64Array(chains);
  let step = 0;
  return {
    subject: `project (${chains} chains)`,
    role: "project",
    round: () => {
      sizes.fill(0);
      const start = performance.now();
      for (let cluster = 0; cluster < clusters; cluster++) {
        const clusterKey = program.deriveKey(key, "isingChains", step++);
        kernels.lattice.wolffCluster(state, { coupling, field: 0 }, clusterKey, sizes);
      }
      const nanoseconds = (performance.now() - start) * 1e6;
      return Promise.resolve(nanoseconds / sizes.reduce((sum, size) => sum + size, 0));
    },
    close,
  };
}
