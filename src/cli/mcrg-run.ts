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
import { readNumericCsv, sha256File } from "../io/index.js";
import { CRITICAL_COUPLING } from "../ising/model.js";
import { rowRange } from "../kernels/bit-matrix.js";
import { deriveKey, seedKey, type SeedKey } from "../random/index.js";
import { requireReplaceableAnalysis, writeAnalysisFolder } from "../report/analysis-folder.js";
import type { McrgResult } from "../report/write-mcrg.js";
import { getPath, type RawConfig } from "../runs/config/index.js";
import { withEnvironment } from "./environment.js";
import type { McrgFlags } from "./mcrg.js";
import { type McrgData, type McrgSource, mcrgSources, torusShape } from "./mcrg-sources.js";
import { withError } from "../statistics/number-text.js";
import { formatTable, print, printJson } from "./output.js";

/** Rows renormalised between two looks at the progress bar. */
const CHUNK = 1024;

/** Side of the filter of a trained rule: the smallest with weights that differ. */
const FILTER_SIDE = 3;
/** Colder models are all up or all down on the 4 × 4 torus. */
const MOST_COUPLING = 2;

/** Renormalise what is given, or what `config` says is to be sampled; write if asked to, and print. */
export async function runMcrg(data: readonly string[], flags: McrgFlags, config: RawConfig): Promise<void> {
  if (flags.out !== undefined) requireReplaceableAnalysis(flags.out, "mcrg", flags.force === true);
  const steps = readSteps(flags.steps);
  const seed = flags.seed ?? "1";
  const key = seedKey(seed);
  const rule = readRule(flags, deriveKey(key, "initialWeights"));
  const sources = mcrgSources(data, config, flags.seed);
  for (const { name, lattice } of sources) {
    if (lattice !== null) levelShapes(torusShape(name, lattice), rule, steps);
  }
  const results: Renormalized[] = [];
  await withEnvironment(flags, async (environment) => {
    for (const source of sources) {
      results.push(await renormalize(source, rule, steps, deriveKey(key, "blockSpins"), environment));
    }
  });
  if (flags.out !== undefined) await write(flags.out, results, rule, { seed, steps, flags, config });
  await present(results, flags);
}

/** What came out for one source, and where the source comes from. */
interface Renormalized extends McrgResult {
  readonly origin: Pick<McrgData, "sha256" | "sampling">;
}

/** The analysis as a folder whose manifest says what was renormalised and how. */
async function write(
  folder: string,
  results: readonly Renormalized[],
  rule: BlockRule,
  request: { seed: string; steps: number; flags: McrgFlags; config: RawConfig },
): Promise<void> {
  const { mcrgFiles } = await import("../report/write-mcrg.js"); // draws: slow to load
  const { seed, steps, flags, config } = request;
  const read = results.filter(({ origin }) => origin.sha256 !== null);
  const inputs = [
    ...read.map(({ data, origin }) => ({ path: data, sha256: origin.sha256 })),
    ...(flags.filter === undefined ? [] : [{ path: flags.filter, sha256: sha256File(flags.filter) }]),
  ];
  const training = isTrained(flags.rule) ? readTraining(flags) : null;
  const options = {
    ...{ rule: flags.rule, steps },
    ...{ filter: flags.filter ?? null, bias: rule.filter?.bias ?? null },
    ...{ filterSide: training?.side ?? null, filterCoupling: training?.coupling ?? null },
    lattice: getPath(config, "sample.lattice") ?? null,
    sampled: results.flatMap(({ origin }) => (origin.sampling === null ? [] : [origin.sampling])),
  };
  const files = await mcrgFiles(results, rule.filter);
  writeAnalysisFolder(folder, { kind: "mcrg", seed, inputs, options }, files, { replace: true });
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
  return blockRules[name].make({ key, filter, training: readTraining(flags) });
}

function isTrained(rule: string): boolean {
  return rule !== "rbm" && rule.startsWith("rbm");
}

/** What a trained rule learns; flags for that contradict other rules. */
function readTraining({ rule, filterSide, filterCoupling }: McrgFlags): FilterTraining {
  if (!isTrained(rule) && (filterSide !== undefined || filterCoupling !== undefined)) {
    throw new UsageError(
      `--filter-side and --filter-coupling are for trained rules; --rule ${rule} is none.`,
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
): Promise<Renormalized> {
  const { rows, lattice, critical, ...origin } = await source.load(environment);
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
  return { data: source.name, critical, result: monteCarloRgResult(run), origin };
}

async function present(results: readonly Renormalized[], flags: McrgFlags): Promise<void> {
  const { exactLabel, isingExponents, leadingExponents } = await import("../report/write-mcrg.js");
  if (flags.json === true) {
    printJson(results.map(({ data, critical, result }) => ({ data, critical, ...result })));
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
  const label = exactLabel(results);
  const { even, odd } = isingExponents;
  const exact = label === null ? [] : [[label, "", "", "", String(even), String(odd)]];
  print(formatTable(["data", "rule", "step", "lattices", "y_T", "y_H"], [...rows, ...exact]));
  if (flags.out !== undefined && flags.quiet !== true) {
    print(`\nwritten: ${flags.out}/exponents.csv, ${flags.out}/figures/exponents.png`);
  }
}
