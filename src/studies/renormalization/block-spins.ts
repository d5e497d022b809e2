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
  type SharedFilter,
  type TorusShape,
} from "../../analysis/monte-carlo-rg/index.js";
import type { Environment } from "../../experiment/environment.js";
import { CRITICAL_COUPLING } from "../../ising/model.js";
import { rowRange } from "../../kernels/index.js";
import { deriveKey, type SeedKey } from "../../random/index.js";
import { datasetOf } from "../run-dataset.js";
import type { StudyRun } from "../study.js";

/** A rule, and which of several draws of it, from 1; 0 of a rule that is not drawn at random. */
export interface ChosenRule {
  readonly rule: BlockRuleName;
  readonly draw: number;
}

/** Rules with a scale of 2, in the order of the tables. */
export const rulesOfTwo: readonly ChosenRule[] = [
  ...(["majority", "decimation"] as const).map((rule) => ({ rule, draw: 0 })),
  ...[1, 2, 3, 4].map((draw) => ({ rule: "random-filter" as const, draw })),
  ...(["uniform-filter", "rbm-kl", "rbm-trace", "rbm-reverse-kl"] as const).map((rule) => ({
    rule,
    draw: 0,
  })),
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
export interface RenormalizedLattice extends ChosenRule {
  readonly lattice: string;
  /** The weights of the rule, where it has any. */
  readonly filter: SharedFilter | null;
  readonly result: MonteCarloRgResult;
  /** Couplings of the block spins' own Hamiltonian after 1, 2, … steps, by pseudo-likelihood. */
  readonly hamiltonians: readonly (readonly ClassCoupling[])[];
}

/**
 * Renormalise the configurations of a run by a rule, as often as its lattice allows (at least once). `keys.rule` names the
 * weights of a rule that is drawn at random, `keys.spins` the block spins.
 */
export async function renormalizeRun(
  run: StudyRun,
  { rule: name, draw }: ChosenRule,
  keys: { readonly rule: SeedKey; readonly spins: SeedKey },
  { progress }: Environment,
): Promise<RenormalizedLattice> {
  const { rows, lattice, chains } = datasetOf(run);
  const shape: TorusShape = [lattice!.shape[0], lattice!.shape[1]];
  const rule = blockRules[name].make({
    key: deriveKey(keys.rule, "initialWeights", draw),
    filter: null,
    training: { side: FILTER_SIDE, coupling: CRITICAL_COUPLING },
  });
  const steps = stepsOf(shape, rule);
  const options = { shape, rule, steps, samples: rows.rows, key: deriveKey(keys.spins, "blockSpins") };
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
    blocks = blockConfigurations(blocks, sides, rule, deriveKey(keys.spins, "blockSpins", step));
    sides = blockedShape(sides, rule.scale);
    const even = latticeClasses(sides, REACH).filter(({ order }) => order % 2 === 0);
    hamiltonians.push(fitCouplings(blocks, even, chains ?? null).couplings);
  }
  const result = monteCarloRgResult(renormalization);
  return {
    ...{ rule: name, draw, lattice: shape.join("x"), filter: rule.filter ?? null, hamiltonians },
    result: draw === 0 ? result : { ...result, rule: `${result.rule}, draw ${draw}` },
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
