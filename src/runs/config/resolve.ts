import { basename } from "node:path";
import { closest, distance } from "fastest-levenshtein";
import * as v from "valibot";
import { ConfigError, type ConfigIssue, RbmRgError } from "../../errors/index.js";
import { latticeName, parseLattice } from "../../ising/lattice.js";
import { isingModel } from "../../ising/model.js";
import { chooseSampler } from "../../ising/samplers/index.js";
import { MAX_EXACT_UNITS } from "../../rbm/estimators/index.js";
import { analysisIssues } from "./analysis-rules.js";
import { type DataSource, type ExperimentConfig, isFileSource } from "./experiment-config.js";
import { snakeCase } from "./keys.js";
import { getPath, type RawConfig } from "./layers.js";
import { readMeasuredValue } from "./measured-value.js";
import { objectiveChoice, objectiveIssues } from "./objective-rules.js";
import { experimentSchema, type WrittenConfig } from "./schema.js";

/**
 * Check a configuration and fill in every default. All that is wrong is found at once: a ConfigError lists each issue
 * with its path, the value found, what was expected and what to do.
 *
 * @param raw what is not left to the defaults: the keys of a configuration file in camelCase
 * @param origin names the source in the message
 */
export function resolveConfig(raw: RawConfig, origin = "the configuration"): ExperimentConfig {
  const result = v.safeParse(experimentSchema, raw);
  const issues = result.success ? [] : result.issues.map(describeIssue);
  const coupling = resolveCoupling(raw, issues);
  checkSections(raw, issues);
  if (result.success) checkCombinations(result.output, coupling, issues);
  if (!result.success || issues.length > 0) throw new ConfigError(deduplicate(issues), origin);
  return build(result.output, coupling);
}

/** `train.learningRate` → `train.learning_rate`. */
function writtenPath(path: string): string {
  return path.split(".").map(snakeCase).join(".");
}

function describeIssue(issue: v.BaseIssue<unknown>): ConfigIssue {
  const path = v.getDotPath(issue) ?? "";
  if (issue.type === "strict_object" && issue.expected === "never") {
    return { path: writtenPath(path), message: `unknown key${suggestion(path)}` };
  }
  if (issue.type === "strict_object" && issue.input === undefined) {
    return { path: writtenPath(path), message: "missing: this key must be given" };
  }
  return { path: writtenPath(path), message: `${show(issue.input)}: ${issue.message}` };
}

function suggestion(path: string): string {
  const known = knownPaths(experimentSchema, "");
  const match = closest(path, known);
  const near = distance(path, match) <= Math.max(2, path.length / 4);
  if (near) return `; did you mean ${writtenPath(match)}?`;
  const parent = path.split(".").slice(0, -1).join(".");
  const siblings = known.filter((key) => key.split(".").slice(0, -1).join(".") === parent);
  return `; known keys here: ${siblings.map((key) => writtenPath(key).split(".").at(-1)).join(", ")}`;
}

/** Dotted paths of every key of the schema, sections included. */
function knownPaths(schema: unknown, prefix: string): readonly string[] {
  const inner = unwrap(schema);
  if (inner === undefined) return [];
  return Object.entries(inner).flatMap(([key, entry]) => [
    `${prefix}${key}`,
    ...knownPaths(entry, `${prefix}${key}.`),
  ]);
}

/** The entries of an object schema, optional or not. */
function unwrap(schema: unknown): Record<string, unknown> | undefined {
  const { entries, wrapped } = schema as { entries?: Record<string, unknown>; wrapped?: unknown };
  return entries ?? (wrapped === undefined ? undefined : unwrap(wrapped));
}

function show(value: unknown): string {
  if (value === undefined) return "missing";
  return typeof value === "number" ? String(value) : JSON.stringify(value);
}

