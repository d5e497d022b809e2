import type { BlockRuleName, ExponentEstimate, Parity } from "../../analysis/monte-carlo-rg/index.js";
import type { Environment } from "../../experiment/environment.js";
import { formatCsv } from "../../io/index.js";
import { deriveKey, type SeedKey } from "../../random/index.js";
import { exponentsFigure, isingExponents } from "../../report/write-mcrg.js";
import { writeFigure } from "../../report/write-figure.js";
import { short } from "../number-text.js";
import { allOf, type Measured, type Verdict, within, withError } from "../verdicts.js";
import type { Claim, StudyRun } from "../study.js";
import { writeTable } from "../write-table.js";
import { type RenormalizedLattice, renormalizeRun, rulesOfTwo } from "./block-spins.js";
import { listed, NOT_MEASURED } from "./run-tables.js";

/** How near the exponents must be, two standard deviations included. */
const tolerances: Readonly<Record<Parity, number>> = { even: 0.03, odd: 0.01 };

/** One rule on its largest lattice. */
export interface RuleExponents {
  readonly rule: BlockRuleName;
  readonly lattice: string;
  /** Steps made, each from the spins that the one before has left. */
  readonly steps: number;
  /** y_T and y_H of the last step, from all couplings. */
  readonly thermal: Measured;
  readonly magnetic: Measured;
  /** y_H of the same step from the magnetisation alone: the same if H′ is short-ranged enough to be cut off. */
  readonly magneticAlone: Measured;
  /** J of the block spins' nearest neighbours after 1, 2, … steps, and that of pairs two sites apart. */
  readonly nearest: readonly number[];
  readonly second: readonly number[];
}

/** (3) Monte-Carlo renormalization by rules that know the model, rules that know nothing, and RBMs. */
export async function concludeBlocks(
  ofTwo: readonly StudyRun[],
  ofThree: readonly StudyRun[],
  folder: string,
  key: SeedKey,
  environment: Environment,
): Promise<{ readonly claims: readonly Claim[]; readonly rbm: Verdict }> {
  const all: RenormalizedLattice[] = [];
  const add = async (run: StudyRun, rule: BlockRuleName): Promise<void> => {
    all.push(await renormalizeRun(run, rule, deriveKey(key, "analysis", all.length), environment));
  };
  for (const rule of rulesOfTwo) for (const run of ofTwo) await add(run, rule);
  for (const run of ofThree) await add(run, "majority-3");
  if (all.length > 0) await writeBlocks(all, folder);
  const sites = ({ lattice }: RenormalizedLattice): number => Number(lattice.split("x")[0]);
  const last = new Map(all.toSorted((a, b) => sites(a) - sites(b)).map((each) => [each.rule, each]));
  const rules = [...last.values()].map(ruleExponents);
  return { claims: judgeRules(rules), rbm: rbmVerdict(rules) };
}

function ruleExponents({ rule, lattice, result, hamiltonians }: RenormalizedLattice): RuleExponents {
  const step = Math.max(...result.exponents.map((row) => row.step));
  const leading = (parity: Parity, couplings: number): Measured => {
    const rows = result.exponents.filter(
      (row) => row.parity === parity && row.rank === 1 && row.step === step,
    );
    const row: ExponentEstimate | undefined = Number.isFinite(couplings)
      ? rows.find((each) => each.couplings === couplings)
      : rows.toSorted((a, b) => a.couplings - b.couplings).at(-1);
    return { value: row?.exponent ?? NaN, error: row?.exponentError ?? NaN };
  };
  const coupling = (term: string): readonly number[] =>
    hamiltonians.map((classes) => classes.find(({ name }) => name === term)?.coupling ?? NaN);
  return {
    steps: step,
    ...{ rule, lattice, thermal: leading("even", Infinity), magnetic: leading("odd", Infinity) },
    ...{ magneticAlone: leading("odd", 1), nearest: coupling("pair 1,0"), second: coupling("pair 2,0") },
  };
}

/** The first step starts from nearest neighbours alone, which is not where any rule has its fixed point. */
const LEAST_STEPS = 2;

/** Whether a rule has the exponents of the Ising model; one step does not tell. */
export function hasIsingExponents({ steps, thermal, magnetic }: RuleExponents): Verdict {
  if (steps < LEAST_STEPS) return "undecided";
  return allOf([
    within(thermal, isingExponents.even, tolerances.even),
    within(magnetic, isingExponents.odd, tolerances.odd),
  ]);
}

