import { type ClassCoupling, fitCouplings, latticeClasses } from "../../analysis/couplings/index.js";
import {
  type BlockRule,
  type BlockRuleName,
  blockConfigurations,
  blockedShape,
  blockRules,
  MonteCarloRenormalization,
  monteCarloRgResult,
  type MonteCarloRgResult,
  type TorusShape,
} from "../../analysis/monte-carlo-rg/index.js";
import type { Environment } from "../../experiment/environment.js";
import { CRITICAL_COUPLING } from "../../ising/model.js";
import { rowRange } from "../../kernels/index.js";
import { deriveKey, type SeedKey } from "../../random/index.js";
import { datasetOf } from "../run-dataset.js";
import type { StudyRun } from "../study.js";

/** Rules with a scale of 2, in the order of the tables. */
export const rulesOfTwo: readonly BlockRuleName[] = [
  "majority",
  "decimation",
  "random-filter",
  "rbm-kl",
  "rbm-trace",
  "rbm-reverse-kl",
];

/** Side of the filters of trained rules. */
const FILTER_SIDE = 3;

/** Block spins smaller than this are not made. */
const SHORTEST_SIDE = 6;

/** Configurations that couplings are fitted to, and how far pairs of block spins may be apart. */
const FITTED_ROWS = 1024;
const REACH = 3;

/** Rows renormalised between two looks at the progress. */
const CHUNK = 1024;

/** What a block rule makes of the configurations of one lattice. */
export interface RenormalizedLattice {
  readonly rule: BlockRuleName;
  readonly lattice: string;
  readonly result: MonteCarloRgResult;
  /** Couplings of the block spins' own Hamiltonian after 1, 2, … steps, by pseudo-likelihood. */
  readonly hamiltonians: readonly (readonly ClassCoupling[])[];
}

/** Renormalise the configurations of a run by a rule, as often as its lattice allows (at least once). */
export async function renormalizeRun(
  run: StudyRun,
  name: BlockRuleName,
  key: SeedKey,
  { progress }: Environment,
): Promise<RenormalizedLattice> {
  const { rows, lattice, chains } = datasetOf(run);
  const shape: TorusShape = [lattice!.shape[0], lattice!.shape[1]];
  const rule = blockRules[name].make({
    key: deriveKey(key, "initialWeights"),
    filter: null,
    training: { side: FILTER_SIDE, coupling: CRITICAL_COUPLING },
  });
  const steps = stepsOf(shape, rule);
  const options = { shape, rule, steps, samples: rows.rows, key: deriveKey(key, "blockSpins") };
  const renormalization = new MonteCarloRenormalization(options);
  progress.start(`${rule.name} of ${shape.join("x")}`, rows.rows);
  for (let first = 0; first < rows.rows; first += CHUNK) {
    renormalization.add(rowRange(rows, first, Math.min(CHUNK, rows.rows - first)));
    await progress.update(Math.min(rows.rows, first + CHUNK));
  }
  progress.finish();
  const hamiltonians: (readonly ClassCoupling[])[] = [];
  let [blocks, sides] = [rowRange(rows, 0, Math.min(FITTED_ROWS, rows.rows)), shape];
  for (let step = 1; step <= steps; step++) {
    blocks = blockConfigurations(blocks, sides, rule, deriveKey(key, "blockSpins", step));
    sides = blockedShape(sides, rule.scale);
    const even = latticeClasses(sides, REACH).filter(({ order }) => order % 2 === 0);
    hamiltonians.push(fitCouplings(blocks, even, chains ?? null).couplings);
  }
  return {
    rule: name,
    lattice: shape.join("x"),
    result: monteCarloRgResult(renormalization),
    hamiltonians,
  };
}

function stepsOf(shape: TorusShape, { scale }: BlockRule): number {
  let steps = 0;
  for (
    let sides = blockedShape(shape, scale);
    sides.every((side) => Number.isInteger(side) && side >= SHORTEST_SIDE);
    sides = blockedShape(sides, scale)
  ) {
    steps++;
  }
  return Math.max(1, steps);
}