/** K from coupling, temperature or beta, of which at most one may be given. */
function resolveCoupling(raw: RawConfig, issues: ConfigIssue[]): number | null {
  const keys = ["coupling", "temperature", "beta"].filter(
    (key) => getPath(raw, `sample.${key}`) !== undefined,
  );
  if (keys.length > 1) {
    const found = keys.map((key) => `sample.${key} = ${show(getPath(raw, `sample.${key}`))}`).join(" and ");
    issues.push({
      path: "sample",
      message: `${found} contradict: give one of coupling (K), temperature (T = 1/K), beta`,
    });
    return null;
  }
  const [key] = keys;
  const value = getPath(raw, `sample.${key}`);
  if (key === "temperature") {
    if (value === "inf") return 0;
    if (typeof value === "number" && !(value > 0)) {
      issues.push({
        path: "sample.temperature",
        message: `${value}: expected a number > 0 (T in units of J/k_B), or inf; T → 0 is a large coupling K = 1/T`,
      });
    }
    return typeof value === "number" && value > 0 ? 1 / value : null;
  }
  if (typeof value === "number" && value < 0) {
    issues.push({
      path: `sample.${key}`,
      message: `${value}: expected a number ≥ 0 (0 is infinite temperature)`,
    });
  }
  return typeof value === "number" && value >= 0 ? value : null;
}

/** Data come from a file or from the sampler, not from both. */
function checkSections(raw: RawConfig, issues: ConfigIssue[]): void {
  const lattice = getPath(raw, "sample.lattice");
  const hasFile = getPath(raw, "data") !== undefined;
  if (getPath(raw, "data.logPartition") !== undefined && getPath(raw, "data.path") === undefined) {
    issues.push({
      path: "data.log_partition",
      message: "belongs to configurations that are read with data.path; ln Z of a sampled model is computed",
    });
  }
  if (hasFile && getPath(raw, "sample") !== undefined) {
    issues.push({
      path: "data",
      message: "contradicts sample: give data to read configurations or sample to make them, not both",
    });
  }
  if (hasFile) return;
  if (lattice === undefined) {
    issues.push({
      path: "sample.lattice",
      message: "missing: expected a lattice such as 40x40, or data.path to read configurations",
    });
  }
  if (["coupling", "temperature", "beta"].every((key) => getPath(raw, `sample.${key}`) === undefined)) {
    issues.push({
      path: "sample.coupling",
      message: "missing: give one of coupling (K), temperature (T) or beta",
    });
  }
}

/** Rules that join several keys. */
function checkCombinations(config: WrittenConfig, coupling: number | null, issues: ConfigIssue[]): void {
  const lattice = config.data?.lattice ?? config.sample.lattice;
  const path = config.data === undefined ? "sample.lattice" : "data.lattice";
  const sites =
    lattice === undefined ? null : collect(issues, path, () => parseLattice(String(lattice)).sites);
  if (sites !== null && coupling !== null && config.data === undefined) {
    collect(issues, "sample.algorithm", () =>
      chooseSampler(
        config.sample.algorithm,
        isingModel(parseLattice(String(lattice)), coupling, config.sample.field),
      ),
    );
  }
  const { train, model } = config;
  if (train.estimator === "exact" && sites !== null) {
    const sizes = [sites, ...model.hidden];
    const layer = model.hidden.findIndex((m, index) => Math.min(sizes[index], m) > MAX_EXACT_UNITS);
    if (layer >= 0) {
      issues.push({
        path: "train.estimator",
        message: `"exact" enumerates the smaller side of a layer, at most ${MAX_EXACT_UNITS} units; layer ${layer + 1} is ${sizes[layer]} × ${sizes[layer + 1]}; use cd or pcd`,
      });
    }
  }
  if (
    train.dataPhase === "exact" &&
    (config.data !== undefined || (sites !== null && sites > MAX_EXACT_UNITS))
  ) {
    issues.push({
      path: "train.data_phase",
      message: `"exact" needs a sampled Ising model of at most ${MAX_EXACT_UNITS} sites; use samples or auto`,
    });
  }
  if (train.centered === true && !model.bias) {
    issues.push({
      path: "train.centered",
      message:
        "true: the centred gradient moves the biases along, and model.bias is false; use auto or false",
    });
  }
  const onTorus = sites === null ? null : parseLattice(String(lattice)).kind === "torus";
  issues.push(
    ...objectiveIssues(config, sites),
    ...analysisIssues(config.analyses, model.hidden, sites, onTorus),
  );
  if (train.rateSchedule !== "constant" && train.finalLearningRate === undefined) {
    issues.push({
      path: "train.final_learning_rate",
      message: `missing: rate_schedule ${train.rateSchedule} falls from learning_rate to it`,
    });
  }
  checkSizes(config, sites, issues);
  if (train.rateSchedule === "constant" && train.finalLearningRate !== undefined) {
    issues.push({
      path: "train.final_learning_rate",
      message: `${train.finalLearningRate}: has no effect with rate_schedule constant; choose linear or exponential`,
    });
  }
}