/** Whether what a rule makes can be cut off: y_H is the same from one coupling as from all. */
export function isCutOff({ magnetic, magneticAlone }: RuleExponents): Verdict {
  const error = Math.sqrt(magnetic.error ** 2 + magneticAlone.error ** 2);
  return within({ value: magneticAlone.value - magnetic.value, error }, 0, tolerances.odd);
}

function isRbm({ rule }: RuleExponents): boolean {
  return rule.startsWith("rbm");
}

/** Whether some trained rule renormalizes: yes for one, no if none does. */
export function rbmVerdict(rules: readonly RuleExponents[]): Verdict {
  const verdicts = rules.filter(isRbm).map(hasIsingExponents);
  if (verdicts.includes("yes")) return "yes";
  return verdicts.length === 0 || verdicts.includes("undecided") ? "undecided" : "no";
}

/** Verdicts on every rule. */
export function judgeRules(rules: readonly RuleExponents[]): readonly Claim[] {
  const bounds = `y_T = 1 within ${tolerances.even}, y_H = 15/8 within ${tolerances.odd}, two standard deviations included`;
  const find = (name: BlockRuleName) => rules.filter(({ rule }) => rule === name);
  const exponents = (words: string, own: readonly RuleExponents[]): Claim => ({
    claim: `${words} (${bounds}; last of two steps or more)`,
    measured: listed(own.map(describe)),
    verdict: allOf(own.map(hasIsingExponents)),
  });
  return [
    exponents(
      "Monte-Carlo RG: the majority of 2×2 spins has the exponents of the Ising model",
      find("majority"),
    ),
    exponents("so has the majority of 3×3 spins", find("majority-3")),
    cutOff("the majority keeps H′ short-ranged", find("majority")),
    cutOff("decimation keeps H′ short-ranged", find("decimation")),
    exponents(
      "a random filter, which knows nothing of the model, renormalizes as well",
      find("random-filter"),
    ),
    ...rules
      .filter(isRbm)
      .map((own) =>
        exponents(
          `P(h|v) of an RBM with one filter, trained for ${objectives[own.rule] ?? own.rule}, renormalizes`,
          [own],
        ),
      ),
  ];
}

const objectives: Readonly<Partial<Record<BlockRuleName, string>>> = {
  "rbm-kl": "the least KL(P‖P_λ)",
  "rbm-trace": "the trace condition",
  "rbm-reverse-kl": "the least KL(P_λ‖P)",
};

function describe({ rule, lattice, steps, thermal, magnetic }: RuleExponents): string {
  return `${rule}, ${lattice}, step ${steps}: y_T = ${withError(thermal)}, y_H = ${withError(magnetic)}`;
}

function cutOff(words: string, own: readonly RuleExponents[]): Claim {
  const text = (rule: RuleExponents): string =>
    `${rule.lattice}: y_H = ${withError(rule.magneticAlone)} from the magnetisation alone, ${withError(rule.magnetic)} from all; J of nearest block spins ${rule.nearest.map(short).join(", ")} after each step, two sites apart ${rule.second.map(short).join(", ")}`;
  return {
    claim: `${words}: y_H is the same from the first odd coupling as from all (within ${tolerances.odd})`,
    measured: own.length === 0 ? NOT_MEASURED : own.map(text).join("; "),
    verdict: allOf(own.map(isCutOff)),
  };
}

async function writeBlocks(all: readonly RenormalizedLattice[], folder: string): Promise<void> {
  const columns = ["lattice", "rule", "step", "parity", "couplings", "exponent", "exponent_error", "exact"];
  const rows = all.flatMap(({ lattice, rule, result }) =>
    result.exponents
      .filter(({ rank }) => rank === 1)
      .map((row) => [
        ...[lattice, rule, row.step, row.parity, row.couplings],
        ...[row.exponent, row.exponentError, isingExponents[row.parity]],
      ]),
  );
  writeTable(folder, "block-exponents", columns, rows);
  writeTable(
    folder,
    "block-hamiltonians",
    ["lattice", "rule", "step", "term", "coupling", "error"],
    all.flatMap(({ lattice, rule, hamiltonians }) =>
      hamiltonians.flatMap((classes, index) =>
        classes.map(({ name, coupling, error }) => [lattice, rule, index + 1, name, coupling, error]),
      ),
    ),
  );
  const named = all.map(({ lattice, result }) => ({ data: lattice, result }));
  writeFigure(folder, "block-exponents", await exponentsFigure(named), formatCsv(columns, rows));
}
