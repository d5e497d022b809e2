import {
  type BlockRule,
  type BlockRuleName,
  blockRuleNames,
  blockRules,
  type FilterTraining,
  levelShapes,
  MonteCarloRenormalization,
  monteCarloRgResult,
  type SharedFilter,
} from "../analysis/monte-carlo-rg/index.js";
import { DataError, UsageError } from "../errors/index.js";
import type { Environment } from "../experiment/environment.js";
import { readNumericCsv } from "../io/index.js";
import { CRITICAL_COUPLING } from "../ising/model.js";
import { rowRange } from "../kernels/bit-matrix.js";
import { deriveKey, seedKey, type SeedKey } from "../random/index.js";
import type { NamedMcrgResult } from "../report/write-mcrg.js";
import type { RawConfig } from "../runs/config/index.js";
import { withEnvironment } from "./environment.js";
import type { McrgFlags } from "./mcrg.js";
import { type McrgSource, mcrgSources, torusShape } from "./mcrg-sources.js";
import { withError } from "../statistics/number-text.js";
import { formatTable, print, printJson } from "./output.js";
import { requireOutputFolder } from "./output-folder.js";

/** Rows renormalised between two looks at the progress bar. */
const CHUNK = 1024;

/** Side of the filter of a trained rule: the smallest with weights that differ. */
const FILTER_SIDE = 3;
/** Colder models are all up or all down on the 4 × 4 torus. */
const MOST_COUPLING = 2;

/** Renormalise what is given, or what `config` says is to be sampled; write if asked to, and print. */
export async function runMcrg(data: readonly string[], flags: McrgFlags, config: RawConfig): Promise<void> {
  if (flags.out !== undefined) requireOutputFolder(flags.out);
  const steps = readSteps(flags.steps);
  const key = seedKey(flags.seed ?? "1");
  const rule = readRule(flags, deriveKey(key, "initialWeights"));
  const sources = mcrgSources(data, config, flags.seed);
  for (const { name, lattice } of sources) {
    if (lattice !== null) levelShapes(torusShape(name, lattice), rule, steps);
  }
  const results: NamedMcrgResult[] = [];
  await withEnvironment(flags, async (environment) => {
    for (const source of sources) {
      results.push(await renormalize(source, rule, steps, deriveKey(key, "blockSpins"), environment));
    }
  });
  await present(results, rule, flags);
}

function readSteps(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new UsageError(`--steps ${text}: expected a whole number ≥ 1.`);
  return Number(text);
}

function readRule(flags: McrgFlags, key: SeedKey): BlockRule {
  const name = blockRuleNames.find((known): known is BlockRuleName => known === flags.rule);
  if (name === undefined) {
    throw new UsageError(`--rule ${flags.rule}: expected one of ${blockRuleNames.join(", ")}.`);
  }
  if ((name === "rbm") !== (flags.filter !== undefined) || (name !== "rbm" && flags.bias !== undefined)) {
    throw new UsageError("--rule rbm takes its weights from --filter (and --bias); give both or neither.");
  }
  const filter = flags.filter === undefined ? null : readFilter(flags.filter, flags.bias);
  return blockRules[name].make({ key, filter, training: readTraining(name, flags) });
}

/** What a trained rule learns; flags for that contradict other rules. */
function readTraining(name: BlockRuleName, { filterSide, filterCoupling }: McrgFlags): FilterTraining {
  const trained = name !== "rbm" && name.startsWith("rbm");
  if (!trained && (filterSide !== undefined || filterCoupling !== undefined)) {
    throw new UsageError(
      `--filter-side and --filter-coupling are for trained rules; --rule ${name} is none.`,
    );
  }
  const side = Number(filterSide ?? FILTER_SIDE);
  if (![2, 3, 4].includes(side)) throw new UsageError(`--filter-side ${filterSide}: expected 2, 3 or 4.`);
  const coupling = filterCoupling === undefined ? CRITICAL_COUPLING : Number(filterCoupling);
  if (!(coupling > 0 && coupling <= MOST_COUPLING)) {
    throw new UsageError(
      `--filter-coupling ${filterCoupling}: expected K above 0 and at most ${MOST_COUPLING}.`,
    );
  }
  return { side, coupling };
}

function readFilter(path: string, biasText = "0"): SharedFilter {
  const bias = Number(biasText);
  if (biasText.trim() === "" || !Number.isFinite(bias)) {
    throw new UsageError(`--bias ${biasText}: expected a number.`);
  }
  const weights: number[] = [];
  const { rows, columns } = readNumericCsv(path, (values) => weights.push(...values));
  if (rows !== columns) {
    throw new DataError(`${path} holds ${rows} × ${columns} weights; expected a square of at most 4 × 4.`);
  }
  return { weights: Float64Array.from(weights), bias };
}

async function renormalize(
  source: McrgSource,
  rule: BlockRule,
  steps: number,
  key: SeedKey,
  environment: Environment,
): Promise<NamedMcrgResult> {
  const { rows, lattice } = await source.load(environment);
  const run = new MonteCarloRenormalization({
    shape: torusShape(source.name, lattice),
    rule,
    steps,
    samples: rows.rows,
    key,
  });
  const { progress } = environment;
  progress.start(`renormalizing ${source.name}`, rows.rows);
  for (let first = 0; first < rows.rows; first += CHUNK) {
    run.add(rowRange(rows, first, Math.min(CHUNK, rows.rows - first)));
    await progress.update(Math.min(rows.rows, first + CHUNK));
  }
  progress.finish();
  return { data: source.name, result: monteCarloRgResult(run) };
}

async function present(
  results: readonly NamedMcrgResult[],
  rule: BlockRule,
  flags: McrgFlags,
): Promise<void> {
  const { isingExponents, leadingExponents, writeMcrg } = await import("../report/write-mcrg.js"); // draws: slow to load
  const written = flags.out === undefined ? [] : await writeMcrg(flags.out, results, rule.filter);
  if (flags.json === true) {
    printJson(results.map(({ data, result }) => ({ data, ...result })));
    return;
  }
  const rows = results.flatMap(({ data, result }) => {
    const magnetic = leadingExponents(result, "odd");
    return leadingExponents(result, "even").map((thermal, index) => [
      data,
      result.rule,
      String(thermal.step),
      `${thermal.from.join("x")} → ${thermal.to.join("x")}`,
      withError(thermal.exponent, thermal.exponentError),
      withError(magnetic[index].exponent, magnetic[index].exponentError),
    ]);
  });
  const exact = ["exact", "", "", "", String(isingExponents.even), String(isingExponents.odd)];
  print(formatTable(["data", "rule", "step", "lattices", "y_T", "y_H"], [...rows, exact]));
  if (written.length > 0 && flags.quiet !== true) print(`\nwritten: ${written.join(", ")}`);
}
