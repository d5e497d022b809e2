import type { BlockRuleName, ExponentEstimate, Parity } from "../../analysis/monte-carlo-rg/index.js";
import type { Environment } from "../../experiment/environment.js";
import { formatCsv } from "../../io/index.js";
import { deriveKey, type SeedKey } from "../../random/index.js";
import { exponentsFigure, isingExponents, leadingExponents } from "../../report/write-mcrg.js";
import { writeFigure } from "../../report/write-figure.js";
import { short } from "../number-text.js";
import { allOf, type Measured, type Verdict, within, withError } from "../verdicts.js";
import type { Claim, StudyRun } from "../study.js";
import { writeTable } from "../write-table.js";
import { type ChosenRule, type RenormalizedLattice, renormalizeRun, rulesOfTwo } from "./block-spins.js";
import { listed, NOT_MEASURED } from "./run-tables.js";

/** How near the exponents must be, two standard deviations included. */
const tolerances: Readonly<Record<Parity, number>> = { even: 0.03, odd: 0.01 };

/** One rule on its largest lattice. */
export interface RuleExponents extends ChosenRule {
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
): Promise<{ readonly claims: readonly Claim[]; readonly answer: RuleAnswer }> {
  const all: RenormalizedLattice[] = [];
  const add = async (run: StudyRun, rule: ChosenRule): Promise<void> => {
    const keys = { rule: key, spins: deriveKey(key, "analysis", all.length) };
    all.push(await renormalizeRun(run, rule, keys, environment));
  };
  for (const rule of rulesOfTwo) for (const run of ofTwo) await add(run, rule);
  for (const run of ofThree) await add(run, { rule: "majority-3", draw: 0 });
  if (all.length > 0) await writeBlocks(all, folder);
  const sites = ({ lattice }: RenormalizedLattice): number => Number(lattice.split("x")[0]);
  const last = new Map(all.toSorted((a, b) => sites(a) - sites(b)).map((each) => [each.result.rule, each]));
  const rules = [...last.values()].map(ruleExponents);
  return { claims: judgeRules(rules), answer: answerOfRules(rules) };
}

function ruleExponents({ rule, draw, lattice, result, hamiltonians }: RenormalizedLattice): RuleExponents {
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
    hamiltonians.map((classes) => {
      const found = classes.find(({ name }) => name === term);
      return found?.determined === true ? found.coupling : NaN;
    });
  return {
    steps: step,
    ...{ rule, draw, lattice, thermal: leading("even", Infinity), magnetic: leading("odd", Infinity) },
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

/** What block rules say about renormalization. */
export interface RuleAnswer {
  readonly verdict: Verdict;
  readonly words: string;
}

/** Whether trained rules renormalize: yes if all do, no if none does, else undecided; beside the rules that learned nothing. */
export function answerOfRules(rules: readonly RuleExponents[]): RuleAnswer {
  const verdicts = rules.filter(isRbm).map(hasIsingExponents);
  const holding = (all: readonly RuleExponents[]): number =>
    all.filter((rule) => hasIsingExponents(rule) === "yes").length;
  if (verdicts.length === 0 || verdicts.every((verdict) => verdict === "undecided")) {
    return { verdict: "undecided", words: "as a block rule it cannot be told at this scale" };
  }
  const verdict = verdicts.every((each) => each === verdicts[0]) ? verdicts[0] : "undecided";
  const words: Readonly<Record<Verdict, string>> = {
    yes: "as a block rule it does",
    no: "as a block rule it does not",
    undecided: "as a block rule it does in part",
  };
  const of = (name: BlockRuleName) => rules.filter(({ rule }) => rule === name);
  const count = (all: readonly RuleExponents[]): string => `${holding(all)} of ${all.length}`;
  return {
    verdict,
    words:
      `${words[verdict]}: ${count(rules.filter(isRbm))} filters of 3 numbers, trained at T_c on 4×4 spins and used at every ` +
      `step, have the exponents of the Ising model; so do ${count(of("majority"))} majority rules, ${count(of("uniform-filter"))} ` +
      `untrained filters and ${count(of("random-filter"))} random ones`,
  };
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
    {
      ...exponents("no random filter, which knows nothing of the model, renormalizes", find("random-filter")),
      verdict: noneOf(find("random-filter").map(hasIsingExponents)),
    },
    {
      ...exponents("nor does an untrained filter, all its weights alike", find("uniform-filter")),
      verdict: noneOf(find("uniform-filter").map(hasIsingExponents)),
    },
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

/** Whether none of several things holds; undecided without any. */
function noneOf(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes("yes")) return "no";
  return verdicts.length === 0 || verdicts.includes("undecided") ? "undecided" : "yes";
}

function describe({ rule, draw, lattice, steps, thermal, magnetic }: RuleExponents): string {
  return `${rule}${draw === 0 ? "" : ` ${draw}`}, ${lattice}, step ${steps}: y_T = ${withError(thermal)}, y_H = ${withError(magnetic)}`;
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

/** Rules with an exponent farther than this from the exact one would leave no room for the others. */
const DRAWN = 0.3;

function isDrawn(result: RenormalizedLattice["result"]): boolean {
  return (["even", "odd"] as const).every((parity) =>
    leadingExponents(result, parity).every(
      ({ exponent }) => Math.abs(exponent - isingExponents[parity]) <= DRAWN,
    ),
  );
}

async function writeBlocks(all: readonly RenormalizedLattice[], folder: string): Promise<void> {
  const columns = [
    "lattice",
    "rule",
    "draw",
    "step",
    "parity",
    "couplings",
    "exponent",
    "exponent_error",
    "exact",
  ];
  const rows = all.flatMap(({ lattice, rule, draw, result }) =>
    result.exponents
      .filter(({ rank }) => rank === 1)
      .map((row) => [
        ...[lattice, rule, draw, row.step, row.parity, row.couplings],
        ...[row.exponent, row.exponentError, isingExponents[row.parity]],
      ]),
  );
  writeTable(folder, "block-exponents", columns, rows);
  writeTable(
    folder,
    "block-hamiltonians",
    ["lattice", "rule", "draw", "step", "term", "coupling", "error"],
    all.flatMap(({ lattice, rule, draw, hamiltonians }) =>
      hamiltonians.flatMap((classes, index) =>
        classes.map(({ name, coupling, error }) => [lattice, rule, draw, index + 1, name, coupling, error]),
      ),
    ),
  );
  writeTable(
    folder,
    "block-filters",
    ["rule", "draw", "x", "y", "weight"],
    all
      .filter(({ lattice }) => lattice === all[0].lattice)
      .flatMap(({ rule, draw, filter }) => {
        const weights = filter?.weights ?? new Float64Array(0);
        const side = Math.sqrt(weights.length);
        return Array.from(weights, (weight, k) => [rule, draw, Math.floor(k / side), k % side, weight]);
      }),
  );
  const named = all.map(({ lattice, result }) => ({ data: lattice, result }));
  const far = named.filter(({ result }) => !isDrawn(result));
  const drawn = far.length === named.length ? named : named.filter((each) => !far.includes(each));
  const subtitle =
    drawn === named || far.length === 0
      ? undefined
      : `not drawn, more than ${DRAWN} off: ${far.map(({ data, result }) => `${result.rule} of ${data}`).join("; ")}`;
  const figure = await exponentsFigure(drawn, "exact", subtitle);
  writeFigure(folder, "block-exponents", figure, formatCsv(columns, rows));
}