/** Largest number of weights in a layer, and of spins in a dataset: about 2 GB of memory each. */
const MAX_WEIGHTS = 2 ** 28;
const MAX_SPINS = 2 ** 31;

function checkSizes(config: WrittenConfig, sites: number | null, issues: ConfigIssue[]): void {
  const sizes = [sites ?? 1, ...config.model.hidden];
  const layer = config.model.hidden.findIndex((m, index) => m * sizes[index] > MAX_WEIGHTS);
  if (layer >= 0) {
    issues.push({
      path: "model.hidden",
      message: `layer ${layer + 1} would have ${sizes[layer]} × ${sizes[layer + 1]} weights; at most ${MAX_WEIGHTS} fit`,
    });
  }
  if (config.data === undefined && sites !== null && sites * config.sample.samples > MAX_SPINS) {
    issues.push({
      path: "sample.samples",
      message: `${config.sample.samples} configurations of ${sites} sites are ${sites * config.sample.samples} spins; at most ${MAX_SPINS} fit`,
    });
  }
}

/** Run a check that may throw one of our errors and record it under `path`. */
function collect<T>(issues: ConfigIssue[], path: string, check: () => T): T | null {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof RbmRgError)) throw error;
    issues.push({ path, message: error.message });
    return null;
  }
}

function deduplicate(issues: readonly ConfigIssue[]): readonly ConfigIssue[] {
  const seen = new Set<string>();
  return issues.filter(({ path }) => !seen.has(path) && seen.add(path));
}

function build(config: WrittenConfig, coupling: number | null): ExperimentConfig {
  const { model, train } = config;
  const data = dataSource(config, coupling);
  const { dataPhase, l1, l1Form, l2, finalLearningRate, centered, ...rest } = train;
  return {
    name: config.name ?? derivedName(data, model.hidden, config.seed),
    seed: config.seed,
    data,
    hidden: model.hidden,
    dataPhase,
    analyses: config.analyses,
    ...(model.control === "none" ? {} : { control: model.control }),
    training: {
      ...rest,
      ...objectiveChoice(config),
      units: model.units,
      bias: model.bias,
      initialDeviation: model.initialDeviation,
      penalty: { l1, l1Form, l2 },
      finalLearningRate: finalLearningRate ?? rest.learningRate,
      // The curvature of the other objectives is that of the plain gradient.
      centered: centered === "auto" ? model.bias && train.objective === "kl" : centered,
    },
  };
}

function dataSource({ data, sample }: WrittenConfig, coupling: number | null): DataSource {
  if (data !== undefined) {
    return {
      path: data.path,
      lattice: data.lattice === undefined ? null : latticeName(parseLattice(String(data.lattice))),
      ...(data.packed === undefined ? {} : { packed: data.packed }),
      logPartition: data.logPartition === undefined ? null : readMeasuredValue(data.logPartition),
    };
  }
  const { samples, algorithm, chains, thermalization, spacing, start, field, control } = sample;
  return {
    lattice: latticeName(parseLattice(String(sample.lattice))),
    coupling: coupling ?? 0,
    field,
    samples,
    algorithm,
    chains,
    thermalization,
    spacing,
    start,
    ...(control === "none" ? {} : { control }),
  };
}

/** A name that tells runs apart in a shell loop over sizes, temperatures or seeds: `8x8-K0.45-h64`; `8x8-K0.45` without layers. */
function derivedName(data: DataSource, hidden: readonly number[], seed: string): string {
  const source = isFileSource(data)
    ? basename(data.path)
    : `${data.lattice}-K${Number(data.coupling.toPrecision(6))}`;
  const layers = hidden.length === 0 ? "" : `-h${hidden.join("-")}`;
  const name = `${source}${layers}${seed === "1" ? "" : `-seed${seed}`}`;
  return name.replace(/[^\w.=+-]+/g, "_");
}
